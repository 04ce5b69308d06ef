import { type EpochMillis, epochMillis } from '../../policy/instant.js';
import { dayNumber } from './octet-instant.js';
import type { TimeZone } from './time-zone.js';

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
/** RFC 5322 §3.3 and §4.3, with the name of a zone in a comment behind it. */
const DATE =
  /^(?:[A-Za-z]{3}\s?,\s?)?(\d{1,2}) ([A-Za-z]{3}) (\d{2,4}) (\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?(?: ([+-]\d{4}|[A-Za-z]{1,4}))?(?: ?\([^()]{0,80}\))?$/;
/** `Thu Jan 25 15:16:09 2024` of ctime(3); a zone stands behind it, or before the year. */
const FROM_LINE_DATE =
  /\s(?:[A-Z][a-z]{2}) ([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d{2}):(\d{2})(?::(\d{2}))?(?: ([A-Z]{1,4}|[+-]\d{4}))? (\d{4})(?: ([+-]\d{4}))?\s*$/;
const MAX_LENGTH = 160;
/** RFC 5322 §4.3; all others are as good as UTC. */
const ZONE_HOURS: Readonly<Record<string, number>> = {
  EST: -5,
  EDT: -4,
  CST: -6,
  CDT: -5,
  MST: -7,
  MDT: -6,
  PST: -8,
  PDT: -7,
};

/** Reads the date of a `Date:` or `Received:` field, unfolded; undefined where it is none. */
export function parseMessageDate(text: string): EpochMillis | undefined {
  const match = text.length > MAX_LENGTH ? null : DATE.exec(text.trim());
  if (match === null) return undefined;
  const [, day, month, year, hour, minute, second, zone] = match;
  const local = localMillis(fourDigits(year ?? ''), month, day, hour, minute, second);
  return local === undefined ? undefined : epochMillis(local - offsetMillis(zone));
}

/** Reads the date of the `From ` line of an mbox. @param zone of dates without one: they are of the clock on the wall */
export function parseFromLineDate(line: string, zone: TimeZone): EpochMillis | undefined {
  const match = FROM_LINE_DATE.exec(line.slice(-MAX_LENGTH));
  if (match === null) return undefined;
  const [, month, day, hour, minute, second, zoneBefore, year, zoneBehind] = match;
  const local = localMillis(Number(year), month, day, hour, minute, second);
  if (local === undefined) return undefined;
  const written = zoneBehind ?? zoneBefore;
  return epochMillis(written === undefined ? zone.utcOf(local) : local - offsetMillis(written));
}

/** The time as if it were UTC. */
function localMillis(year: number, month = '', day = '', hour = '', minute = '', second = '0'): number | undefined {
  const number = dayNumber(year, MONTHS.indexOf(month.toLowerCase()) + 1, Number(day));
  const isTime = Number(hour) <= 23 && Number(minute) <= 59 && Number(second) <= 60;
  if (number === undefined || !isTime) return undefined;
  return (number * 86_400 + Number(hour) * 3600 + Number(minute) * 60 + Number(second)) * 1000;
}

/** Years of two and three digits (RFC 5322 §4.3). */
function fourDigits(year: string): number {
  if (year.length === 2) return Number(year) + (Number(year) < 50 ? 2000 : 1900);
  return Number(year) + (year.length === 3 ? 1900 : 0);
}

function offsetMillis(zone = ''): number {
  if (!/^[+-]/.test(zone)) return (ZONE_HOURS[zone.toUpperCase()] ?? 0) * 3_600_000;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3));
  return minutes * 60_000 * (zone.startsWith('-') ? -1 : 1);
}
