import { formatDuration } from '../../policy/duration.js';
import { type EpochMillis, formatInstant } from '../../policy/instant.js';
import { csvLine } from '../csv-line.js';
import type { ReplayReport, ServerReport } from './replay-report.js';

const COLUMNS = [
  'server',
  'connector',
  'version',
  'policy',
  'stage',
  'exemption',
  'firstDetected',
  'firstRefusal',
  'lastSeen',
  'accept',
  'throttle',
  'block',
  'refusedConnections',
  'refusedMessages',
  'longestDelay',
  'lostAfterRetry',
] as const satisfies readonly (keyof ServerReport)[];

/** The servers of a replay as CSV, all of them. */
export function replayCsv({ servers }: ReplayReport): string {
  return [csvLine(COLUMNS), ...servers.map(serverLine)].join('');
}

function serverLine(server: ServerReport): string {
  const instants = {
    firstDetected: instantText(server.firstDetected),
    firstRefusal: instantText(server.firstRefusal),
    lastSeen: formatInstant(server.lastSeen),
    longestDelay: server.longestDelay === undefined ? undefined : formatDuration(server.longestDelay),
  };
  const texts = { ...server, ...instants };
  return csvLine(COLUMNS.map((column) => texts[column]));
}

function instantText(instant: EpochMillis | undefined): string | undefined {
  return instant === undefined ? undefined : formatInstant(instant);
}
