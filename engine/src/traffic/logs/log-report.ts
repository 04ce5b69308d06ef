import type { Lack, LogFormat, LogFormatName, LogReadingOptions } from './log-format.js';
import type { LogRecord } from './log-record.js';

/** A line that could not be read. */
export interface UnreadableExample {
  readonly file: string;
  readonly line: number;
  readonly why: string;
  /** The start of the line, control characters as `·`. */
  readonly excerpt: string;
}

/** What was read of the logs. `lines` is `used` and `passedOver` and `unreadable`. */
export interface LogReport {
  readonly files: readonly { readonly name: string; readonly format: LogFormatName; readonly lines: number }[];
  readonly lines: number;
  readonly records: { readonly connections: number; readonly messages: number };
  readonly used: number;
  /** Lines that say nothing that deciding needs. */
  readonly passedOver: number;
  readonly unreadable: number;
  /** The first of them. */
  readonly examples: readonly UnreadableExample[];
  /** Lines of which only the first MiB was read. */
  readonly cut: number;
  /** Sessions and messages whose other half the log does not have. */
  readonly unfinished: number;
  /** Records that are older than the last ones of a file that was read before, as where the logs of two gateways overlap. */
  readonly overlapping: number;
  readonly lacks: readonly Lack[];
  /** Files that could not be read to their end, with the reason. */
  readonly broken: readonly { readonly file: string; readonly why: string }[];
}

/** What to say of each lack. */
export const LACKS: Readonly<Record<Lack, string>> = {
  version:
    "This log does not carry the versions of servers. Join them from an inventory (CSV of server and version), from the service's store, or from messages.",
  headers: 'This log does not carry headers, so no server is told by its Received field.',
  helo: 'This log does not carry the names that clients gave in HELO.',
  'client-name': 'This log does not carry verified names of clients.',
  tls: 'This log does not carry the TLS versions and certificates of clients.',
};

/** Most examples of lines that cannot be read. */
export const MAX_EXAMPLES = 10;
/** Records lie behind each other by as long as a session lasts, in rotated files too. */
const OVERLAP_MILLIS = 600_000;
const EXCERPT_LENGTH = 120;

/** Counts while logs are read. */
export class LogTally {
  readonly #files: { name: string; format: LogFormatName; lines: number }[] = [];
  readonly #lacks = new Set<Lack>();
  readonly #examples: UnreadableExample[] = [];
  readonly #broken: { file: string; why: string }[] = [];
  #file = { name: '', format: 'sluice' as LogFormatName, lines: 0 };
  #lines = 0;
  #passedOver = 0;
  #unreadable = 0;
  #connections = 0;
  #messages = 0;
  #overlapping = 0;
  #latest = Number.NEGATIVE_INFINITY;
  /** Of the files before. */
  #latestBefore = Number.NEGATIVE_INFINITY;
  cut = 0;
  unfinished = 0;

  startFile(name: string, format: LogFormat, options: LogReadingOptions): void {
    this.#file = { name, format: format.name, lines: 0 };
    this.#files.push(this.#file);
    this.#latestBefore = this.#latest;
    const lacks = typeof format.lacks === 'function' ? format.lacks(options) : format.lacks;
    for (const lack of lacks) this.#lacks.add(lack);
  }

  /** Counts the next line, and gives its number in the file. */
  nextLine(): number {
    this.#lines++;
    return ++this.#file.lines;
  }

  addRecord({ moment, at }: Pick<LogRecord, 'moment' | 'at'>): void {
    if (moment === 'connection') this.#connections++;
    else this.#messages++;
    if (at > this.#latest) this.#latest = at;
    if (at < this.#latestBefore - OVERLAP_MILLIS) this.#overlapping++;
  }

  passOver(): void {
    this.#passedOver++;
  }

  addUnreadable(why: string, octets: Buffer, start: number, end: number): void {
    this.#unreadable++;
    if (this.#examples.length >= MAX_EXAMPLES) return;
    const excerpt = octets.toString('utf8', start, Math.min(end, start + EXCERPT_LENGTH)).replace(/\p{Cc}/gu, '·');
    this.#examples.push({ file: this.#file.name, line: this.#file.lines, why, excerpt });
  }

  addBroken(file: string, why: string): void {
    this.#broken.push({ file, why });
  }

  report(): LogReport {
    return {
      files: this.#files.map((file) => ({ ...file })),
      lines: this.#lines,
      records: { connections: this.#connections, messages: this.#messages },
      used: this.#lines - this.#passedOver - this.#unreadable,
      passedOver: this.#passedOver,
      unreadable: this.#unreadable,
      examples: [...this.#examples],
      cut: this.cut,
      unfinished: this.unfinished,
      overlapping: this.#overlapping,
      lacks: [...this.#lacks],
      broken: [...this.#broken],
    };
  }
}
