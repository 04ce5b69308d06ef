import { type Decision, type EpochMillis, type ServerRecord, type Window, windowOffsetSeconds } from '@sluice/engine';
import { STAGES } from '../policy-files.js';
import type { Case, Rule } from '../population.js';

const HOUR_MILLIS = 3_600_000;
const MINUTE_MILLIS = 60_000;
const DAY_MILLIS = 86_400_000;
const STAGES_MILLIS = STAGES.map((stage) => ({ ...stage, after: stage.afterDays * DAY_MILLIS }));

/** What stays the same in every decision by one policy. */
export interface PlainPolicy {
  readonly name: string;
  readonly source: NonNullable<Decision['source']>;
}

/** What a decision tells of a policy. */
export function plainPolicyOf({ name }: Rule): PlainPolicy {
  return { name, source: { file: `${name}.policy.json`, line: 1, column: 1 } };
}

/** What stays the same in every decision. */
export interface PlainSettings {
  readonly revision: string;
  readonly gatewayName: string;
}

/**
 * The decision by a policy that was found, by plain code that knows these stages only: stage, window, reply. It gives the
 * same object as Sluice for the populations here, which have no thresholds, pauses, modes or exemptions.
 */
export function plainDecision(
  policy: PlainPolicy | undefined,
  { record, now }: Pick<Case, 'record' | 'now'>,
  connector: string,
  settings: PlainSettings,
): Decision {
  const { revision } = settings;
  if (policy === undefined) return { action: 'accept', connector, server: record.id, revision };
  const elapsed = Math.max(0, now - (record.firstDetected ?? now));
  let index = STAGES_MILLIS.length - 1;
  while (index > 0 && (STAGES_MILLIS[index]?.after ?? 0) > elapsed) index--;
  const stage = STAGES_MILLIS[index];
  if (stage === undefined) throw new Error('there is a first stage');
  const window = windowOf(stage, record, now);
  const next = STAGES_MILLIS[index + 1];
  const decision = {
    action: window === undefined || window.phase === 'open' ? 'accept' : window.phase,
    policy: policy.name,
    stage: stage.name,
    mode: 'enforce',
    elapsed,
    source: policy.source,
    connector,
    server: record.id,
    revision,
  } as { -readonly [K in keyof Decision]: Decision[K] };
  if (window !== undefined) decision.window = window;
  if (next !== undefined) decision.next = { stage: next.name, at: (now + next.after - elapsed) as EpochMillis };
  if (decision.action !== 'accept') decision.reply = replyOf(decision.action, stage, settings.gatewayName);
  return decision;
}

type Stage = (typeof STAGES_MILLIS)[number];

function windowOf({ throttle, block }: Stage, record: ServerRecord, now: EpochMillis): Window | undefined {
  const length = (throttle + block) * MINUTE_MILLIS;
  if (length === 0) return undefined;
  const since = (now - windowOffsetSeconds(record.id) * 1000) % HOUR_MILLIS;
  const phase = since < throttle * MINUTE_MILLIS ? 'throttle' : since < length ? 'block' : 'open';
  const opensAt = now - since + (phase === 'open' ? HOUR_MILLIS : 0);
  return { throttle, block, phase, opensAt, closesAt: opensAt + length } as Window;
}

function replyOf(action: 'throttle' | 'block', { throttle, block }: Stage, gatewayName: string) {
  const head = `Connecting server version is out-of-date; connection to ${gatewayName}`;
  return action === 'throttle'
    ? { code: 450, status: '4.7.230', text: `${head} throttled for ${throttle} mins/hr.` }
    : { code: 550, status: '5.7.230', text: `${head} blocked for ${block} mins/hr.` };
}
