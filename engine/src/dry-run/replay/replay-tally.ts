import type { Action, Decision } from '../../decision/decision.js';
import type { DurationMillis } from '../../policy/duration.js';
import { type EpochMillis, epochMillis } from '../../policy/instant.js';
import type { LogReport } from '../../traffic/logs/log-report.js';
import { type KeptRecord, keptOf, type ReplayedRecord } from './replay.js';
import type { ActionCounts, PolicyReport, ReplayReport, ServerReport } from './replay-report.js';
import { retryOutcome } from './retry-schedule.js';

const DAY_MILLIS = 86_400_000;

type Counts = { -readonly [A in Action]: number };

interface PolicyTally extends Counts {
  readonly kind: PolicyReport['kind'];
  readonly decision: Decision;
  readonly servers: Set<string>;
  wouldRefuse: number;
  readonly stages: Map<string, Counts>;
}

interface ServerTally extends Counts {
  readonly server: string;
  last: KeptRecord;
  firstRefusal: EpochMillis | undefined;
  refusedConnections: number;
  refusedMessages: number;
  longestDelay: DurationMillis | undefined;
  lostAfterRetry: number;
}

/** Counts what records met. It grows with the servers that a policy or an exemption decided for, not with the log. */
export class ReplayTally {
  readonly #all = noCounts();
  readonly #policies = new Map<string, PolicyTally>();
  readonly #connectors = new Map<string, Counts>();
  readonly #servers = new Map<string, ServerTally>();
  readonly #days = new Map<number, Counts>();
  #otherRecords = 0;
  #awaitHeaders = 0;
  #from = Number.POSITIVE_INFINITY;
  #until = Number.NEGATIVE_INFINITY;

  add(replayed: ReplayedRecord): void {
    const { decision, at } = replayed;
    const { action } = decision;
    this.#all[action]++;
    if (replayed.awaitsHeaders) this.#awaitHeaders++;
    if (at < this.#from) this.#from = at;
    if (at > this.#until) this.#until = at;
    countsIn(this.#connectors, decision.connector ?? '')[action]++;
    countsIn(this.#days, Math.floor(at / DAY_MILLIS))[action]++;
    this.#addToPolicy(decision);
    if (decision.policy === undefined && decision.exemption === undefined) this.#otherRecords++;
    else this.#addToServer(replayed);
  }

  #addToPolicy(decision: Decision): void {
    const tally = this.#policyTally(decision);
    tally[decision.action]++;
    if (decision.wouldBe !== undefined && decision.wouldBe.action !== 'accept') tally.wouldRefuse++;
    if (decision.server !== undefined && tally.kind !== 'none') tally.servers.add(decision.server);
    if (decision.stage !== undefined) countsIn(tally.stages, decision.stage)[decision.action]++;
  }

  #policyTally(decision: Decision): PolicyTally {
    const kind = decision.exemption !== undefined ? 'exemption' : decision.policy !== undefined ? 'policy' : 'none';
    const key = `${kind} ${decision.exemption ?? decision.policy ?? ''}`;
    const known = this.#policies.get(key);
    if (known !== undefined) return known;
    const tally = {
      ...noCounts(),
      kind,
      decision,
      servers: new Set<string>(),
      wouldRefuse: 0,
      stages: new Map(),
    } as const;
    this.#policies.set(key, tally);
    return tally;
  }

  #addToServer(replayed: ReplayedRecord): void {
    const { decision, at, log } = replayed;
    const server = decision.server ?? UNKNOWN_SERVER;
    const tally = this.#servers.get(server) ?? this.#beginServer(server, keptOf(replayed));
    tally.last = keptOf(replayed);
    tally[decision.action]++;
    if (decision.action === 'accept') return;
    tally.firstRefusal ??= at;
    if (log.moment === 'connection') tally.refusedConnections++;
    else tally.refusedMessages++;
    if (decision.action === 'throttle') addRetry(tally, decision, replayed);
  }

  #beginServer(server: string, last: KeptRecord): ServerTally {
    const tally: ServerTally = {
      ...noCounts(),
      server,
      last,
      firstRefusal: undefined,
      refusedConnections: 0,
      refusedMessages: 0,
      longestDelay: undefined,
      lostAfterRetry: 0,
    };
    this.#servers.set(server, tally);
    return tally;
  }

