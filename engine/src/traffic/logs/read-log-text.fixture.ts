import { readFileSync } from 'node:fs';
import { formatFactValue } from '../../decision/format-facts.js';
import { FACTS } from '../../policy/fact.js';
import { type EpochMillis, formatInstant, parseInstant } from '../../policy/instant.js';
import type { LogFormatName } from './log-format.js';
import type { LogRecord, MailOutcome } from './log-record.js';
import type { LogReport } from './log-report.js';
import type { LogSource } from './log-source.js';
import { type ReadLogsOptions, readLogs } from './read-logs.js';

/** When the logs of the tests were written, unless they say otherwise. */
export const WRITTEN_BY = parseInstant('2026-12-31T12:00:00Z') as EpochMillis;

/** A log that a test has in memory, handed over in parts. */
export function logSourceOf(
  content: string | Buffer,
  { name = 'log', writtenBy = WRITTEN_BY, partOctets = 65_536 } = {},
): LogSource {
  const octets = Buffer.from(content);
  async function* parts() {
    for (let start = 0; start < octets.length; start += partOctets) yield octets.subarray(start, start + partOctets);
  }
  return { name, writtenBy, open: parts, isOnce: false };
}

/** Reads logs as one format, or as what they are recognised as. */
export async function readLogText(
  contents: string | Buffer | readonly LogSource[],
  format?: LogFormatName,
  options: ReadLogsOptions = {},
): Promise<{ readonly records: readonly string[]; readonly report: LogReport }> {
  const sources = typeof contents === 'string' || Buffer.isBuffer(contents) ? [logSourceOf(contents)] : contents;
  const records: string[] = [];
  const sink = (record: LogRecord) => records.push(describeRecord(record));
  const report = await readLogs(sources, { ...options, ...(format && { format }) }, sink);
  return { records, report };
}

/** A record as a line: `2 2026-12-24T06:04:48Z connection - rejected 554 5.7.1 client.address=192.0.2.1`. */
function describeRecord({ line, at, moment, id, outcome, facts }: LogRecord): string {
  const known = FACTS.flatMap(({ name, type }) => {
    const value = facts[name];
    return value === undefined ? [] : [`${name}=${formatFactValue(type, value)}`];
  });
  return [line, formatInstant(at), moment, id ?? '-', describeOutcome(outcome), ...known].join(' ');
}

function describeOutcome(outcome: MailOutcome | undefined): string {
  if (outcome?.kind !== 'rejected') return outcome?.kind ?? '-';
  return ['rejected', outcome.code, outcome.status].filter((part) => part !== undefined).join(' ');
}

/** A log of the folder `fixtures`. */
export function logFixture(file: string): Buffer {
  return readFileSync(new URL(`fixtures/${file}`, import.meta.url));
}

/** What was read, as a text for people to review. */
export function describeReading(records: readonly string[], report: LogReport): string {
  const { files, lines, used, passedOver, unreadable, unfinished } = report;
  const counts = `${lines} lines of ${files[0]?.format}: ${used} used, ${passedOver} passed over, ${unreadable} unreadable; ${unfinished} unfinished`;
  const examples = report.examples.map(({ line, why }) => `${line} ${why}`);
  return `${[...records, '', counts, ...examples].join('\n')}\n`;
}
