import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ServerId, ServerRecord } from '../decision/server-record.js';
import type { Awaitable } from '../policy/awaitable.js';
import type { EpochMillis } from '../policy/instant.js';
import { type LmdbEnvironment, openLmdbEnvironment } from './lmdb-environment.js';
import type { PeerId, PeerSighting, RecordUpdate, ServerStore } from './server-store.js';
import { sightingsSince, withSighting } from './sightings.js';
import { closedStoreError, StoreError } from './store-error.js';
import { storeKey } from './store-key.js';

/** How an embedded store is opened. */
export interface LmdbStoreOptions {
  /** Directory of the store, made where it is missing. On a local disk: LMDB's locks fail on network file systems. */
  readonly path: string;
  /** For looking at a store while the service runs: updates fail, and a missing store is an error. */
  readonly readOnly?: boolean;
}

const CHECK_DISK = 'Check that the disk has room and is sound, then restart the service if this goes on.';

/** Records read at a time by `list`. */
const LIST_PAGE_RECORDS = 256;

/**
 * Opens the embedded store: LMDB in one directory, nothing held in memory but the pages that the system caches.
 *
 * Reads answer at once. Every update that changes something waits for its commit, and a commit is on disk before it is answered: `soon` is as
 * safe as `durable` here. Updates that come while a commit is being written share the next one, so that a flush is paid
 * for many. Several processes may open one store: readers never wait, and writers take turns.
 *
 * @throws StoreError where the directory cannot be used, the file is damaged, or it was written by a newer version
 */
export async function openLmdbStore(options: LmdbStoreOptions): Promise<ServerStore> {
  const { path, readOnly = false } = options;
  return new LmdbStore(path, readOnly, await openLmdbEnvironment(path, readOnly));
}

/** What ran inside a transaction: an error of the caller must not pass for one of the store. */
type Attempt<T> = { readonly ok: true; readonly result: T } | { readonly ok: false; readonly error: unknown };

class LmdbStore implements ServerStore {
  readonly #path: string;
  readonly #readOnly: boolean;
  readonly #environment: LmdbEnvironment;
  /** The writes under way, each with what rejects it. */
  readonly #writes = new Map<Promise<unknown>, (error: StoreError) => void>();
  /** How many updates of a record are under way, by id. */
  readonly #updating = new Map<ServerId, number>();
  #closing: Promise<void> | undefined;

  constructor(path: string, readOnly: boolean, environment: LmdbEnvironment) {
    this.#path = path;
    this.#readOnly = readOnly;
    this.#environment = environment;
  }

  get(id: ServerId): ServerRecord | undefined {
    return this.#read(() => this.#environment.records.get(storeKey(id)));
  }

  update<T>(id: ServerId, change: (record: ServerRecord | undefined) => RecordUpdate<T>): Awaitable<T> {
    this.#assertWritable();
    const key = storeKey(id);
    // Many updates change nothing; they need no transaction unless they come after one that may.
    if (!this.#updating.has(id)) {
      const stored = this.#read(() => this.#environment.records.get(key));
      const { record, result } = change(stored);
      if (record === undefined) return result;
    }
    return this.#commit(id, key, change);
  }

