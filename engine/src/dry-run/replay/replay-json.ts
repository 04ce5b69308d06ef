import { formatDuration } from '../../policy/duration.js';
import { formatInstant } from '../../policy/instant.js';
import type { ReplayReport } from './replay-report.js';

const INSTANTS: ReadonlySet<string> = new Set([
  'from',
  'until',
  'firstDetected',
  'firstRefusal',
  'lastSeen',
  'day',
] satisfies (keyof ReplayReport | keyof ReplayReport['servers'][number] | keyof ReplayReport['days'][number])[]);
const DURATIONS: ReadonlySet<string> = new Set(['shift', 'longestDelay']);

/** A replay as JSON text: instants in RFC 3339, durations as policies write them. */
export function replayJson(report: ReplayReport): string {
  const readable = (key: string, value: unknown) => {
    if (typeof value !== 'number') return value;
    if (INSTANTS.has(key)) return formatInstant(value as never);
    return DURATIONS.has(key) ? formatDuration(value as never) : value;
  };
  return `${JSON.stringify(report, readable, 2)}\n`;
}
