import { parseMinutesPerHour } from '@sluice/engine/policy/hourly-rate.js';
import { type EpochMillis, epochMillis, formatInstant } from '@sluice/engine/policy/instant.js';
import { CompletionItemKind } from 'vscode-languageserver';
import { explainDuration, explainInstant } from '../explain/explain-time.js';
import { counted } from '../explain/words.js';
import type { Proposal } from './proposal.js';
import { asValue } from './propose-words.js';

const DAY_MILLIS = 86_400_000;
const DATES: readonly (readonly [days: number, words: string])[] = [
  [0, 'today'],
  [30, 'in 30 days'],
  [90, 'in 90 days'],
  [365, 'in a year'],
];
const RATES: readonly string[] = ['5m/h', '10m/h', '20m/h', '30m/h', 'always'];
const DAYS: readonly string[] = ['30d', '60d', '90d', '180d', '365d'];
/** What is counted within a time is counted by the hour, for a day at most. */
const HOURS: readonly string[] = ['1h', '6h', '12h', '24h'];

/** The day of an instant, as it is written. */
export function dateOf(instant: EpochMillis, days = 0): string {
  return formatInstant(epochMillis(instant + days * DAY_MILLIS)).slice(0, 10);
}

/** Today and some days to come, at midnight UTC. */
export function proposeDates(now: EpochMillis): Proposal[] {
  return DATES.map(([days, detail]) => {
    const label = dateOf(now, days);
    return { ...quantity(label, explainInstant(label, now)), detail };
  });
}

export function proposeRates(description: string): Proposal[] {
  return RATES.map((label) => {
    const minutes = parseMinutesPerHour(label) ?? 0;
    return { ...quantity(label, description), detail: `${counted(minutes * 24, 'minute')} a day` };
  });
}

/** @param keys the keys that lead to it */
export function proposeDurations(description: string, keys: readonly (string | number)[]): Proposal[] {
  const days = keys.at(-1) === 'after' ? ['0d', ...DAYS] : DAYS;
  const labels = keys.includes('thresholds') ? HOURS : days;
  return labels.map((label) => quantity(label, explainDuration(label, description)));
}

function quantity(label: string, documentation = label): Proposal {
  return { label, kind: CompletionItemKind.Value, put: asValue(label), documentation };
}
