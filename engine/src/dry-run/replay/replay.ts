import type { CompiledPolicySet } from '../../decision/compiled-policy-set.js';
import { decide } from '../../decision/decide.js';
import type { ServerRecord } from '../../decision/server-record.js';
import { DEFAULT_PEER_WINDOW, Judge, type JudgedConnection, type Judgement } from '../../judgement/judge.js';
import type { Awaitable } from '../../policy/awaitable.js';
import type { DurationMillis } from '../../policy/duration.js';
import { type EpochMillis, epochMillis } from '../../policy/instant.js';
import { createMemoryStore } from '../../state/memory-store.js';
import { detectServer } from '../../traffic/detect-server.js';
import type { Detection } from '../../traffic/detection.js';
import type { LogRecord } from '../../traffic/logs/log-record.js';

export interface ReplayOptions {
  /** As the service is configured; its default where absent. */
  readonly peerWindow?: DurationMillis;
  /** What is added to each instant of the log; servers are first detected by the log's own clock for all that. */
  readonly shift: DurationMillis;
  /** What is remembered before the log begins. */
  readonly servers?: Iterable<ServerRecord>;
}

/** What a record of a log would have met. */
export interface ReplayedRecord extends Judgement {
  readonly log: LogRecord;
  readonly at: EpochMillis;
}

/** What is kept of a record: not the log's own, which would keep all that was read with it. */
export type KeptRecord = Pick<ReplayedRecord, 'decision' | 'record' | 'at'>;

/** See {@link KeptRecord}. */
export function keptOf({ decision, record, at }: ReplayedRecord): KeptRecord {
  return { decision, record, at };
}

/**
 * Decides again for the records of a log, one after the other, as the service would have: by the same judge, with the clock of
 * the log, and a memory of servers that the log itself fills.
 */
export class Replay {
  readonly #compiled: CompiledPolicySet;
  readonly #shift: DurationMillis;
  readonly #store = createMemoryStore();
  readonly #judge: Judge;

  constructor(compiled: CompiledPolicySet, { peerWindow = DEFAULT_PEER_WINDOW, shift, servers = [] }: ReplayOptions) {
    this.#compiled = compiled;
    this.#shift = shift;
    this.#judge = new Judge({ policies: () => compiled, store: this.#store, peerWindow });
    for (const server of servers) this.#save(server);
  }

  take(log: LogRecord): ReplayedRecord {
    const at = epochMillis(log.at + this.#shift);
    const connection = { facts: log.facts, queueId: log.id, instance: log.instance };
    const judged = this.#judgement(connection, log, at);
    const { decision, record, isFirstDetection, awaitsHeaders } =
      this.#shift !== 0 && judged.isFirstDetection ? this.#detectedInLog(judged, log, at) : judged;
    return { decision, record, isFirstDetection, awaitsHeaders, log, at };
  }

  /** The records of all servers that the replay knows now. */
  servers(): AsyncIterable<ServerRecord> {
    return this.#store.list();
  }

  #judgement(connection: JudgedConnection, { moment, detection, headers }: LogRecord, at: EpochMillis): Judgement {
    if (moment === 'connection') return atOnce(this.#judge.connection(connection, at));
    const told = detection ?? (headers === undefined ? NO_HEADERS : detectServer(headers));
    return atOnce(this.#judge.message(connection, told, at));
  }

  /** A server that the log shows for the first time was first detected then, not at the shifted instant. */
  #detectedInLog(judged: Judgement, log: LogRecord, at: EpochMillis): Judgement {
    if (judged.record === undefined) return judged;
    const record = { ...judged.record, firstDetected: log.at };
    this.#save(record);
    return { ...judged, record, decision: decide(this.#compiled, log.facts, record, at) };
  }

  #save(record: ServerRecord): void {
    atOnce(this.#store.update(record.id, () => ({ record, durability: 'soon', result: undefined })));
  }
}

/** Of messages in logs without headers: the server is then told by its connection. */
const NO_HEADERS: Detection = { found: false, reason: 'no-received', message: 'The log has no headers.' };

/** A store in memory answers at once, and so does a judge with one. */
function atOnce<T>(value: Awaitable<T>): T {
  if (value instanceof Promise) throw new Error('A store in memory did not answer at once');
  return value;
}
