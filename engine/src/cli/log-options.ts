import { type Command, InvalidArgumentError, Option } from 'commander';
import type { EpochMillis } from '../policy/instant.js';
import type { LogFormatName } from '../traffic/logs/log-format.js';
import { LOG_FORMATS } from '../traffic/logs/log-formats.js';
import type { RecordSink } from '../traffic/logs/log-record.js';
import type { LogReport } from '../traffic/logs/log-report.js';
import { fileSource, LogInputError, type LogSource, streamSource } from '../traffic/logs/log-source.js';
import { readLogFiles } from '../traffic/logs/read-log-files.js';
import { UsageError } from './exit-code.js';
import type { ReadingProgress } from './reading-progress.js';

/** What the options say of logs. */
export interface LogOptions {
  readonly logFormat?: LogFormatName;
  readonly year?: number;
  readonly timeZone?: string;
  readonly ownHost?: readonly string[];
  readonly mapping?: string;
  readonly inventory?: string;
  readonly connector?: string;
}

/** Adds the argument `LOG…` and the options that tell how logs are read. */
export function addLogOptions(command: Command, logs?: string): Command {
  return addLogReadingOptions(addLogsArgument(command, logs));
}

/** Adds the argument `LOG…`. */
export function addLogsArgument(command: Command, logs = '<logs...>'): Command {
  return command.argument(logs, 'files, folders or patterns such as "mail.log*"; - for standard input');
}

/** Adds the options that tell how logs are read, to a command that has its own argument for them. */
export function addLogReadingOptions(command: Command): Command {
  const formats = LOG_FORMATS.map(({ name }) => name);
  return command
    .addOption(new Option('--log-format <name>', 'format of the logs; recognised by default').choices(formats))
    .option('--year <year>', 'year of the first line, where time stamps have none', yearArgument)
    .option('--time-zone <zone>', 'of time stamps that have none, such as Europe/Berlin; UTC by default', zoneArgument)
    .option(
      '--own-host <name>',
      'mail server of yours, whose Received fields do not show the sender; repeatable',
      andAlso,
    )
    .option('--mapping <file>', 'which columns or keys of a CSV or JSON Lines are which facts (docs/log-mapping.md)')
    .option('--inventory <file>', 'CSV of server,version[,connector], for logs that lack the version')
    .option('--connector <name>', 'connector of traffic of which the logs tell no client, such as stored messages');
}

/**
 * Reads the logs that arguments name.
 *
 * @throws UsageError where one cannot be found, or its format cannot be told
 */
export async function readLogArguments(
  paths: readonly string[],
  options: LogOptions,
  now: EpochMillis,
  progress: ReadingProgress | undefined,
  sink: RecordSink,
): Promise<LogReport> {
  const { ownHost, ...selected } = options;
  const selection = { ...selected, paths, ...(ownHost === undefined ? {} : { ownHosts: ownHost }) };
  try {
    return await readLogFiles(selection, sink, { observer: progress, sourceOf: (file) => sourceOf(file, now) });
  } catch (error) {
    throw error instanceof LogInputError ? new UsageError(error.message) : error;
  } finally {
    progress?.stop();
  }
}

function sourceOf(file: string, now: EpochMillis): LogSource | Promise<LogSource> {
  return file === '-' ? streamSource('standard input', process.stdin, now) : fileSource(file);
}

function andAlso(name: string, names: readonly string[] = []): readonly string[] {
  return [...names, name];
}

function yearArgument(text: string): number {
  if (!/^(19|20)\d\d$/.test(text)) throw new InvalidArgumentError('A year was expected, such as 2026.');
  return Number(text);
}

function zoneArgument(text: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone;
  } catch {
    throw new InvalidArgumentError('A zone of the IANA data base was expected, such as Europe/Berlin.');
  }
}

/** What could not be read, for output that has no place for it; empty where all was. */
export function lostLines({ examples, broken }: LogReport): string {
  const lines = examples.map(({ file, line, why }) => `${file}:${line}: cannot be read, and is missing: ${why}.\n`);
  return [...lines, ...broken.map(({ file, why }) => `${file} breaks off: ${why}.\n`)].join('');
}
