/** A point in time: milliseconds since 1970-01-01T00:00:00Z. */
export type EpochMillis = number & { readonly [epochBrand]: true };
declare const epochBrand: unique symbol;

const INSTANT = /^(\d{4})-(\d{2})-(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?([Zz]|[+-]\d{2}:\d{2}))?$/;

/** Marks a number of milliseconds since the epoch as an instant. */
export function epochMillis(value: number): EpochMillis {
  return value as EpochMillis;
}

/**
 * Reads an RFC 3339 date (`2023-05-10`, midnight UTC) or date and time with its zone (`2023-05-10T08:00:00Z`).
 *
 * @returns undefined where the text is no such date, 30 February included
 */
export function parseInstant(text: string): EpochMillis | undefined {
  const match = INSTANT.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '0', zone = 'Z'] = match;
  const date = new Date(`${year}-${month}-${day}T00:00:00Z`);
  const rolledOver = Number.isNaN(date.getTime()) || date.getUTCDate() !== Number(day);
  if (rolledOver || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const millis = Date.parse(
    `${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction.slice(0, 3).padEnd(3, '0')}${zone.toUpperCase()}`,
  );
  return Number.isNaN(millis) ? undefined : epochMillis(millis);
}

/** Writes an instant as RFC 3339 in UTC, without a fraction of zero: `2023-05-10T08:00:00Z`. */
export function formatInstant(instant: EpochMillis): string {
  return new Date(instant).toISOString().replace('.000Z', 'Z');
}
