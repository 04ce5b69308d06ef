import type { EpochMillis } from '../../policy/instant.js';
import { LineSplitter } from './line-splitter.js';
import type { LogFormat, LogFormatName, LogReader, LogReadingOptions } from './log-format.js';
import { LOG_FORMATS, logFormatNamed, recogniseLog } from './log-formats.js';
import type { LogRecord, RecordSink } from './log-record.js';
import { type LogReport, LogTally } from './log-report.js';
import { LogInputError, type LogSource, plainOctets } from './log-source.js';

export interface ReadLogsOptions extends LogReadingOptions {
  /** Recognised by the first lines where absent. */
  readonly format?: LogFormatName;
}

/** The start of a file, by which its format is told. */
const HEAD_OCTETS = 256 * 1024;

interface KnownLog {
  readonly source: LogSource;
  readonly format: LogFormat;
  readonly firstInstant: EpochMillis | undefined;
  /** From the first octet on. */
  readonly octets: () => AsyncIterable<Buffer>;
}

/**
 * Reads logs from their first line to their last, one file after the other in the order of their first instants, so that
 * rotated files come in their turn. Each record is handed to `sink` at once: nothing is kept but sessions that are under way.
 *
 * @throws LogInputError where a log's format cannot be told or used, before anything is read
 */
export async function readLogs(
  sources: readonly LogSource[],
  options: ReadLogsOptions,
  sink: RecordSink,
): Promise<LogReport> {
  const logs: KnownLog[] = [];
  for (const source of sources) logs.push(await lookAt(source, options));
  const tally = new LogTally();
  const readers = new ReaderPerFormat(options, tally, sink);
  for (const log of inOrder(logs)) await readLog(log, readers.of(log.format), tally, options);
  readers.end();
  return tally.report();
}

class ReaderPerFormat {
  readonly #readers = new Map<LogFormat, LogReader>();
  readonly #open: (format: LogFormat) => LogReader;

  constructor(options: ReadLogsOptions, tally: LogTally, sink: RecordSink) {
    const countAndTake = (record: LogRecord) => {
      tally.addRecord(record);
      sink(record);
    };
    const unfinished = (count: number) => {
      tally.unfinished += count;
    };
    this.#open = (format) => format.open({ ...options, sink: countAndTake, unfinished });
  }

  of(format: LogFormat): LogReader {
    const reader = this.#readers.get(format) ?? this.#open(format);
    this.#readers.set(format, reader);
    return reader;
  }

  end(): void {
    for (const reader of this.#readers.values()) reader.end();
  }
}

/** Tells format and first instant. A file is closed meanwhile, since there may be more of them than may be open. */
async function lookAt(source: LogSource, options: ReadLogsOptions): Promise<KnownLog> {
  const octets = plainOctets(source)[Symbol.asyncIterator]();
  const head = await headOf(octets).catch((error: Error) => {
    throw new LogInputError(`${source.name} cannot be read: ${error.message}`);
  });
  if (!source.isOnce) await octets.return?.();
  const lines = firstLines(head);
  const format = options.format === undefined ? recogniseLog(lines) : logFormatNamed(options.format);
  const isEmpty = head.every((part) => part.length === 0);
  if (format === undefined && !isEmpty) {
    const known = LOG_FORMATS.map(({ name, title }) => `${name} (${title})`).join(', ');
    throw new LogInputError(`${source.name}: none of the known formats. Name it with --log-format: ${known}.`);
  }
  const file = { name: source.name, writtenBy: source.writtenBy };
  const used = format ?? (LOG_FORMATS[0] as LogFormat);
  return {
    source,
    format: used,
    firstInstant: firstInstantOf(lines, used, file, options),
    octets: source.isOnce ? () => joined(head, octets) : () => plainOctets(source),
  };
}

async function headOf(octets: AsyncIterator<Buffer>): Promise<Buffer[]> {
  const parts: Buffer[] = [];
  for (let length = 0; length < HEAD_OCTETS; ) {
    const part = await octets.next();
    if (part.done === true) break;
    parts.push(part.value);
    length += part.value.length;
  }
  return parts;
}

async function* joined(head: readonly Buffer[], rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield* head;
  for (let part = await rest.next(); part.done !== true; part = await rest.next()) yield part.value;
}

function firstLines(head: readonly Buffer[]): string[] {
  const lines: string[] = [];
  const splitter = new LineSplitter((octets, start, end) => lines.push(octets.toString('utf8', start, end)));
  splitter.add(Buffer.concat(head, Math.min(HEAD_OCTETS, totalLength(head))));
  splitter.end();
  return lines;
}

function totalLength(parts: readonly Buffer[]): number {
  return parts.reduce((total, part) => total + part.length, 0);
}

function firstInstantOf(
  lines: readonly string[],
  format: LogFormat,
  file: { readonly name: string; readonly writtenBy: EpochMillis },
  options: LogReadingOptions,
): EpochMillis | undefined {
  for (const line of lines) {
    const instant = format.instantOf?.(line, file, options);
    if (instant !== undefined) return instant;
  }
  return undefined;
}

/** Those that tell no instant, as empty ones, come last. */
function inOrder(logs: readonly KnownLog[]): readonly KnownLog[] {
  const instantOf = ({ firstInstant }: KnownLog) => firstInstant ?? Number.POSITIVE_INFINITY;
  return logs.toSorted((a, b) => (instantOf(a) === instantOf(b) ? 0 : instantOf(a) - instantOf(b)));
}

/** A file that breaks off is told; what was read of it stays. */
async function readLog(
  { source, format, octets }: KnownLog,
  reader: LogReader,
  tally: LogTally,
  options: ReadLogsOptions,
): Promise<void> {
  tally.startFile(source.name, format, options);
  reader.startFile({ name: source.name, writtenBy: source.writtenBy });
  const splitter = new LineSplitter((line, start, end, isCut) => {
    const number = tally.nextLine();
    if (isCut) tally.cut++;
    const result = reader.readLine(line, start, end, number);
    if (result === 'passed-over') tally.passOver();
    else if (result !== 'used') tally.addUnreadable(result.why, line, start, end);
  });
  try {
    for await (const part of octets()) splitter.add(part);
  } catch (error) {
    tally.addBroken(source.name, error instanceof Error ? error.message : String(error));
  }
  splitter.end();
  reader.endFile?.();
}
