import { type EpochMillis, epochMillis, formatInstant, parseInstant } from '@sluice/engine/policy/instant.js';

const DATE_LENGTH = 'yyyy-mm-dd'.length;

/** The same day a year later, as a date; 28 February for the 29th. */
export function yearAfter(instant: EpochMillis): string {
  const date = formatInstant(instant).slice(0, DATE_LENGTH);
  const later = `${Number(date.slice(0, 4)) + 1}${date.slice(4)}`;
  return parseInstant(later) === undefined ? later.replace('02-29', '02-28') : later;
}

/** A year behind an end that is near, a year from now behind one that has passed. */
export function extendedEnd(until: EpochMillis, now: EpochMillis): string {
  return yearAfter(epochMillis(Math.max(until, now)));
}
