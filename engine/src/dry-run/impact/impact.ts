import type { CompiledPolicySet } from '../../decision/compiled-policy-set.js';
import type { Action, Decision } from '../../decision/decision.js';
import { type Difference, diffOf, type PolicySetDiff } from '../../decision/diff/diff-policy-sets.js';
import { DifferenceLocator } from '../../decision/diff/difference-locator.js';
import { outcomeDiagrams, type Pair } from '../../decision/diff/outcome-diagrams.js';
import { selectionOf } from '../../decision/make-selection.js';
import { type EpochMillis, epochMillis } from '../../policy/instant.js';
import type { LogRecord } from '../../traffic/logs/log-record.js';
import type { LogReport } from '../../traffic/logs/log-report.js';
import { type KeptRecord, keptOf, Replay, type ReplayedRecord, type ReplayOptions } from '../replay/replay.js';
import type { ImpactReport, RegionTraffic, ServerChange, Transition } from './impact-report.js';

interface RegionTally {
  readonly servers: Set<string>;
  connections: number;
  messages: number;
  changed: number;
}

interface ServerTally {
  readonly server: string;
  records: number;
  changed: number;
  firstChange: EpochMillis;
  lastChange: EpochMillis;
  readonly refusals: { before: number; after: number };
  last: Pair<KeptRecord>;
}

/** Decides for the records of a log under two policy sets side by side, and counts what differs and where. */
export class Impact {
  readonly diff: PolicySetDiff;
  readonly #sets: Pair<CompiledPolicySet>;
  readonly #replays: Pair<Replay>;
  readonly #locator: DifferenceLocator;
  readonly #regions = new Map<Difference, RegionTally>();
  readonly #servers = new Map<string, ServerTally>();
  readonly #transitions = new Map<string, { readonly before: Action; readonly after: Action; records: number }>();
  #records = 0;
  #changed = 0;
  #unchangedRegion = 0;
  #changedByHistory = 0;
  #from = Number.POSITIVE_INFINITY;
  #until = Number.NEGATIVE_INFINITY;

