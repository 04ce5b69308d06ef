import { epochMillis, parseInstant } from '../../policy/instant.js';
import type { LogRecord } from './log-record.js';
import type { LogReport } from './log-report.js';
import { logSourceOf } from './read-log-text.fixture.js';
import { type ReadLogsOptions, readLogs } from './read-logs.js';

/** When all logs of the tests were written. */
const WRITTEN_BY = parseInstant('2026-09-08T00:00:00Z') ?? epochMillis(0);

export interface ReadTexts {
  readonly records: readonly LogRecord[];
  readonly report: LogReport;
}

/** Reads logs `log-0`, `log-1`, …, each given whole. */
export async function readTexts(
  texts: readonly (string | Buffer)[],
  options: ReadLogsOptions = {},
): Promise<ReadTexts> {
  const records: LogRecord[] = [];
  const sources = texts.map((text, index) => logSourceOf(text, { name: `log-${index}`, writtenBy: WRITTEN_BY }));
  const report = await readLogs(sources, options, (record) => records.push(record));
  return { records, report };
}

/** What a record tells, one line that is easy to look at. */
export function told({ at, facts, id, outcome }: LogRecord): string {
  const known = Object.entries(facts).map(([name, value]) => `${name}=${textOf(value)}`);
  return [new Date(at).toISOString(), ...known, ...(id ? [`id=${id}`] : []), ...outcomeText(outcome)].join(' ');
}

/** Texts that break a log in the ways that logs break. */
export function* hostileTexts(log: Buffer): Generator<Buffer> {
  for (let end = 0; end <= log.length; end += log.length > 4000 ? 7 : 1) yield log.subarray(0, end);
  for (let start = 1; start < log.length; start += 31) yield log.subarray(start);
  const crlf = Buffer.from(log.toString('latin1').replaceAll('\n', '\r\n'), 'latin1');
  yield crlf;
  yield Buffer.concat([Buffer.from('\uFEFF'), log]);
  for (const octet of [0x00, 0x0d, 0x22, 0x2c, 0x3b, 0x80, 0xcf, 0xff]) {
    for (let at = 0; at < log.length; at += 97) {
      yield Buffer.concat([log.subarray(0, at), Buffer.from([octet]), log.subarray(at)]);
    }
  }
  const long = Buffer.alloc(10 * 1024 * 1024, 'a,"');
  yield Buffer.concat([log, long, Buffer.from('\n'), log]);
  yield Buffer.concat([log, Buffer.alloc(1024 * 1024), Buffer.from('\n'), log]);
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.join('.');
  return typeof value === 'object' && value !== null && 'text' in value ? String(value.text) : String(value);
}

function outcomeText(outcome: LogRecord['outcome']): string[] {
  if (outcome === undefined) return [];
  return outcome.kind === 'accepted' ? ['accepted'] : [`rejected ${outcome.code} ${outcome.status}`];
}
