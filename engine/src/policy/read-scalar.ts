import { type DocumentNode, entryOf, textOf } from './document-node.js';
import { type DurationMillis, parseDuration } from './duration.js';
import { type MinutesPerHour, minutesPerHour, parseMinutesPerHour } from './hourly-rate.js';
import { type EpochMillis, parseInstant } from './instant.js';
import type { Report } from './report.js';
import { durationProblem, instantProblem, rateProblem } from './value-problem.js';

/** Reads the instant under a key; undefined where there is none or it is wrong, which is then reported. */
export function instantEntry(parent: DocumentNode, key: string, report: Report): EpochMillis | undefined {
  const node = entryOf(parent, key);
  const text = textOf(node);
  if (node === undefined || text === undefined) return undefined;
  const instant = parseInstant(text);
  if (instant === undefined) report.addAt(node, instantProblem(text));
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
  if (duration === undefined) report.addAt(node, durationProblem(text));
  return duration;
}

/** Reads the minutes of every hour under a key; 0 where there is none. */
export function rateEntry(parent: DocumentNode, key: string, report: Report): MinutesPerHour {
  const node = entryOf(parent, key);
  const text = textOf(node);
  if (node === undefined || text === undefined) return minutesPerHour(0);
  const rate = parseMinutesPerHour(text);
  if (rate === undefined) report.addAt(node, rateProblem(text));
  return rate ?? minutesPerHour(0);
}
