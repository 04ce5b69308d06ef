import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ServerId, type ServerRecord, serverId } from '../decision/server-record.js';
import { type EpochMillis, epochMillis } from '../policy/instant.js';
import { openLmdbStore } from './lmdb-store.js';
import { createMemoryStore } from './memory-store.js';
import type { ServerStore } from './server-store.js';

/** A store under test; `reopen` closes it and gives it back as a new process would find it. */
export interface StoreUnderTest {
  readonly store: ServerStore;
  /** Absent for a store that forgets all when it is closed. */
  readonly reopen?: () => Promise<ServerStore>;
  readonly remove: () => Promise<void>;
}

/** The stores that must all keep the contract of `ServerStore`. */
export const STORES: readonly { readonly name: string; readonly open: () => Promise<StoreUnderTest> }[] = [
  { name: 'the memory store', open: openMemory },
  { name: 'the LMDB store', open: openLmdb },
];

/** A directory of its own, and what removes it. */
export async function temporaryDirectory(): Promise<{ readonly path: string; readonly remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'sluice-store-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** 2026-01-01T00:00:00Z plus some milliseconds. */
export function at(millis: number): EpochMillis {
  return epochMillis(Date.UTC(2026, 0, 1) + millis);
}

/** A record of a server of the connector `partners`. */
export function recordOf(name: string, changes: Partial<ServerRecord> = {}): ServerRecord {
  return {
    id: idOf(name),
    connector: 'partners',
    name,
    firstSeen: at(0),
    lastSeen: at(0),
    versions: [],
    pauses: [],
    refusals: [],
    ...changes,
  };
}

/** Its id. */
export function idOf(name: string): ServerId {
  return serverId('partners', name);
}

/** Saves a record as it is. */
export async function save(store: ServerStore, record: ServerRecord): Promise<void> {
  await store.update(record.id, () => ({ record, durability: 'durable', result: undefined }));
}

/** All that a store lists. */
export async function listed(store: ServerStore): Promise<ServerRecord[]> {
  const records: ServerRecord[] = [];
  for await (const record of store.list()) records.push(record);
  return records;
}

async function openMemory(): Promise<StoreUnderTest> {
  return { store: createMemoryStore(), remove: async () => {} };
}

async function openLmdb(): Promise<StoreUnderTest> {
  const { path, remove } = await temporaryDirectory();
  let store = await openLmdbStore({ path });
  const reopen = async () => {
    await store.close();
    store = await openLmdbStore({ path });
    return store;
  };
  const closeAndRemove = async () => {
    await store.close();
    await remove();
  };
  return { store, reopen, remove: closeAndRemove };
}