  report(revision: string, logs: LogReport, shift: DurationMillis): ReplayReport {
    const records = this.#all.accept + this.#all.throttle + this.#all.block;
    return {
      revision,
      logs,
      shift,
      records,
      ...this.#all,
      awaitHeaders: this.#awaitHeaders,
      ...(records === 0 ? {} : { from: epochMillis(this.#from), until: epochMillis(this.#until) }),
      policies: [...this.#policies.values()].map(policyReport).sort(byRecords),
      connectors: [...this.#connectors].map(([connector, counts]) => ({ connector, ...counts })).sort(byRecords),
      servers: [...this.#servers.values()].map(serverReport).sort(byRefusals),
      otherRecords: this.#otherRecords,
      days: [...this.#days]
        .map(([day, counts]) => ({ day: epochMillis(day * DAY_MILLIS), ...counts }))
        .sort((a, b) => a.day - b.day),
    };
  }
}

/** Where a policy decided for a connection of which no server is known. */
const UNKNOWN_SERVER = '';

function addRetry(tally: ServerTally, { window }: Decision, { at, record }: ReplayedRecord): void {
  if (window === undefined) return;
  const outcome = retryOutcome(at, window, record !== undefined && record.versions.length > 0);
  if (outcome.kind !== 'delivered') tally.lostAfterRetry++;
  else if (outcome.delay > (tally.longestDelay ?? -1)) tally.longestDelay = outcome.delay;
}

function noCounts(): Counts {
  return { accept: 0, throttle: 0, block: 0 };
}

function countsIn<K>(counts: Map<K, Counts>, key: K): Counts {
  const known = counts.get(key);
  if (known !== undefined) return known;
  const begun = noCounts();
  counts.set(key, begun);
  return begun;
}

function policyReport({ kind, decision, servers, wouldRefuse, stages, ...counts }: PolicyTally): PolicyReport {
  const { accept, throttle, block } = counts;
  return {
    kind,
    name: decision.exemption ?? decision.policy ?? '',
    ...(decision.mode === undefined ? {} : { mode: decision.mode }),
    ...(decision.source === undefined ? {} : { source: decision.source }),
    servers: servers.size,
    wouldRefuse,
    accept,
    throttle,
    block,
    stages: [...stages].map(([stage, each]) => ({ stage, ...each })),
  };
}

function serverReport(tally: ServerTally): ServerReport {
  const { decision, record, at } = tally.last;
  const version = record?.detectedVersion ?? record?.versions[0]?.version;
  return {
    server: record?.name ?? tally.server,
    connector: decision.connector ?? '',
    ...(version === undefined ? {} : { version }),
    ...(decision.policy === undefined ? {} : { policy: decision.policy }),
    ...(decision.stage === undefined ? {} : { stage: decision.stage }),
    ...(decision.exemption === undefined ? {} : { exemption: decision.exemption }),
    ...(record?.firstDetected === undefined ? {} : { firstDetected: record.firstDetected }),
    ...(tally.firstRefusal === undefined ? {} : { firstRefusal: tally.firstRefusal }),
    lastSeen: at,
    accept: tally.accept,
    throttle: tally.throttle,
    block: tally.block,
    refusedConnections: tally.refusedConnections,
    refusedMessages: tally.refusedMessages,
    ...(tally.longestDelay === undefined ? {} : { longestDelay: tally.longestDelay }),
    lostAfterRetry: tally.lostAfterRetry,
  };
}

function totalOf({ accept, throttle, block }: ActionCounts): number {
  return accept + throttle + block;
}

function byRecords(a: ActionCounts, b: ActionCounts): number {
  return totalOf(b) - totalOf(a);
}

function byRefusals(a: ServerReport, b: ServerReport): number {
  return b.throttle + b.block - (a.throttle + a.block) || totalOf(b) - totalOf(a) || (a.server < b.server ? -1 : 1);
}
