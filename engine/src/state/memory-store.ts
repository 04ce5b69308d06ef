import type { ServerId, ServerRecord } from '../decision/server-record.js';
import type { EpochMillis } from '../policy/instant.js';
import type { PeerId, PeerSighting, RecordUpdate, ServerStore } from './server-store.js';
import { sightingsSince, withSighting } from './sightings.js';
import { closedStoreError } from './store-error.js';
import { storeKey } from './store-key.js';

/**
 * A store in memory, for tests and trying out. All is forgotten when the process ends, so `durable` means no more than
 * `soon`, and memory grows with the number of servers and peers.
 */
export function createMemoryStore(): ServerStore {
  return new MemoryStore();
}

class MemoryStore implements ServerStore {
  readonly #records = new Map<ServerId, ServerRecord>();
  readonly #peers = new Map<PeerId, readonly PeerSighting[]>();
  #closed = false;

  get(id: ServerId): ServerRecord | undefined {
    this.#assertOpen();
    return this.#records.get(id);
  }

  update<T>(id: ServerId, change: (record: ServerRecord | undefined) => RecordUpdate<T>): T {
    this.#assertOpen();
    const { record, result } = change(this.#records.get(id));
    if (record !== undefined) this.#records.set(id, record);
    return result;
  }

  saw(peer: PeerId, server: ServerId, at: EpochMillis): void {
    this.#assertOpen();
    const sightings = withSighting(this.#peers.get(peer) ?? [], server, at);
    if (sightings !== undefined) this.#peers.set(peer, sightings);
  }

  seenFrom(peer: PeerId, since: EpochMillis): readonly PeerSighting[] {
    this.#assertOpen();
    return sightingsSince(this.#peers.get(peer) ?? [], since);
  }

  async *list(): AsyncGenerator<ServerRecord> {
    this.#assertOpen();
    const keyed = [...this.#records.keys()].map((id) => ({ id, key: storeKey(id) }));
    for (const { id } of keyed.sort((a, b) => Buffer.compare(a.key, b.key))) {
      this.#assertOpen();
      const record = this.#records.get(id);
      if (record !== undefined) yield record;
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  #assertOpen(): void {
    if (this.#closed) throw closedStoreError();
  }
}
