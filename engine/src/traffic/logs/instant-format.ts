import { type EpochMillis, epochMillis, parseInstant } from '../../policy/instant.js';
import { dayNumber } from './octet-instant.js';
import type { TimeZone } from './time-zone.js';

/** Formats of instants by name; every other one is a pattern. */
export const INSTANT_FORMATS = ['rfc3339', 'epoch-seconds', 'epoch-millis'] as const;

/** Reads an instant; undefined where the text is none in the format. */
export type InstantReader = (text: string) => EpochMillis | undefined;

/** Longest text that is looked at. */
const MAX_LENGTH = 100;
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const LAST_INSTANT = 253_402_300_799_999;

/** What the letters of a pattern stand for (Unicode LDML). */
const TOKENS: Readonly<Record<string, { readonly part: Part; readonly expression: string }>> = {
  yyyy: { part: 'year', expression: '\\d{4}' },
  MMM: { part: 'monthName', expression: '[A-Za-z]{3}' },
  MM: { part: 'month', expression: '\\d{2}' },
  M: { part: 'month', expression: '\\d{1,2}' },
  dd: { part: 'day', expression: '\\d{2}' },
  d: { part: 'day', expression: '\\d{1,2}' },
  HH: { part: 'hour', expression: '\\d{2}' },
  H: { part: 'hour', expression: '\\d{1,2}' },
  hh: { part: 'halfDayHour', expression: '\\d{2}' },
  h: { part: 'halfDayHour', expression: '\\d{1,2}' },
  a: { part: 'halfDay', expression: '[AaPp][Mm]' },
  mm: { part: 'minute', expression: '\\d{2}' },
  ss: { part: 'second', expression: '\\d{2}' },
  S: { part: 'fraction', expression: '\\d{1,9}' },
  X: { part: 'zone', expression: 'Z|[+-]\\d{2}(?::?\\d{2})?' },
};
type Part =
  | 'year'
  | 'monthName'
  | 'month'
  | 'day'
  | 'hour'
  | 'halfDayHour'
  | 'halfDay'
  | 'minute'
  | 'second'
  | 'fraction'
  | 'zone';
type Parts = Readonly<Partial<Record<Part, string>>>;

/** What is wrong with the name of a format or its pattern; undefined where nothing is. */
export function instantFormatProblem(format: string): string | undefined {
  if (isNamed(format)) return undefined;
  const pattern = compile(format);
  return typeof pattern === 'string' ? pattern : undefined;
}

/**
 * Makes the reader of a format.
 *
 * @param format one of {@link INSTANT_FORMATS}, or a pattern such as `dd.MM.yyyy HH:mm:ss`
 * @param zone of patterns without one
 * @throws Error where {@link instantFormatProblem} tells one
 */
export function instantReader(format: string, zone: TimeZone): InstantReader {
  if (format === 'rfc3339') return parseInstant;
  if (format === 'epoch-seconds') return (text) => epochInstant(text, 1000);
  if (format === 'epoch-millis') return (text) => epochInstant(text, 1);
  const pattern = compile(format);
  if (typeof pattern === 'string') throw new Error(pattern);
  return (text) => {
    const parts = text.length > MAX_LENGTH ? undefined : pattern.exec(text.trim())?.groups;
    return parts === undefined ? undefined : instantOf(parts, zone);
  };
}

function isNamed(format: string): boolean {
  return (INSTANT_FORMATS as readonly string[]).includes(format);
}

function epochInstant(text: string, millis: number): EpochMillis | undefined {
  if (!/^\d{1,15}(?:\.\d{1,9})?$/.test(text)) return undefined;
  const instant = Math.round(Number(text) * millis);
  return instant <= LAST_INSTANT ? epochMillis(instant) : undefined;
}

/** @returns what is wrong, where no expression can be made */
function compile(format: string): RegExp | string {
  const parts = new Set<Part>();
  let expression = '';
  for (const [piece] of format.matchAll(/'[^']*'|([A-Za-z])\1*|[^A-Za-z']|'/g)) {
    const token = TOKENS[piece.startsWith('S') ? 'S' : piece.startsWith('X') ? 'X' : piece];
    if (token === undefined) {
      if (/^[A-Za-z]/.test(piece)) return `${piece} stands for nothing in a pattern. ${PATTERN_HINT}`;
      expression += literal(piece);
      continue;
    }
    if (parts.has(token.part)) return `${piece} stands in the pattern twice.`;
    parts.add(token.part);
    expression += `(?<${token.part}>${token.expression})`;
  }
  const isWhole = parts.has('year') && parts.has('day') && (parts.has('month') || parts.has('monthName'));
  return isWhole ? new RegExp(`^${expression}$`) : `The pattern has no year, month and day. ${PATTERN_HINT}`;
}

const PATTERN_HINT = `Write a pattern such as dd.MM.yyyy HH:mm:ss, or one of ${INSTANT_FORMATS.join(', ')}.`;

function literal(piece: string): string {
  const text = piece.length > 2 && piece.startsWith("'") ? piece.slice(1, -1) : piece;
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

function instantOf(parts: Parts, zone: TimeZone): EpochMillis | undefined {
  const month = parts.month === undefined ? MONTHS.indexOf(parts.monthName?.toLowerCase() ?? '') + 1 : parts.month;
  const day = dayNumber(Number(parts.year), Number(month), Number(parts.day));
  const [hour, minute, second] = [hourOf(parts), Number(parts.minute ?? 0), Number(parts.second ?? 0)];
  if (day === undefined || hour === undefined || minute > 59 || second > 59) return undefined;
  const fraction = Math.floor(Number(`0.${parts.fraction ?? 0}`) * 1000);
  const local = (day * 86_400 + hour * 3600 + minute * 60 + second) * 1000 + fraction;
  return epochMillis(parts.zone === undefined ? zone.utcOf(local) : local - offsetMillis(parts.zone));
}

function hourOf({ hour, halfDayHour, halfDay }: Parts): number | undefined {
  if (halfDayHour === undefined) return Number(hour ?? 0) <= 23 ? Number(hour ?? 0) : undefined;
  const number = Number(halfDayHour);
  if (number < 1 || number > 12) return undefined;
  return (number % 12) + (halfDay?.toLowerCase() === 'pm' ? 12 : 0);
}

function offsetMillis(zone: string): number {
  if (zone === 'Z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3).replace(':', ''));
  return minutes * 60_000 * (zone.startsWith('-') ? -1 : 1);
}
