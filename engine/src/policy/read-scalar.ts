import { type DocumentNode, entryOf, textOf } from './document-node.js';
import { type DurationMillis, parseDuration } from './duration.js';
import { type MinutesPerHour, minutesPerHour, parseMinutesPerHour } from './hourly-rate.js';
import { type EpochMillis, parseInstant } from './instant.js';
import type { Report } from './report.js';

/** Reads the instant under a key; undefined where there is none or it is wrong, which is then reported. */
export function instantEntry(parent: DocumentNode, key: string, report: Report): EpochMillis | undefined {
  const node = entryOf(parent, key);
  const text = textOf(node);
  if (node === undefined || text === undefined) return undefined;
  const instant = parseInstant(text);
  if (instant === undefined) {
    const message = `"${text}" is no instant; a date such as 2026-09-08 or an RFC 3339 instant was expected.`;
    report.add('instant-syntax', node, message, 'Add the zone: 2026-09-08T14:30:00Z.');
  }
  return instant;
}

/** Reads the duration under a key; undefined where there is none or it is wrong, which is then reported. */
export function durationEntry(
  parent: DocumentNode | undefined,
  key: string,
  report: Report,
): DurationMillis | undefined {
  const node = entryOf(parent, key);
  const text = textOf(node);
  if (node === undefined || text === undefined) return undefined;
  const duration = parseDuration(text);
  if (duration === undefined) {
    const message = `"${text}" is no duration; whole numbers with w, d, h, m, s were expected, from long to short.`;
    report.add('duration-syntax', node, message, 'For example 30d or 1d12h.');
  }
  return duration;
}

/** Reads the minutes of every hour under a key; 0 where there is none. */
export function rateEntry(parent: DocumentNode, key: string, report: Report): MinutesPerHour {
  const node = entryOf(parent, key);
  const text = textOf(node);
  if (node === undefined || text === undefined) return minutesPerHour(0);
  const rate = parseMinutesPerHour(text);
  if (rate === undefined) {
    const message = `"${text}" is no part of an hour; whole minutes from 0m/h to 60m/h or always were expected.`;
    report.add('rate-syntax', node, message, 'For example 5m/h.');
  }
  return rate ?? minutesPerHour(0);
}
