/** Minutes of every hour, a whole number from 0 to 60. */
export type MinutesPerHour = number & { readonly [rateBrand]: true };
declare const rateBrand: unique symbol;

const RATE = /^(\d{1,2})m\/h$/;

/** Marks a number from 0 to 60 as minutes of every hour. */
export function minutesPerHour(value: number): MinutesPerHour {
  return value as MinutesPerHour;
}

/** Reads `5m/h`, or `always` for the whole hour; undefined where the text is neither. */
export function parseMinutesPerHour(text: string): MinutesPerHour | undefined {
  if (text === 'always') return minutesPerHour(60);
  const minutes = Number(RATE.exec(text)?.[1] ?? Number.NaN);
  return minutes <= 60 ? minutesPerHour(minutes) : undefined;
}
