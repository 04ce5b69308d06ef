/** A length of time in milliseconds, never negative. */
export type DurationMillis = number & { readonly [durationBrand]: true };
declare const durationBrand: unique symbol;

/** The units of a duration from long to short; a day is 24 hours. */
const UNITS = [
  ['w', 7 * 86_400_000],
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
] as const;

const DURATION = /^(?:(\d{1,9})w)?(?:(\d{1,9})d)?(?:(\d{1,9})h)?(?:(\d{1,9})m)?(?:(\d{1,9})s)?$/;

/** The longest duration that can be written: 1,000 years. */
export const MAX_DURATION = durationMillis(365_250 * 86_400_000);

/** Marks a number of milliseconds as a duration. */
export function durationMillis(value: number): DurationMillis {
  return value as DurationMillis;
}

/**
 * Reads `30d`, `12h`, `90m`, `1d12h`, `2w`: whole numbers with the units w, d, h, m, s, from long to short.
 *
 * @returns undefined where the text is no duration or is longer than {@link MAX_DURATION}
 */
export function parseDuration(text: string): DurationMillis | undefined {
  const match = DURATION.exec(text);
  if (match === null || text === '') return undefined;
  let millis = 0;
  for (const [index, [, length]] of UNITS.entries()) millis += Number(match[index + 1] ?? 0) * length;
  return millis > MAX_DURATION ? undefined : durationMillis(millis);
}

/** Writes a duration in days, hours, minutes and seconds: `35d2h`; below a second it is `0s`. */
export function formatDuration(duration: DurationMillis): string {
  let rest = Math.floor(duration / 1000) * 1000;
  let text = '';
  for (const [unit, length] of UNITS.slice(1)) {
    const count = Math.floor(rest / length);
    rest -= count * length;
    if (count > 0) text += `${count}${unit}`;
  }
  return text === '' ? '0s' : text;
}
