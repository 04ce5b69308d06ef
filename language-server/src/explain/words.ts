import { instantWords } from '@sluice/engine/decision/diff/change-words.js';
import type { DurationMillis } from '@sluice/engine/policy/duration.js';
import type { EpochMillis } from '@sluice/engine/policy/instant.js';

const HOUR_MILLIS = 3_600_000;
const DAY_MILLIS = 24 * HOUR_MILLIS;

/** `1 build`, `1,204 builds`. */
export function counted(count: number, thing: string): string {
  return `${count.toLocaleString('en')} ${thing}${count === 1 ? '' : 's'}`;
}

/** `a, b and c`. */
export function listed(items: readonly string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

/** The first items, and how many more there are. */
export function listedFirst(items: readonly string[], most: number): string {
  const hidden = items.length - most;
  return hidden > 0 ? `${items.slice(0, most).join(', ')} and ${hidden} more` : items.join(', ');
}

/** A duration in full words: `1 day and 12 hours`. */
export function durationWords(duration: DurationMillis): string {
  let rest: number = duration;
  const parts: string[] = [];
  for (const [unit, length] of UNITS) {
    const count = Math.floor(rest / length);
    rest -= count * length;
    if (count > 0) parts.push(counted(count, unit));
  }
  return parts.length === 0 ? 'no time' : listed(parts);
}

const UNITS = [
  ['day', DAY_MILLIS],
  ['hour', HOUR_MILLIS],
  ['minute', 60_000],
  ['second', 1_000],
] as const;

/** A time on a server's clock: `day 30`, or `1 day and 12 hours` where that is no whole day. */
export function clockWords(elapsed: DurationMillis): string {
  return elapsed % DAY_MILLIS === 0 ? `day ${elapsed / DAY_MILLIS}` : durationWords(elapsed);
}

/** How far an instant is from now, in days: `in 204 days`, `329 days ago`, `today`. */
export function distanceWords(instant: EpochMillis, now: EpochMillis): string {
  const days = Math.floor(instant / DAY_MILLIS) - Math.floor(now / DAY_MILLIS);
  if (days === 0) return 'today';
  return days > 0 ? `in ${counted(days, 'day')}` : `${counted(-days, 'day')} ago`;
}

/** A date with its distance: `2027-03-31 (in 204 days)`. */
export function datedWords(instant: EpochMillis, now: EpochMillis): string {
  return `${instantWords(instant)} (${distanceWords(instant, now)})`;
}
