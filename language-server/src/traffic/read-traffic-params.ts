import { type DurationMillis, durationMillis, parseDuration } from '@sluice/engine/policy/duration.js';
import { LOG_FORMATS } from '@sluice/engine/traffic/logs/log-formats.js';
import type { LogSelection } from '@sluice/engine/traffic/logs/read-log-files.js';
import type { TrafficParams } from '../protocol.js';

/** What a client asks for, checked. */
export type Traffic =
  | { readonly ok: true; readonly selection: LogSelection; readonly shift: DurationMillis }
  | { readonly ok: false; readonly problem: string };

/** Checks which logs a client wants replayed, and how; users write it into settings. */
export function readTrafficParams(params: TrafficParams): Traffic {
  const { logs, logFormat, year, timeZone, ownHosts, mapping, inventory, connector, shift } = params;
  if (logs.length === 0) return refused('No log was named.');
  const format = LOG_FORMATS.find(({ name }) => name === logFormat)?.name;
  if (logFormat !== undefined && format === undefined) {
    const known = LOG_FORMATS.map(({ name }) => name).join(', ');
    return refused(`There is no log format ${logFormat}; there are ${known}.`);
  }
  if (timeZone !== undefined && !isTimeZone(timeZone)) {
    return refused(`There is no time zone ${timeZone}; one of the IANA data base was expected, such as Europe/Berlin.`);
  }
  const moved = shift === undefined ? NO_SHIFT : parseDuration(shift);
  if (moved === undefined) return refused(`${shift} is no duration; one such as 30d was expected.`);
  const selection: LogSelection = {
    paths: logs,
    ...(format === undefined ? {} : { logFormat: format }),
    ...(year === undefined ? {} : { year }),
    ...(timeZone === undefined ? {} : { timeZone }),
    ...(ownHosts === undefined ? {} : { ownHosts }),
    ...(mapping === undefined ? {} : { mapping }),
    ...(inventory === undefined ? {} : { inventory }),
    ...(connector === undefined ? {} : { connector }),
  };
  return { ok: true, selection, shift: moved };
}

const NO_SHIFT = durationMillis(0);

function refused(problem: string): Traffic {
  return { ok: false, problem };
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}
