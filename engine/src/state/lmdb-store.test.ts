import { execFile } from 'node:child_process';
import { open as openFile, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { open } from 'lmdb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ServerId } from '../decision/server-record.js';
import { openLmdbStore } from './lmdb-store.js';
import { peerId } from './server-store.js';
import { StoreError } from './store-error.js';
import { at, idOf, listed, recordOf, save, temporaryDirectory } from './stores.fixture.js';

const FULL_DISK_WRITER = fileURLToPath(new URL('./lmdb-store-full-disk-writer.mjs', import.meta.url));

let path: string;
let remove: () => Promise<void>;
let dataFile: string;

beforeEach(async () => {
  ({ path, remove } = await temporaryDirectory());
  dataFile = join(path, 'data.mdb');
});
afterEach(() => remove());

describe('what was saved', () => {
  it('is there when the store is opened again', async () => {
    const peer = peerId('partners', '192.0.2.1');
    const store = await openLmdbStore({ path });
    await store.saw(peer, idOf('a'), at(0));
    await Promise.all([save(store, recordOf('a')), save(store, recordOf('b', { firstDetected: at(7) }))]);
    await store.close();
    const reopened = await openLmdbStore({ path });
    expect(await listed(reopened)).toStrictEqual([recordOf('a'), recordOf('b', { firstDetected: at(7) })]);
    expect(await reopened.seenFrom(peer, at(0))).toStrictEqual([{ server: idOf('a'), lastSeen: at(0) }]);
    await reopened.close();
  });

  it('is seen by one who only reads, while the store is being written', async () => {
    const writer = await openLmdbStore({ path });
    const reader = await openLmdbStore({ path, readOnly: true });
    await save(writer, recordOf('a'));
    expect(await listed(reader)).toStrictEqual([recordOf('a')]);
    await Promise.all([reader.close(), writer.close()]);
  });

  it('comes in a directory that is made with its parents', async () => {
    const store = await openLmdbStore({ path: join(path, 'var', 'lib') });
    await save(store, recordOf('a'));
    await store.close();
    expect((await readFile(join(path, 'var', 'lib', 'data.mdb'))).length).toBeGreaterThan(0);
  });
});

it('rejects updates of a store that is read only', async () => {
  await (await openLmdbStore({ path })).close();
  const reader = await openLmdbStore({ path, readOnly: true });
  await expect(save(reader, recordOf('a'))).rejects.toThrow('opened to be read only');
  expect(() => reader.saw(peerId('partners', '192.0.2.1'), idOf('a'), at(0))).toThrow(StoreError);
  await reader.close();
});

describe('a store that cannot be opened', () => {
  it('says that there is none yet to one who only reads', async () => {
    await expect(openLmdbStore({ path, readOnly: true })).rejects.toThrow(
      `There is no store in ${path} yet. Start the service first, or check the store's path in the configuration.`,
    );
  });

  it.each([
    ['a path that is a file', 'file'],
    ['a path below a file', 'file/store'],
  ])('names %s, and what is expected', async (_what, below) => {
    await writeFile(join(path, 'file'), '');
    const opening = openLmdbStore({ path: join(path, below) });
    await expect(opening).rejects.toThrow(
      /^Cannot open the store in .+file.*: .*not a directory.*must be a directory/is,
    );
    await expect(opening).rejects.toThrow(StoreError);
  });

  it('refuses the database of another program', async () => {
    const foreign = open({ path, noSubdir: false });
    await foreign.put('cache', 'theirs');
    await foreign.close();
    await expect(openLmdbStore({ path })).rejects.toThrow('is not one of Sluice');
  });

  it('refuses a store that a newer version wrote, and leaves it as it is', async () => {
    await (await openLmdbStore({ path })).close();
    await writeSchemaVersion(2);
    await expect(openLmdbStore({ path })).rejects.toThrow(/has layout 2; this version of Sluice knows layouts up to 1/);
    await writeSchemaVersion(1);
    await (await openLmdbStore({ path })).close();
  });

  it.each([
    ['of noise', () => writeFile(dataFile, Buffer.alloc(100_000, 0xa5))],
    ['shorter than its head', () => truncate(dataFile, 5000)],
    ['with its head overwritten', () => overwrite(0, Buffer.alloc(8192))],
    ['of another data format of LMDB', () => overwrite(28, Buffer.from([1]))],
    ['cut near its head', () => truncate(dataFile, 3 * 4096)],
    ['cut in its middle', async () => truncate(dataFile, (await readFile(dataFile)).length / 2)],
  ])('refuses a data file %s', async (_what, damage) => {
    await saveMany(500);
    await damage();
    await expect(openLmdbStore({ path })).rejects.toThrow(/^The store in .+ \(data\.mdb\) is damaged: .+Restore it/);
  });

  it('is opened again once it is repaired', async () => {
    await saveMany(500);
    const whole = await readFile(dataFile);
    await truncate(dataFile, 3 * 4096);
    await expect(openLmdbStore({ path })).rejects.toThrow('is damaged');
    await writeFile(dataFile, whole);
    const store = await openLmdbStore({ path });
    expect(await listed(store)).toHaveLength(500);
    await store.close();
  });
});

it('opens a data file that lacks only pages that nothing refers to', async () => {
  await saveMany(10);
  const file = await readFile(dataFile);
  const pageSize = file.readUInt32LE(48);
  // Both heads now count one page more than the file has.
  for (const head of [0, pageSize]) await overwrite(head + 144, Buffer.from([file.length / pageSize]));
  const store = await openLmdbStore({ path });
  expect(await listed(store)).toHaveLength(10);
  await store.close();
});

it.skipIf(process.platform === 'win32')('rejects what a full disk does not take, and keeps what it took', async () => {
  // Ignoring SIGXFSZ makes a write past the limit fail as on a full disk.
  const limited = 'trap "" XFSZ; ulimit -f 1200; exec "$0" "$@"';
  const args = ['-c', limited, process.execPath, FULL_DISK_WRITER, path];
  const { stdout } = await promisify(execFile)('sh', args);
  const { saved, lost, rejections } = JSON.parse(stdout) as FullDiskReport;
  expect({ lost, someSaved: saved.length > 0, rejected: rejections.length }).toStrictEqual({
    lost: 0,
    someSaved: true,
    rejected: 50,
  });
  expect(rejections[0]?.message).toMatch(
    /^Cannot save to the store in .+: .+\. Nothing was changed\. Check that the disk has room and is sound/,
  );
  const store = await openLmdbStore({ path });
  expect((await listed(store)).map(({ id }) => id)).toStrictEqual([...saved].sort());
  await store.close();
});

interface FullDiskReport {
  readonly saved: readonly ServerId[];
  readonly lost: number;
  readonly rejections: readonly { readonly message: string }[];
}

async function saveMany(count: number): Promise<void> {
  const store = await openLmdbStore({ path });
  await Promise.all(Array.from({ length: count }, (_, index) => save(store, recordOf(`host-${index}`))));
  await store.close();
}

async function overwrite(position: number, bytes: Buffer): Promise<void> {
  const file = await openFile(dataFile, 'r+');
  await file.write(bytes, 0, bytes.length, position);
  await file.close();
}

async function writeSchemaVersion(version: number): Promise<void> {
  const root = open({ path, noSubdir: false, overlappingSync: false });
  root
    .openDB<number, Uint8Array>('about', { encoding: 'json', keyEncoding: 'binary' })
    .putSync(Buffer.from('schema'), version);
  await root.close();
}
