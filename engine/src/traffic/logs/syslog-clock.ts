import { type EpochMillis, epochMillis } from '../../policy/instant.js';
import type { LogFile, LogReadingOptions } from './log-format.js';
import { dayNumber, instantOfOctets, localTimeOf, timeOfDay } from './octet-instant.js';
import { TimeZone } from './time-zone.js';

const DAY_MILLIS = 86_400_000;
/** A leap day may be as far away, over the turn of a century without one. */
const MAX_YEARS_BACK = 8;
/** What two clocks may differ by, a file's and the log's. */
const TOLERANCE_MILLIS = DAY_MILLIS;
/** `Jan  1 14:10:16` */
const STAMP_OCTETS = 15;
const [BLANK, ZERO] = [0x20, 0x30];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const MONTH_BY_LETTERS = new Map(MONTHS.map((name, index) => [lettersOf(Buffer.from(name), 0), index + 1]));

/** A time stamp at the start of a line. */
export interface Stamp {
  at: EpochMillis;
  /** Behind the stamp and the blank after it. */
  end: number;
}

/**
 * Reads the time stamps of syslog: `Jan  1 14:10:16` (RFC 3164, without a year), RFC 3339, and a date and time without zone.
 *
 * The year of the first line is the latest in which it lies before the file was last written, or the one given; of each later
 * line it is the year that brings it nearest to the line before, so that the year turns over, and a clock that goes back does
 * not turn it.
 */
export class SyslogClock {
  readonly #zone: TimeZone;
  readonly #firstYear: number | undefined;
  readonly #stamp: Stamp = { at: epochMillis(0), end: 0 };
  #writtenBy = 0;
  /** Year of the line before. */
  #year: number | undefined;
  /** When the line before was written, by its own clock. */
  #local = 0;
  #day = { month: 0, day: 0, millis: Number.NaN };
  /** The stamp of the line before, if it had no year. */
  readonly #last = Buffer.alloc(STAMP_OCTETS);
  #hasLast = false;

  constructor({ year, timeZone }: LogReadingOptions) {
    this.#zone = new TimeZone(timeZone);
    this.#firstYear = year;
  }

  startFile({ writtenBy }: LogFile): void {
    this.#writtenBy = writtenBy;
    // A year that was given is that of the first file; the next goes on from there.
    if (this.#firstYear === undefined) this.#year = undefined;
    this.#day = { month: 0, day: 0, millis: Number.NaN };
    this.#hasLast = false;
  }

  /** @returns undefined where there is no time stamp; the same object each time */
  read(octets: Buffer, start: number, end: number): Stamp | undefined {
    const first = octets[start] ?? 0;
    return first >= ZERO && first <= ZERO + 9
      ? this.#withYear(octets, start, end)
      : this.#withoutYear(octets, start, end);
  }

  #withYear(octets: Buffer, start: number, end: number): Stamp | undefined {
    this.#hasLast = false;
    const local = localTimeOf(octets, start, end);
    if (local === undefined) return undefined;
    let stampEnd = start + 19;
    while (stampEnd < end && octets[stampEnd] !== BLANK) stampEnd++;
    const at = instantOfOctets(octets, start, stampEnd) ?? this.#withoutZone(octets, start, stampEnd, local);
    return at === undefined ? undefined : this.#found(at, octets, stampEnd);
  }

  #withoutZone(octets: Buffer, start: number, end: number, local: number): EpochMillis | undefined {
    const fraction = octets.toString('latin1', start + 19, end);
    if (!/^(?:[.,]\d{1,9})?$/.test(fraction)) return undefined;
    return epochMillis(this.#zone.utcOf(local + Math.floor(Number(`0${fraction.replace(',', '.')}`) * 1000)));
  }

  #withoutYear(octets: Buffer, start: number, end: number): Stamp | undefined {
    if (this.#isLastStamp(octets, start, end)) return this.#found(this.#stamp.at, octets, start + STAMP_OCTETS);
    const month = MONTH_BY_LETTERS.get(lettersOf(octets, start));
    if (month === undefined || octets[start + 3] !== BLANK) return undefined;
    let at = start + 4;
    if (octets[at] === BLANK) at++;
    let day = 0;
    for (; at < end && octets[at] !== BLANK && day < 100; at++) day = day * 10 + (octets[at] ?? 0) - ZERO;
    const time = timeOfDay(octets, at + 1);
    const dayMillis = time === undefined || at + 9 > end ? undefined : this.#dayMillis(month, day, time);
    if (time === undefined || dayMillis === undefined) return undefined;
    this.#local = dayMillis + time;
    this.#hasLast = at + 9 === start + STAMP_OCTETS;
    if (this.#hasLast) octets.copy(this.#last, 0, start, at + 9);
    return this.#found(epochMillis(this.#zone.utcOf(this.#local)), octets, at + 9);
  }

  /** Many lines are written within one second. */
  #isLastStamp(octets: Buffer, start: number, end: number): boolean {
    if (!this.#hasLast || start + STAMP_OCTETS > end) return false;
    const last = this.#last;
    // From behind, where stamps differ.
    for (let index = STAMP_OCTETS - 1; index >= 0; index--) if (octets[start + index] !== last[index]) return false;
    return true;
  }

  #found(at: EpochMillis, octets: Buffer, end: number): Stamp {
    this.#stamp.at = at;
    this.#stamp.end = octets[end] === BLANK ? end + 1 : end;
    return this.#stamp;
  }

  /** Start of the day in the year that fits; lines of one day come together. */
  #dayMillis(month: number, day: number, time: number): number | undefined {
    if (this.#day.month === month && this.#day.day === day) return this.#day.millis;
    const year =
      this.#year === undefined ? this.#yearOfFirst(month, day, time) : this.#nearestYear(month, day, this.#year);
    const number = year === undefined ? undefined : dayNumber(year, month, day);
    if (number === undefined) return undefined;
    this.#year = year;
    this.#day = { month, day, millis: number * DAY_MILLIS };
    return this.#day.millis;
  }

  #yearOfFirst(month: number, day: number, time: number): number | undefined {
    if (this.#firstYear !== undefined) return this.#firstYear;
    const latest = new Date(this.#writtenBy + TOLERANCE_MILLIS).getUTCFullYear();
    for (let year = latest; year >= latest - MAX_YEARS_BACK; year--) {
      const number = dayNumber(year, month, day);
      if (number === undefined) continue;
      if (this.#zone.utcOf(number * DAY_MILLIS + time) <= this.#writtenBy + TOLERANCE_MILLIS) return year;
    }
    return undefined;
  }

  #nearestYear(month: number, day: number, year: number): number | undefined {
    let nearest: number | undefined;
    let distance = Number.POSITIVE_INFINITY;
    for (const each of [year, year + 1, year - 1]) {
      const number = dayNumber(each, month, day);
      const gap = number === undefined ? distance : Math.abs(number * DAY_MILLIS - this.#local);
      if (gap >= distance) continue;
      nearest = each;
      distance = gap;
    }
    return nearest;
  }
}

function lettersOf(octets: Buffer, at: number): number {
  return ((octets[at] ?? 0) << 16) | ((octets[at + 1] ?? 0) << 8) | (octets[at + 2] ?? 0);
}
