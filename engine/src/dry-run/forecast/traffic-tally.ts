import type { ServerId, ServerRecord } from '../../decision/server-record.js';
import { durationMillis, formatDuration } from '../../policy/duration.js';
import type { Facts } from '../../policy/fact.js';
import { type EpochMillis, epochMillis } from '../../policy/instant.js';
import type { ReplayedRecord } from '../replay/replay.js';
import type { KnownServer } from './server-spans.js';

const HOUR_MILLIS = 3_600_000;
const DAY_MILLIS = 86_400_000;

interface ServerTraffic {
  facts: Facts;
  connections: number;
  messages: number;
}

/** Learns from the records of logs what a forecast needs of each server: what its connections are like, and how many. */
export class TrafficTally {
  readonly #servers = new Map<ServerId, ServerTraffic>();
  #from = Number.POSITIVE_INFINITY;
  #until = Number.NEGATIVE_INFINITY;

  add({ record, log, at }: Pick<ReplayedRecord, 'record' | 'log' | 'at'>): void {
    if (at < this.#from) this.#from = at;
    if (at > this.#until) this.#until = at;
    if (record === undefined) return;
    const known = this.#servers.get(record.id);
    const traffic = known ?? { facts: log.facts, connections: 0, messages: 0 };
    if (known === undefined) this.#servers.set(record.id, traffic);
    traffic.facts = log.facts;
    if (log.moment === 'message') traffic.messages++;
    else traffic.connections++;
  }

  /** The last instant of the logs; undefined where they hold nothing that can be decided. */
  get until(): EpochMillis | undefined {
    return Number.isFinite(this.#until) ? epochMillis(this.#until) : undefined;
  }

  /** What the reader must know of the rates. */
  *notes(): Generator<string> {
    if (this.#servers.size === 0) return;
    const span = formatDuration(durationMillis(this.#spanMillis));
    yield `Messages a day: as many as each server sent in the logs, which span ${span}; where they have only connections of a server, each stands for a message.`;
  }

  /** At least an hour, so that a few records are not taken for a flood. */
  get #spanMillis(): number {
    return Math.max(this.#until - this.#from, HOUR_MILLIS);
  }

  /** A server with its traffic. Where a log has only connections of it, each of them stands for a message. */
  knownServer(record: ServerRecord): KnownServer {
    const traffic = this.#servers.get(record.id);
    if (traffic === undefined) return this.#servers.size === 0 ? { record } : { record, messagesPerDay: 0 };
    const { facts, messages, connections } = traffic;
    return { record, facts, messagesPerDay: (messages > 0 ? messages : connections) / (this.#spanMillis / DAY_MILLIS) };
  }
}
