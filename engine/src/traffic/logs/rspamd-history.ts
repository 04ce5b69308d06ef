import { type EpochMillis, epochMillis } from '../../policy/instant.js';
import { outcomeOf, type RspamdTask } from './rspamd-task.js';

/** A row of rspamd's history. */
export interface RspamdRow extends RspamdTask {
  readonly at: EpochMillis;
}

/** The last instant that a date can have. */
const MAX_SECONDS = 8_640_000_000_000;

/**
 * Reads rows of rspamd's history: one row as a JSON object, a list of rows, or an object with `rows`, as its web interface
 * gives them.
 *
 * @returns what is wrong with it, where it is no history
 */
export function parseRspamdHistory(text: string): readonly RspamdRow[] | string {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return 'no JSON';
  }
  const rows = isMap(json) && Array.isArray(json['rows']) ? json['rows'] : Array.isArray(json) ? json : [json];
  const read = rows.flatMap((row: unknown) => readRow(row) ?? []);
  return read.length < rows.length ? 'a row of history without unix_time or action' : read;
}

function readRow(row: unknown): RspamdRow | undefined {
  if (!isMap(row)) return undefined;
  const { unix_time: seconds, action, sender_smtp: sender, rcpt_smtp: recipients, ip, size } = row;
  if (typeof seconds !== 'number' || !(Math.abs(seconds) <= MAX_SECONDS) || typeof action !== 'string')
    return undefined;
  return {
    at: epochMillis(Math.floor(seconds * 1000)),
    queueId: undefined,
    address: typeof ip === 'string' ? ip : undefined,
    sender: typeof sender === 'string' ? sender : undefined,
    size: typeof size === 'number' && Number.isSafeInteger(size) && size >= 0 ? size : undefined,
    recipients: Array.isArray(recipients) ? recipients.length : undefined,
    outcome: outcomeOf(action),
  };
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
