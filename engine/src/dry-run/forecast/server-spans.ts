import type { CompiledPolicySet } from '../../decision/compiled-policy-set.js';
import { countedVersion } from '../../decision/counted-version.js';
import type { Decision } from '../../decision/decision.js';
import { type Observation, observeAndDecide } from '../../decision/observe.js';
import type { ServerRecord } from '../../decision/server-record.js';
import { calendarEdges, serverEdges, toldEdges } from '../../decision/time-edges.js';
import type { Facts } from '../../policy/fact.js';
import { minutesPerHour } from '../../policy/hourly-rate.js';
import { type EpochMillis, epochMillis } from '../../policy/instant.js';
import type { Policy } from '../../policy/policy-set.js';
import { formatVersion } from '../../policy/version.js';
import type { ForecastSpan, Treatment } from './forecast-report.js';

/** A server to forecast. */
export interface KnownServer {
  readonly record: ServerRecord;
  /** Of its last connection; where there is none, what the record tells. */
  readonly facts?: Facts;
  readonly messagesPerDay?: number;
  /** From then on it shows an acceptable version. */
  readonly patchedAt?: EpochMillis;
}

/** The time that is forecast, half-open. */
export interface ForecastTime {
  readonly from: EpochMillis;
  readonly until: EpochMillis;
}

/** Works out what servers meet in a time. Pure: it decides and observes as the service would, on an imagined connection. */
export class ServerForecaster {
  readonly #compiled: CompiledPolicySet;
  readonly #time: ForecastTime;
  readonly #calendar: readonly number[];
  readonly #policies: ReadonlyMap<string, Policy>;

  constructor(compiled: CompiledPolicySet, time: ForecastTime) {
    const { policySet } = compiled;
    this.#compiled = compiled;
    this.#time = time;
    this.#calendar = calendarEdges(policySet).filter((edge) => edge > time.from && edge < time.until);
    this.#policies = new Map(policySet.policies.map((policy) => [policy.name, policy]));
  }

  /** The spans of a server, one after the other; equal neighbours are one. */
  spansOf(server: KnownServer): readonly ForecastSpan[] {
    const { patchedAt } = server;
    const { from, until } = this.#time;
    if (patchedAt === undefined || patchedAt >= until) return this.#spans(server, until);
    const patched = { ...PATCHED, from: epochMillis(Math.max(from, patchedAt)), until };
    return patchedAt <= from ? [patched] : [...this.#spans(server, patchedAt), patched];
  }

  #spans(server: KnownServer, until: EpochMillis): readonly ForecastSpan[] {
    const spans: ForecastSpan[] = [];
    const observation = this.#observationOf(server);
    const calendar = this.#calendarOf(server);
    let { record } = server;
    let at: EpochMillis = this.#time.from;
    let calendarIndex = 0;
    while (at < until) {
      // The server goes on sending as it did, and so it is observed at each edge: a policy that comes into force starts
      // its clock at once, and the version that counts stays seen, so that it never falls out of the version window.
      const { record: observed, decision } = observeAndDecide(this.#compiled, record, observation, at);
      record = observed;
      while ((calendar[calendarIndex] ?? until) <= at) calendarIndex++;
      const next = epochMillis(this.#nextEdge(record, decision, at, calendar[calendarIndex] ?? until, until));
      addSpan(spans, { ...treatmentOf(decision), from: at, until: next });
      at = next;
    }
    return spans;
  }

  #calendarOf({ facts = {} }: KnownServer): readonly number[] {
    const told = toldEdges(this.#compiled.policySet, facts);
    return told.length === 0 ? this.#calendar : [...this.#calendar, ...told].sort((a, b) => a - b);
  }

  /** Until the next edge of the calendar, what decides is the same, and only its own stages can change. */
  #nextEdge(
    record: ServerRecord,
    { policy: name }: Decision,
    at: EpochMillis,
    nextOfCalendar: number,
    until: EpochMillis,
  ): number {
    const policy = name === undefined ? undefined : this.#policies.get(name);
    let next = Math.min(nextOfCalendar, until);
    for (const edge of serverEdges(record, policy === undefined ? [] : [policy])) {
      if (edge > at && edge < next) next = edge;
    }
    return next;
  }

  #observationOf({ record, facts }: KnownServer): Observation {
    const { connector, name } = record;
    const told = facts ?? { 'connector.name': connector, 'server.name': name };
    const { versionWindow } = this.#compiled.settings;
    const version = countedVersion(record, told['server.version'], this.#time.from, versionWindow);
    const seen = version === undefined ? {} : { seen: { version, evidence: { id: formatVersion(version) } } };
    return { connector, name, facts: told, ...seen };
  }
}

const NEVER = { throttle: minutesPerHour(0), block: minutesPerHour(0) };
const PATCHED: Treatment = { patched: true, ...NEVER };

/** What a decision says of the time around it. All have the same keys, absent values too: spreading takes far longer. */
export function treatmentOf({ policy, stage, mode, exemption, paused, window }: Decision): Treatment {
  const { throttle, block } = window ?? NEVER;
  return { policy, stage, mode, exemption, paused, patched: undefined, throttle, block };
}

function addSpan(spans: ForecastSpan[], span: ForecastSpan): void {
  const last = spans.at(-1);
  if (last === undefined || !isAlike(last, span)) spans.push(span);
  else spans[spans.length - 1] = { ...last, until: span.until };
}

function isAlike(a: Treatment, b: Treatment): boolean {
  return (
    a.policy === b.policy &&
    a.stage === b.stage &&
    a.mode === b.mode &&
    a.exemption === b.exemption &&
    a.paused === b.paused &&
    a.throttle === b.throttle &&
    a.block === b.block
  );
}
