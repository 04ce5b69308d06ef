import { readFile, stat } from 'node:fs/promises';
import { glob } from 'tinyglobby';
import { type Inventory, readInventory, withInventory } from './inventory.js';
import { findLogFiles } from './log-files.js';
import type { LogFormatName } from './log-format.js';
import type { LogMapping } from './log-mapping.js';
import type { RecordSink } from './log-record.js';
import type { LogReport } from './log-report.js';
import { fileSource, LogInputError, type LogSource } from './log-source.js';
import { readLogMapping } from './read-log-mapping.js';
import { type ReadLogsOptions, readLogs } from './read-logs.js';

/** Which logs are read, and how, as users say it. */
export interface LogSelection {
  /** Files, folders and patterns such as `mail.log*`. */
  readonly paths: readonly string[];
  /** Recognised where absent. */
  readonly logFormat?: LogFormatName;
  /** Year of the first line, where time stamps have none. */
  readonly year?: number;
  /** Zone of time stamps that have none, of the IANA data base. */
  readonly timeZone?: string;
  /** The operator's own mail servers. */
  readonly ownHosts?: readonly string[];
  /** A file that says which columns or keys are which facts. */
  readonly mapping?: string;
  /** A CSV file of servers and their versions. */
  readonly inventory?: string;
  /** Name of the connector of traffic of which the logs tell no client. */
  readonly connector?: string;
}

/** Is told how much of the logs was read, by the octets as they are stored. */
export interface ReadingObserver {
  start(octets: number): void;
  add(octets: number): void;
}

export interface ReadLogFilesOptions {
  readonly observer?: ReadingObserver | undefined;
  /** Opens what a path names; a file where absent. */
  readonly sourceOf?: (path: string) => LogSource | Promise<LogSource>;
}

/**
 * Reads the logs that a user selected.
 *
 * @throws LogInputError where one cannot be found, or its format cannot be told
 */
export async function readLogFiles(
  selection: LogSelection,
  sink: RecordSink,
  { observer, sourceOf = fileSource }: ReadLogFilesOptions = {},
): Promise<LogReport> {
  const reading = await readingOptions(selection);
  const inventory = selection.inventory === undefined ? undefined : await inventoryOf(selection.inventory);
  const joined = inventory === undefined ? sink : withInventory(sink, inventory);
  const take = selection.connector === undefined ? joined : withConnector(joined, selection.connector);
  const files = await findLogFiles(selection.paths, (pattern) => glob(pattern, { absolute: false }));
  const sources = await Promise.all(files.map(sourceOf));
  const observed = observer === undefined ? sources : observedSources(sources, observer);
  return readLogs(observed, reading, take);
}

function withConnector(sink: RecordSink, connector: string): RecordSink {
  return (record) => {
    const { facts } = record;
    const isTold = facts['client.address'] !== undefined || facts['connector.name'] !== undefined;
    sink(isTold ? record : { ...record, facts: { ...facts, 'connector.name': connector } });
  };
}

async function readingOptions(selection: LogSelection): Promise<ReadLogsOptions> {
  const { logFormat, year, timeZone, ownHosts, mapping } = selection;
  const format = mapping === undefined ? logFormat : 'mapped';
  return {
    ...(format === undefined ? {} : { format }),
    ...(year === undefined ? {} : { year }),
    ...(timeZone === undefined ? {} : { timeZone }),
    ...(ownHosts === undefined ? {} : { ownHosts: new Set(ownHosts.map((name) => name.toLowerCase())) }),
    ...(mapping === undefined ? {} : { mapping: await mappingOf(mapping) }),
  };
}

async function mappingOf(path: string): Promise<LogMapping> {
  const result = readLogMapping((await contentOf(path)).toString('utf8'), path);
  if (result.ok) return result.mapping;
  throw new LogInputError(result.problems.join('\n'));
}

async function inventoryOf(path: string): Promise<Inventory> {
  const result = readInventory(await contentOf(path), path);
  if (result.ok) return result.inventory;
  throw new LogInputError(result.problems.join('\n'));
}

function contentOf(path: string): Promise<Buffer> {
  return readFile(path).catch((error: Error) => {
    throw new LogInputError(`${path} cannot be read: ${error.message}`);
  });
}

/** The same sources, which tell the observer what is read of them. */
function observedSources(sources: readonly LogSource[], observer: ReadingObserver): readonly LogSource[] {
  let started: Promise<void> | undefined;
  return sources.map((source) => ({
    ...source,
    open: async function* () {
      started ??= octetsOf(sources).then((octets) => observer.start(octets));
      await started;
      for await (const part of source.open()) {
        observer.add(part.length);
        yield part;
      }
    },
  }));
}

async function octetsOf(sources: readonly LogSource[]): Promise<number> {
  const sizes = await Promise.all(sources.map(({ name }) => stat(name).catch(() => undefined)));
  return sizes.reduce((sum, each) => sum + (each?.size ?? 0), 0);
}
