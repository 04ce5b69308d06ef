import { type DurationMillis, parseDuration } from '@sluice/engine/policy/duration.js';
import { type EpochMillis, formatInstant, parseInstant } from '@sluice/engine/policy/instant.js';
import { paragraphs } from './markdown.js';
import { distanceWords, durationWords } from './words.js';

const HOUR_MILLIS = 3_600_000;

const DAY_OF_WEEK = new Intl.DateTimeFormat('en', { weekday: 'long', timeZone: 'UTC' });

/** An instant in full, with its day of the week and its distance from now; undefined for a text that is none. */
export function explainInstant(text: string, now: EpochMillis): string | undefined {
  const instant = parseInstant(text);
  if (instant === undefined) return undefined;
  const exact = formatInstant(instant).replace('T', ' ').replace('Z', ' UTC');
  return `**${exact}**, a ${DAY_OF_WEEK.format(instant)}, ${distanceWords(instant, now)}`;
}

/** A duration in full words; undefined for a text that is none. */
export function explainDuration(text: string, more?: string): string | undefined {
  const duration = parseDuration(text);
  if (duration === undefined) return undefined;
  return paragraphs(`**${durationWords(duration)}**${inHours(duration)}`, more);
}

function inHours(duration: DurationMillis): string {
  const hours = duration / HOUR_MILLIS;
  return hours > 24 && Number.isInteger(hours) ? ` (${hours.toLocaleString('en')} hours)` : '';
}
