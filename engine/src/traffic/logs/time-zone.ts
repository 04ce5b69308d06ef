const QUARTER_MILLIS = 15 * 60_000;

/** The time of clocks on the wall, as logs without a zone write it. */
export class TimeZone {
  readonly #format: Intl.DateTimeFormat | undefined;
  #quarter = Number.NaN;
  #offsetMillis = 0;

  /**
   * @param name of the IANA data base
   * @throws RangeError where there is no such zone
   */
  constructor(name = 'UTC') {
    const isUtc = name === 'UTC';
    this.#format = isUtc ? undefined : new Intl.DateTimeFormat('en-US', { timeZone: name, ...PARTS });
  }

  /**
   * The instant at which a clock shows the time, which is given as if it were UTC. Of an hour that comes twice it is the
   * first, of one that is left out the one after.
   */
  utcOf(localMillis: number): number {
    if (this.#format === undefined) return localMillis;
    const quarter = Math.floor(localMillis / QUARTER_MILLIS);
    if (quarter !== this.#quarter) {
      const before = offsetAt(this.#format, quarter * QUARTER_MILLIS - 86_400_000);
      const isBefore = offsetAt(this.#format, quarter * QUARTER_MILLIS - before) === before;
      this.#offsetMillis = isBefore ? before : offsetAt(this.#format, quarter * QUARTER_MILLIS - before);
      this.#quarter = quarter;
    }
    return localMillis - this.#offsetMillis;
  }
}

const PARTS = {
  hourCycle: 'h23',
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: 'numeric',
  minute: 'numeric',
  second: 'numeric',
} as const;

function offsetAt(format: Intl.DateTimeFormat, utcMillis: number): number {
  const parts = new Map<string, number>(
    format.formatToParts(utcMillis).map(({ type, value }) => [type, Number(value)]),
  );
  const part = (name: string) => parts.get(name) ?? 0;
  const shown = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  return shown - utcMillis;
}