  /** @param now the instant at which examples are placed where a difference does not depend on the time */
  constructor(sets: Pair<CompiledPolicySet>, options: ReplayOptions, now: EpochMillis) {
    const policySets = { before: sets.before.policySet, after: sets.after.policySet };
    const diagrams = outcomeDiagrams(policySets.before, policySets.after);
    this.#sets = sets;
    this.diff = diffOf(diagrams, policySets, now);
    this.#replays = { before: new Replay(sets.before, options), after: new Replay(sets.after, options) };
    this.#locator = new DifferenceLocator(diagrams, this.diff.differences, {
      before: sets.before.connectorIndex,
      after: sets.after.connectorIndex,
    });
  }

  take(log: LogRecord): void {
    const both = { before: this.#replays.before.take(log), after: this.#replays.after.take(log) };
    const { at } = both.after;
    const isChanged = !isAlike(both.before.decision, both.after.decision);
    this.#records++;
    if (isChanged) this.#changed++;
    if (at < this.#from) this.#from = at;
    if (at > this.#until) this.#until = at;
    this.#countTransition(both.before.decision.action, both.after.decision.action);
    this.#countRegion(both, isChanged);
    this.#countServer(both, isChanged);
  }

  #countTransition(before: Action, after: Action): void {
    const key = `${before} ${after}`;
    const known = this.#transitions.get(key);
    if (known === undefined) this.#transitions.set(key, { before, after, records: 1 });
    else known.records++;
  }

  #countRegion({ before, after }: Pair<ReplayedRecord>, isChanged: boolean): void {
    const { log } = after;
    const difference = this.#differenceOf(after, this.#sets.after) ?? this.#differenceOf(before, this.#sets.before);
    if (difference === undefined) {
      this.#unchangedRegion++;
      if (isChanged) this.#changedByHistory++;
      return;
    }
    const tally = this.#regions.get(difference) ?? {
      servers: new Set<string>(),
      connections: 0,
      messages: 0,
      changed: 0,
    };
    this.#regions.set(difference, tally);
    tally.servers.add(serverKey(after));
    if (log.moment === 'connection') tally.connections++;
    else tally.messages++;
    if (isChanged) tally.changed++;
  }

  #differenceOf({ log, record, at }: ReplayedRecord, set: CompiledPolicySet): Difference | undefined {
    return this.#locator.find(selectionOf(set, log.facts, record, at));
  }

  #countServer(both: Pair<ReplayedRecord>, isChanged: boolean): void {
    const server = serverKey(both.after);
    const known = this.#servers.get(server);
    // Servers that never change are not kept: there may be millions of them.
    if (known === undefined && !isChanged) return;
    const tally = known ?? beginServer(server, both);
    this.#servers.set(server, tally);
    tally.records++;
    tally.last = { before: keptOf(both.before), after: keptOf(both.after) };
    if (both.before.decision.action !== 'accept') tally.refusals.before++;
    if (both.after.decision.action !== 'accept') tally.refusals.after++;
    if (!isChanged) return;
    tally.changed++;
    tally.lastChange = both.after.at;
  }

  report(names: Pair<string>, logs: LogReport): ImpactReport {
    const { equivalent, isCut, differences } = this.diff;
    return {
      names,
      revisions: { before: this.#sets.before.policySet.revision, after: this.#sets.after.policySet.revision },
      logs,
      equivalent,
      isCut,
      records: this.#records,
      ...(this.#records === 0 ? {} : { from: epochMillis(this.#from), until: epochMillis(this.#until) }),
      changed: this.#changed,
      transitions: [...this.#transitions.values()].map((each): Transition => ({ ...each })),
      regions: differences.map((difference) => this.#regionTraffic(difference)),
      unchangedRegion: this.#unchangedRegion,
      changedByHistory: this.#changedByHistory,
      servers: [...this.#servers.values()].map(serverChange).sort((a, b) => b.changed - a.changed),
    };
  }

  #regionTraffic(difference: Difference): RegionTraffic {
    const tally = this.#regions.get(difference);
    if (tally === undefined) return { difference, servers: 0, connections: 0, messages: 0, changed: 0 };
    const { servers, connections, messages, changed } = tally;
    return { difference, servers: servers.size, connections, messages, changed };
  }
}

/** Whether the mail server is answered alike, and the server's admin is told the same. */
function isAlike(a: Decision, b: Decision): boolean {
  return (
    a.action === b.action &&
    a.reply?.code === b.reply?.code &&
    a.reply?.status === b.reply?.status &&
    a.reply?.text === b.reply?.text
  );
}

function serverKey({ decision, log }: ReplayedRecord): string {
  return decision.server ?? log.facts['client.address']?.text ?? '';
}

function beginServer(server: string, last: Pair<ReplayedRecord>): ServerTally {
  const { at } = last.after;
  const kept = { before: keptOf(last.before), after: keptOf(last.after) };
  return {
    server,
    records: 0,
    changed: 0,
    firstChange: at,
    lastChange: at,
    refusals: { before: 0, after: 0 },
    last: kept,
  };
}

function serverChange({ server, last, ...tally }: ServerTally): ServerChange {
  const { decision, record } = last.after;
  const version = record?.detectedVersion ?? record?.versions[0]?.version;
  return {
    server: record?.name ?? server,
    connector: decision.connector ?? '',
    ...(version === undefined ? {} : { version }),
    records: tally.records,
    changed: tally.changed,
    firstChange: tally.firstChange,
    lastChange: tally.lastChange,
    refusals: { ...tally.refusals },
    last: { before: treatmentOf(last.before.decision), after: treatmentOf(decision) },
  };
}

function treatmentOf({ action, policy, stage }: Decision): ServerChange['last']['after'] {
  return { action, ...(policy === undefined ? {} : { policy }), ...(stage === undefined ? {} : { stage }) };
}
