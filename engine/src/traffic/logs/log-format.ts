import type { EpochMillis } from '../../policy/instant.js';
import type { LogMapping } from './log-mapping.js';
import type { RecordSink } from './log-record.js';

/** The formats by name, as options and reports write them. */
export type LogFormatName =
  | 'sluice'
  | 'postfix'
  | 'exchange-tracking'
  | 'exchange-receive'
  | 'haraka'
  | 'rspamd'
  | 'sendmail'
  | 'messages'
  | 'mapped';

/** What became of a line: it was used, it is of no use for deciding, or it cannot be read, and why. */
export type LineResult = 'used' | 'passed-over' | UnreadableLine;

export interface UnreadableLine {
  /** Ends a sentence: `no time stamp`. */
  readonly why: string;
}

/** What a log does not carry and a policy may ask for, with what could tell it. */
export type Lack = 'version' | 'helo' | 'client-name' | 'tls' | 'headers';

/** How logs are read. */
export interface LogReadingOptions {
  /** Year of the first line of logs whose time stamps have none; by default the file's own time tells it. */
  readonly year?: number;
  /** Zone of time stamps that have none, as an IANA name; UTC by default. */
  readonly timeZone?: string;
  /** Which columns or keys are which facts; for the format `mapped`. */
  readonly mapping?: LogMapping;
  /**
   * Names of the operator's own mail servers, lower-cased. In stored messages the topmost `Received:` fields that these
   * stamped are not what a sending server shows, and the lowest of them tells the client. What Exchange's logs say of mail
   * that these hand to each other is passed over, since it came in once already.
   */
  readonly ownHosts?: ReadonlySet<string>;
}

/** What a reader is given. */
export interface LogReaderContext extends LogReadingOptions {
  readonly sink: RecordSink;
  /** Counts sessions or messages whose other half the log does not have. */
  readonly unfinished: (count: number) => void;
}

/** Where the lines that follow come from. */
export interface LogFile {
  readonly name: string;
  /** When the last line was written at the latest: tells the year of time stamps without one. */
  readonly writtenBy: EpochMillis;
}

/** Reads the lines of one format, over all its files: sessions go on from one file into the next. */
export interface LogReader {
  /** The lines that follow are of this file. */
  startFile(file: LogFile): void;
  /** Takes the octets from `start` up to `end`, a line without its end; they change after the call. */
  readLine(octets: Buffer, start: number, end: number, line: number): LineResult;
  /** The file has no more lines. */
  endFile?(): void;
  /** There are no more files. */
  end(): void;
}

/** A format of logs. To add one: its file, its test, its fixtures and a line in `log-formats.ts`. */
export interface LogFormat {
  readonly name: LogFormatName;
  /** `Postfix syslog`. */
  readonly title: string;
  readonly lacks: readonly Lack[] | ((options: LogReadingOptions) => readonly Lack[]);
  /** Whether the text may be a line of this format; `line` counts from 1. */
  recognises(text: string, line: number): boolean;
  /** Whether a file that begins with the text is of this format for certain, whatever follows: a message may quote any log. */
  recognisesStart?(text: string): boolean;
  /** When the line was written, if it tells; by it the files of one log are put in order. */
  instantOf?(text: string, file: LogFile, options: LogReadingOptions): EpochMillis | undefined;
  /** @throws Error where the options lack what the format needs */
  open(context: LogReaderContext): LogReader;
}
