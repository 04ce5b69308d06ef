import { JoinedNames } from '../decision/joined-names.js';
import type { ServerId, ServerRecord } from '../decision/server-record.js';
import type { Awaitable } from '../policy/awaitable.js';
import type { EpochMillis } from '../policy/instant.js';

/** What a peer is before DATA: its connector with the name in its verified certificate, or its address. */
export type PeerId = string & { readonly [peerIdBrand]: true };
declare const peerIdBrand: unique symbol;

const peerIds = new JoinedNames();

/** Makes the key of a peer; `peer` is a certificate name or an address. */
export function peerId(connector: string, peer: string): PeerId {
  return peerIds.of(connector, peer) as PeerId;
}

/** A server that was seen from a peer. */
export interface PeerSighting {
  readonly server: ServerId;
  readonly lastSeen: EpochMillis;
}

/** `durable`: on disk before the update is answered. `soon`: readable at once, on disk within a second. */
export type Durability = 'durable' | 'soon';

/** What an update makes of a record. */
export interface RecordUpdate<T> {
  /** The record to save; undefined leaves what is stored as it is. */
  readonly record?: ServerRecord;
  readonly durability: Durability;
  readonly result: T;
}

/**
 * Remembers servers. A store only loads and saves; what a record means is decided elsewhere. What is at hand is answered at
 * once; a fault is thrown then, and rejects otherwise.
 */
export interface ServerStore {
  get(id: ServerId): Awaitable<ServerRecord | undefined>;
  /**
   * Reads, changes and saves one record in one atomic step; updates of one record never overlap. `change` is
   * synchronous and may be called again. Fails where the record cannot be saved (disk full): then nothing changed.
   */
  update<T>(id: ServerId, change: (record: ServerRecord | undefined) => RecordUpdate<T>): Awaitable<T>;
  /** Remembers that a server was seen from a peer; at most 64 servers a peer, the latest kept. */
  saw(peer: PeerId, server: ServerId, at: EpochMillis): Awaitable<void>;
  /** The servers seen from a peer since an instant, the latest first. */
  seenFrom(peer: PeerId, since: EpochMillis): Awaitable<readonly PeerSighting[]>;
  /** All records in the order of their keys, streamed. */
  list(): AsyncIterable<ServerRecord>;
  /** Writes what is not yet on disk, and closes. */
  close(): Promise<void>;
}
