import { type EpochMillis, epochMillis, parseInstant } from '../../policy/instant.js';

const [ZERO, DASH, PLUS, COLON, DOT, BLANK] = [0x30, 0x2d, 0x2b, 0x3a, 0x2e, 0x20];
const [UPPER_T, LOWER_T, UPPER_Z, LOWER_Z] = [0x54, 0x74, 0x5a, 0x7a];
const DAYS_BEFORE_MONTH = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
const DAYS_OF_MONTH = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * Reads an RFC 3339 date and time from octets, as {@link parseInstant} does from text, in a tenth of the time.
 *
 * @returns undefined where the octets are no such date
 */
export function instantOfOctets(octets: Buffer, start: number, end: number): EpochMillis | undefined {
  const usual = usualInstant(octets, start, end);
  return usual ?? (end - start > 40 ? undefined : parseInstant(octets.toString('latin1', start, end)));
}

/** Days since 1970-01-01 in the Gregorian calendar; undefined for a day that there is not. `month` from 1. */
export function dayNumber(year: number, month: number, day: number): number | undefined {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  // What is no number is in no range.
  if (!(year >= 0 && month >= 1 && month <= 12)) return undefined;
  if (!(day >= 1 && day <= (DAYS_OF_MONTH[month - 1] ?? 0))) return undefined;
  if (month === 2 && day === 29 && !isLeap) return undefined;
  const before = year - 1;
  const leapDays = Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400);
  const ofYear = (DAYS_BEFORE_MONTH[month - 1] ?? 0) + (isLeap && month > 2 ? 1 : 0) + day;
  return before * 365 + leapDays + ofYear - 719_163;
}

/** The number that two digits write; NaN where they are none. */
export function twoDigits(octets: Buffer, at: number): number {
  const [tens, ones] = [(octets[at] ?? 0) - ZERO, (octets[at + 1] ?? 0) - ZERO];
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

/** Milliseconds of the day that `HH:MM:SS` writes; undefined where it is no time of day. */
export function timeOfDay(octets: Buffer, at: number): number | undefined {
  const [hour, minute, second] = [twoDigits(octets, at), twoDigits(octets, at + 3), twoDigits(octets, at + 6)];
  if (octets[at + 2] !== COLON || octets[at + 5] !== COLON) return undefined;
  return hour <= 23 && minute <= 59 && second <= 59 ? (hour * 3600 + minute * 60 + second) * 1000 : undefined;
}

/** A date and time with seconds and a zone, as nearly every log writes it. */
function usualInstant(octets: Buffer, start: number, end: number): EpochMillis | undefined {
  const time = localTimeOf(octets, start, end);
  if (time === undefined) return undefined;
  let at = start + 19;
  let millis = time;
  if (octets[at] === DOT) {
    const fraction = fractionEnd(octets, at + 1, end);
    if (fraction === at + 1 || fraction > at + 10) return undefined;
    for (let place = 100, digit = at + 1; digit < fraction && place >= 1; digit++, place /= 10) {
      millis += ((octets[digit] ?? 0) - ZERO) * place;
    }
    at = fraction;
  }
  const offset = zoneOffset(octets, at, end);
  return offset === undefined ? undefined : epochMillis(millis - offset);
}

/** Reads `2026-09-08T14:30:00`, with `T`, `t` or a blank, as if it were UTC; undefined where the octets do not begin so. */
export function localTimeOf(octets: Buffer, start: number, end: number): number | undefined {
  const separator = octets[start + 10];
  if (end - start < 19 || octets[start + 4] !== DASH || octets[start + 7] !== DASH) return undefined;
  if (separator !== UPPER_T && separator !== BLANK && separator !== LOWER_T) return undefined;
  const year = twoDigits(octets, start) * 100 + twoDigits(octets, start + 2);
  const day = dayNumber(year, twoDigits(octets, start + 5), twoDigits(octets, start + 8));
  const time = timeOfDay(octets, start + 11);
  return day === undefined || time === undefined ? undefined : day * 86_400_000 + time;
}

function fractionEnd(octets: Buffer, start: number, end: number): number {
  let at = start;
  while (at < end && (octets[at] ?? 0) >= ZERO && (octets[at] ?? 0) <= ZERO + 9) at++;
  return at;
}

function zoneOffset(octets: Buffer, at: number, end: number): number | undefined {
  const sign = octets[at];
  if (end - at === 1) return sign === UPPER_Z || sign === LOWER_Z ? 0 : undefined;
  if (end - at !== 6 || (sign !== PLUS && sign !== DASH) || octets[at + 3] !== COLON) return undefined;
  const [hours, minutes] = [twoDigits(octets, at + 1), twoDigits(octets, at + 4)];
  if (!(hours <= 23 && minutes <= 59)) return undefined;
  return (hours * 60 + minutes) * 60_000 * (sign === PLUS ? 1 : -1);
}
