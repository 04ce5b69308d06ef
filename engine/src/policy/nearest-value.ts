import { isDomain, normalizeDomain } from './domain.js';
import { type DurationMillis, durationMillis, formatDuration, parseDuration } from './duration.js';
import { parseMinutesPerHour } from './hourly-rate.js';
import { parseInstant } from './instant.js';
import { enclosingNetwork } from './network.js';
import { parseVersionRange } from './version-range.js';

/** What a text with a grammar of its own was most likely meant to be. Each is undefined where nothing is near. */

const AMOUNT =
  /(\d{1,6})\s*(w(?:eeks?)?|d(?:ays?)?|h(?:(?:ou)?rs?)?|m(?:in(?:ute)?s?)?|s(?:ec(?:ond)?s?)?)(?![a-z])[\s,]*(?:and\s+)?/gi;

/** `30 days` is 30d, `12h 1d` is 1d12h. */
export function nearestDuration(text: string): string | undefined {
  const bare = text.trim();
  if (bare === '' || bare.replace(AMOUNT, '') !== '') return undefined;
  let millis = 0;
  for (const [, count = '', unit = ''] of bare.matchAll(AMOUNT)) {
    millis += parseDuration(`${count}${unit.charAt(0).toLowerCase()}`) ?? Number.NaN;
  }
  const near = formatDuration(durationMillis(millis) as DurationMillis);
  return parseDuration(near) === millis ? near : undefined;
}

/** `2026-9-8` is 2026-09-08; a time without a zone is one of UTC. */
export function nearestInstant(text: string): string | undefined {
  const match =
    /^\s*(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T\s]+(\d{2}:\d{2}(?::\d{2})?)\s*(Z|[+-]\d{2}:\d{2})?)?\s*$/i.exec(text);
  if (match === null) return undefined;
  const [, year, month = '', day = '', time, zone = 'Z'] = match;
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const near = time === undefined ? date : `${date}T${time}${zone.toUpperCase()}`;
  return parseInstant(near) === undefined ? undefined : near;
}

/** `5 min/hr` and `5m` are 5m/h, `50%` is 30m/h. */
export function nearestRate(text: string): string | undefined {
  const match = /^\s*(\d{1,3})\s*(?:(%)|m(?:in(?:ute)?s?)?\s*(?:(?:\/|per)\s*h(?:(?:ou)?r)?)?|\/\s*h)\s*$/i.exec(text);
  if (match === null) return /^\s*always\s*$/i.test(text) ? 'always' : undefined;
  const count = Number(match[1]);
  const near = `${match[2] === undefined ? count : (count * 60) / 100}m/h`;
  return parseMinutesPerHour(near) === undefined ? undefined : near;
}

/** `192.0.2.1/24` is 192.0.2.0/24. */
export function nearestNetwork(text: string): string | undefined {
  return enclosingNetwork(text.trim());
}

/** `*.contoso.example` is contoso.example. */
export function nearestDomain(text: string): string | undefined {
  const near = normalizeDomain(text.trim().replace(/^@?(?:\*?\.)?/, ''));
  return isDomain(near) ? near : undefined;
}

/** `8.x, 14.x` is `8.x || 14.x`, `=>15` is `>=15`, `15.1 or newer` is `>=15.1`. */
export function nearestVersionRange(text: string): string | undefined {
  // Names of builds in quotes may have any of these words.
  if (/["']/.test(text)) return undefined;
  const near = text
    .trim()
    .replace(/\s*(?:,|\||\bor\b)\s*(?=[\dv<>=])/gi, ' || ')
    .replace(/(\|\|\s*)+/g, '|| ')
    .replace(/\s*(?:&&?|\band\b)\s*/gi, ' ')
    .replace(/^(\S+) (?:or|and) (?:newer|later|above|higher|more)$/i, '>=$1')
    .replace(/^(\S+) (?:or|and) (?:older|earlier|below|lower|less)$/i, '<=$1')
    .replace(/=>|≥/g, '>=')
    .replace(/=<|≤/g, '<=')
    .replace(/==+/g, '=')
    .replace(/\bv(?=\d)/gi, '');
  return near !== text && parseVersionRange(near).ok ? near : undefined;
}

/** A range that holds nothing: versions beside each other that were meant as alternatives, or limits the wrong way round. */
export function nonEmptyRange(text: string): string | undefined {
  const parts = text.trim().split(/\s+/);
  const limits = /^(>=?)\s*([\d.x]+)\s+(<=?)\s*([\d.x]+)$/.exec(text.trim());
  const near = parts.every((part) => /^\d[\d.xX*]*$/.test(part))
    ? parts.join(' || ')
    : limits === null
      ? undefined
      : `${limits[1]}${limits[4]} ${limits[3]}${limits[2]}`;
  return near !== undefined && parseVersionRange(near).ok ? near : undefined;
}
