import { constants } from 'node:os';
import { type Database, open, type RootDatabase } from 'lmdb';
import type { ServerRecord } from '../decision/server-record.js';
import { inspectDataFile, makeDirectory, padDataFile, syncDirectory } from './lmdb-files.js';
import type { PeerSighting } from './server-store.js';
import { StoreError } from './store-error.js';

/** Layout of the databases below; a later version raises it and migrates what is older. */
export const SCHEMA_VERSION = 1;

/** The open databases of a store. */
export interface LmdbEnvironment {
  readonly root: RootDatabase<unknown, string>;
  /** Records by `storeKey(server)`. */
  readonly records: Database<ServerRecord, Uint8Array>;
  /** Sightings of servers by `storeKey(peer)`, the latest first. */
  readonly peers: Database<readonly PeerSighting[], Uint8Array>;
}

const ABOUT = 'about';
const SCHEMA_KEY = Buffer.from('schema');

/** JSON keeps every text exactly; msgpack would change lone surrogates. Binary keys sort by octet. */
const DATABASE = { encoding: 'json', keyEncoding: 'binary' } as const;

const ENVIRONMENT = {
  noSubdir: false,
  maxDbs: 4,
  permissionsMode: 0o660,
  // A plain LMDB commit: pages are flushed, then the meta page is written through, and only then the promise resolves.
  overlappingSync: false,
  // With its batches, lmdb leaves a promise unhandled when a commit fails (disk full), and that ends the process.
  eventTurnBatching: false,
} as const;

/** Octets that may be missing at the end of a data file for it to be looked through instead of refused. */
const MAX_MISSING_OCTETS = 16 * 1024 * 1024;

const RESTORE = 'Restore it from a backup, or move it away to start afresh: all first detections in it are then lost.';

/**
 * Opens the databases in a directory, and makes them where there are none.
 *
 * @throws StoreError where the directory cannot be used, the file is damaged, or it was written by a newer version
 */
export async function openLmdbEnvironment(path: string, readOnly: boolean): Promise<LmdbEnvironment> {
  try {
    if (!readOnly) await makeDirectory(path);
    const file = await inspectDataFile(path);
    if (file.kind === 'damaged') throw damaged(path, file.reason);
    if (file.kind === 'missing' && readOnly) throw noStore(path);
    const root = open<unknown, string>({ ...ENVIRONMENT, path, readOnly });
    const octets = file.kind === 'sound' ? file.octets : undefined;
    return await openDatabases(root, { path, readOnly, octets });
  } catch (error) {
    throw error instanceof StoreError ? error : cannotOpen(path, error);
  }
}

interface OpenContext {
  readonly path: string;
  readonly readOnly: boolean;
  /** Length of the data file before it was opened; undefined where it is new. */
  readonly octets: number | undefined;
}

async function openDatabases(root: RootDatabase<unknown, string>, context: OpenContext): Promise<LmdbEnvironment> {
  try {
    const wasCut = context.octets !== undefined && (await padIfShort(root, context.octets, context));
    checkSchema(root, context);
    const records = openDatabase<ServerRecord>(root, 'records', context.path);
    const peers = openDatabase<readonly PeerSighting[]>(root, 'peers', context.path);
    if (wasCut) assertWhole([records, peers], context.path);
    if (context.octets === undefined) await syncDirectory(context.path);
    return { root, records, peers };
  } catch (error) {
    await root.close();
    throw error;
  }
}

/**
 * LMDB may leave pages at the end of its file unwritten that nothing refers to. A file that lacks much was cut, by a
 * copy that failed for instance; one that lacks little is made whole with zeros, to be looked through.
 *
 * @returns whether the file was short
 */
async function padIfShort(root: RootDatabase<unknown, string>, octets: number, context: OpenContext): Promise<boolean> {
  const stats = root.getStats() as { readonly lastPageNumber: number; readonly pageSize: number };
  const missing = (stats.lastPageNumber + 1) * stats.pageSize - octets;
  if (missing <= 0) return false;
  if (missing > MAX_MISSING_OCTETS) throw damaged(context.path, `its last ${missing} octets are missing`);
  if (!context.readOnly) await padDataFile(context.path, missing);
  return !context.readOnly;
}

function assertWhole(databases: readonly Database<unknown, Uint8Array>[], path: string): void {
  for (const database of databases) {
    const { entryCount } = database.getStats() as { readonly entryCount: number };
    let readable = 0;
    for (const { value } of database.getRange({ snapshot: false })) if (value !== undefined) readable++;
    if (readable !== entryCount) throw damaged(path, `only ${readable} of ${entryCount} entries can be read`);
  }
}

function checkSchema(root: RootDatabase<unknown, string>, { path, readOnly }: OpenContext): void {
  const names = [...root.getKeys({ limit: 8 })];
  if (names.length > 0 && !names.includes(ABOUT)) {
    throw new StoreError(
      `The LMDB database in ${path} is not one of Sluice. Choose another directory for the store in the configuration.`,
      { path },
    );
  }
  if (names.length === 0 && readOnly) throw noStore(path);
  const about = openDatabase<number>(root, ABOUT, path);
  const version = about.get(SCHEMA_KEY);
  if (version === undefined && readOnly) throw noStore(path);
  if (version === undefined) about.putSync(SCHEMA_KEY, SCHEMA_VERSION);
  if (version !== undefined && version > SCHEMA_VERSION) throw newerSchema(path, version);
}

/** Opens a named database; lmdb gives undefined where it is missing and cannot be made. */
function openDatabase<V>(root: RootDatabase<unknown, string>, name: string, path: string): Database<V, Uint8Array> {
  const database: Database<V, Uint8Array> | undefined = root.openDB<V, Uint8Array>(name, DATABASE);
  if (database === undefined) throw noStore(path);
  return database;
}

function noStore(path: string): StoreError {
  return new StoreError(
    `There is no store in ${path} yet. Start the service first, or check the store's path in the configuration.`,
    { path },
  );
}

function damaged(path: string, reason: string): StoreError {
  return new StoreError(`The store in ${path} (data.mdb) is damaged: ${reason}. ${RESTORE}`, { path });
}

function newerSchema(path: string, version: number): StoreError {
  return new StoreError(
    `The store in ${path} has layout ${version}; this version of Sluice knows layouts up to ${SCHEMA_VERSION}. ` +
      'Run the newer version of Sluice that wrote it.',
    { path },
  );
}

function cannotOpen(path: string, cause: unknown): StoreError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  if (reason.includes('MDB_')) return new StoreError(damaged(path, reason).message, { path, cause });
  return new StoreError(`Cannot open the store in ${path}: ${reason}. ${adviceFor(cause)}`, { path, cause });
}

/** What to do about an error of the system; lmdb gives its number as `code`, Node as a negative `errno`. */
function adviceFor(cause: unknown): string {
  const { EACCES, EPERM, EROFS, ENOSPC, EIO } = constants.errno;
  const { code, errno = code } = cause as { readonly code?: unknown; readonly errno?: unknown };
  const number = typeof errno === 'number' ? Math.abs(errno) : 0;
  if ([EACCES, EPERM, EROFS].includes(number)) {
    return 'Give the user that runs Sluice the right to read and write this directory and its files.';
  }
  if ([ENOSPC, EIO].includes(number)) return 'Check that the disk has room and is sound.';
  return "Check the store's path in the configuration: it must be a directory, or one that can be made.";
}
