import { type EpochMillis, formatInstant } from '../../policy/instant.js';

/** Most octets of a line without its end (RFC 5545 §3.1). */
const MAX_LINE_OCTETS = 75;

/** A moment in a calendar; it takes no time and makes nobody busy. */
export interface CalendarEvent {
  /** The same in each calendar that tells of this event, so that an import moves it instead of adding it again. */
  readonly uid: string;
  readonly at: EpochMillis;
  readonly summary: string;
  readonly description: string;
}

export interface Calendar {
  readonly name: string;
  /** When what it tells was worked out. */
  readonly stamp: EpochMillis;
  readonly events: readonly CalendarEvent[];
}

/** A calendar as iCalendar text (RFC 5545). */
export function formatICalendar({ name, stamp, events }: Calendar): string {
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Sluice//sluice forecast//EN',
    'CALSCALE:GREGORIAN',
    `X-WR-CALNAME:${escapeText(name)}`,
    ...events.flatMap((event) => eventLines(event, stamp)),
    'END:VCALENDAR',
  ];
  return lines.map((line) => `${foldLine(line)}\r\n`).join('');
}

function eventLines({ uid, at, summary, description }: CalendarEvent, stamp: EpochMillis): string[] {
  return [
    'BEGIN:VEVENT',
    `UID:${escapeText(uid)}`,
    `DTSTAMP:${dateTime(stamp)}`,
    `DTSTART:${dateTime(at)}`,
    `SUMMARY:${escapeText(summary)}`,
    `DESCRIPTION:${escapeText(description)}`,
    'TRANSP:TRANSPARENT',
    'END:VEVENT',
  ];
}

/** A date with time in UTC, to the second (RFC 5545 §3.3.5): `20260908T143000Z`. */
function dateTime(instant: EpochMillis): string {
  return formatInstant(instant).replace(/\.\d+/, '').replace(/[-:]/g, '');
}

/** A value of type TEXT (RFC 5545 §3.3.11); control characters that it may not hold are left out. */
export function escapeText(text: string): string {
  return text
    .replace(/[\\;,]/g, (character) => `\\${character}`)
    .replace(/\r\n|\r|\n/g, '\\n')
    .replace(/(?!\t)\p{Cc}/gu, '');
}

/** Folds a line so that none is longer than 75 octets of UTF-8, and none breaks within a character (RFC 5545 §3.1). */
export function foldLine(line: string): string {
  const folded: string[] = [];
  let part = '';
  let octets = 0;
  for (const character of line) {
    const length = Buffer.byteLength(character);
    if (octets + length > MAX_LINE_OCTETS) {
      folded.push(part);
      part = '';
      // The space with which a continued line begins counts as well.
      octets = 1;
    }
    part += character;
    octets += length;
  }
  return [...folded, part].join('\r\n ');
}
