import { type FileHandle, mkdir, open, stat } from 'node:fs/promises';
import { endianness } from 'node:os';
import { dirname, join } from 'node:path';

/** LMDB's name of its data file within the directory of an environment. */
const DATA_FILE = 'data.mdb';

/**
 * Where the two meta pages of a data file hold what proves them, in octets from the start of a page, and what it is:
 * `MDB_meta` in LMDB's mdb.c, behind the page header of data format 2.
 */
const META = { magicAt: 24, versionAt: 28, pageSizeAt: 48, octets: 52 } as const;
const MDB_MAGIC = 0xbeefc0de;
const MDB_DATA_VERSION = 2;

/** What a look at a data file found, before LMDB touches it. */
export type DataFileState =
  | { readonly kind: 'missing' }
  | { readonly kind: 'sound'; readonly octets: number }
  | { readonly kind: 'damaged'; readonly reason: string };

/**
 * Looks at the head of the data file in a store's directory. The lmdb package ends the process with a segmentation
 * fault where it is no LMDB file, so it must not be opened unseen.
 */
export async function inspectDataFile(directory: string): Promise<DataFileState> {
  const file = await openIfPresent(join(directory, DATA_FILE));
  if (file === undefined) return { kind: 'missing' };
  try {
    const { size } = await file.stat();
    if (size === 0) return { kind: 'missing' };
    const first = await readMeta(file, 0);
    const second = first === undefined ? undefined : await readMeta(file, first.pageSize);
    if (first === undefined || second === undefined) return { kind: 'damaged', reason: 'it is no LMDB file' };
    if (first.version !== MDB_DATA_VERSION || second.version !== MDB_DATA_VERSION) {
      return { kind: 'damaged', reason: `its LMDB data format is ${first.version}, expected ${MDB_DATA_VERSION}` };
    }
    return { kind: 'sound', octets: size };
  } finally {
    await file.close();
  }
}

/**
 * Makes a data file as long as LMDB takes it to be; a page that is mapped but not in the file ends the process with a
 * bus error when it is read. Appends, so that it never overwrites what another process has just written.
 */
export async function padDataFile(directory: string, octets: number): Promise<void> {
  const file = await open(join(directory, DATA_FILE), 'a');
  try {
    await file.write(Buffer.alloc(octets));
  } finally {
    await file.close();
  }
}

/**
 * Makes a directory with its parents, each on disk at once; one that is there already is fine. Node's own `recursive`
 * is not used: it never returns where a parent takes no directories (`/proc`).
 */
export async function makeDirectory(path: string): Promise<void> {
  if (await isPresent(path)) return;
  const parent = dirname(path);
  if (parent !== path) await makeDirectory(parent);
  try {
    await mkdir(path, { mode: 0o770 });
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  }
  await syncDirectory(parent);
}

/** Writes a directory's own entries to disk, so that a file just made in it outlives a crash of the system. */
export async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

async function readMeta(file: FileHandle, at: number): Promise<{ pageSize: number; version: number } | undefined> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(META.octets), 0, META.octets, at);
  if (bytesRead < META.octets || readWord(buffer, META.magicAt) !== MDB_MAGIC) return undefined;
  return { pageSize: readWord(buffer, META.pageSizeAt), version: readWord(buffer, META.versionAt) };
}

function readWord(buffer: Buffer, at: number): number {
  return endianness() === 'LE' ? buffer.readUInt32LE(at) : buffer.readUInt32BE(at);
}

async function openIfPresent(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

async function isPresent(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false;
    throw error;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