  async #commit<T>(
    id: ServerId,
    key: Uint8Array,
    change: (record: ServerRecord | undefined) => RecordUpdate<T>,
  ): Promise<T> {
    const { records } = this.#environment;
    this.#count(id, 1);
    try {
      return await this.#write(() => {
        const { record, result } = change(records.get(key));
        return { result, save: record === undefined ? undefined : () => records.put(key, record) };
      });
    } finally {
      this.#count(id, -1);
    }
  }

  saw(peer: PeerId, server: ServerId, at: EpochMillis): Awaitable<void> {
    this.#assertWritable();
    const key = storeKey(peer);
    const { peers } = this.#environment;
    const stored = this.#read(() => peers.get(key));
    if (withSighting(stored ?? [], server, at) === undefined) return;
    return this.#write(() => {
      const sightings = withSighting(peers.get(key) ?? [], server, at);
      return { result: undefined, save: sightings === undefined ? undefined : () => peers.put(key, sightings) };
    });
  }

  seenFrom(peer: PeerId, since: EpochMillis): readonly PeerSighting[] {
    const stored = this.#read(() => this.#environment.peers.get(storeKey(peer)));
    return sightingsSince(stored ?? [], since);
  }

  /** Reads page by page and holds no snapshot, so that a slow reader does not keep LMDB from reusing its space. */
  async *list(): AsyncGenerator<ServerRecord> {
    let after: Uint8Array | undefined;
    for (;;) {
      const page = this.#read(() => this.#pageAfter(after));
      for (const { value } of page) yield value;
      const last = page.at(-1);
      if (last === undefined || page.length < LIST_PAGE_RECORDS) return;
      after = last.key;
      await nextTurn();
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#shutDown();
    return this.#closing;
  }

  #pageAfter(after: Uint8Array | undefined): { readonly key: Uint8Array; readonly value: ServerRecord }[] {
    const start = after === undefined ? {} : { start: after, exclusiveStart: true };
    return [...this.#environment.records.getRange({ ...start, limit: LIST_PAGE_RECORDS })];
  }

  #read<T>(action: () => T): T {
    if (this.#closing !== undefined) throw closedStoreError(this.#path);
    try {
      return action();
    } catch (cause) {
      throw new StoreError(`Cannot read the store in ${this.#path}: ${messageOf(cause)}. ${CHECK_DISK}`, {
        path: this.#path,
        cause,
      });
    }
  }

  /** Runs an action with the newest state and saves what it asks for, in one transaction. */
  async #write<T>(action: () => { readonly result: T; readonly save: (() => unknown) | undefined }): Promise<T> {
    const attempt = await this.#transact((): Attempt<T> => {
      let asked: ReturnType<typeof action>;
      try {
        asked = action();
      } catch (error) {
        return { ok: false, error };
      }
      asked.save?.();
      return { ok: true, result: asked.result };
    });
    if (!attempt.ok) throw attempt.error;
    return attempt.result;
  }

  #transact<T>(action: () => T): Promise<T> {
    let rejectWrite: (error: StoreError) => void = () => {};
    const write = new Promise<T>((resolve, reject) => {
      rejectWrite = reject;
      this.#environment.root.transaction(action).then(resolve, async (error) => reject(await this.#explain(error)));
    });
    this.#writes.set(write, rejectWrite);
    return write.finally(() => this.#writes.delete(write));
  }

  /** Says why a commit failed; where LMDB can go on no more, the writes behind it would wait for ever and are rejected. */
  async #explain(error: unknown): Promise<StoreError> {
    const cause = await causeOfFailedCommit(error);
    const failure = new StoreError(
      `Cannot save to the store in ${this.#path}: ${messageOf(cause)}. Nothing was changed. ${CHECK_DISK}`,
      { path: this.#path, cause },
    );
    if (!this.#isReadable()) for (const reject of this.#writes.values()) reject(failure);
    return failure;
  }

  #isReadable(): boolean {
    try {
      this.#environment.root.resetReadTxn();
      this.#environment.records.doesExist(storeKey(''));
      return true;
    } catch {
      return false;
    }
  }

  #assertWritable(): void {
    if (this.#closing !== undefined) throw closedStoreError(this.#path);
    if (!this.#readOnly) return;
    throw new StoreError(`The store in ${this.#path} was opened to be read only, so nothing can be saved to it.`, {
      path: this.#path,
    });
  }

  #count(id: ServerId, step: 1 | -1): void {
    const count = (this.#updating.get(id) ?? 0) + step;
    if (count === 0) this.#updating.delete(id);
    else this.#updating.set(id, count);
  }

  async #shutDown(): Promise<void> {
    await Promise.allSettled(this.#writes.keys());
    // Closing an environment that LMDB has given up on never returns; what was answered is on disk already.
    if (this.#isReadable()) await this.#environment.root.close();
  }
}

/** lmdb rejects with an error that has the promise of the real one. */
async function causeOfFailedCommit(error: unknown): Promise<unknown> {
  if (!(error instanceof Error && 'commitError' in error)) return error;
  try {
    await error.commitError;
    return error;
  } catch (cause) {
    return cause;
  }
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
