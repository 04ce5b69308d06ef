import { durationMillis } from '../../policy/duration.js';
import { FACTS, type Facts } from '../../policy/fact.js';
import { type EpochMillis, epochMillis } from '../../policy/instant.js';
import type { Version } from '../../policy/version.js';
import type { CompiledPolicySet } from '../compiled-policy-set.js';
import { decide } from '../decide.js';
import type { Decision } from '../decision.js';
import type { ExactDiagrams } from '../diagram/exact-diagrams.js';
import type { Region } from '../diagram/region.js';
import { findRegionWitness, type Witness } from '../diagram/witness.js';
import { selectionOf } from '../make-selection.js';
import { observe } from '../observe.js';
import { type ServerRecord, serverId } from '../server-record.js';
import { type Moment, momentsFor } from './moments.js';
import { answersExcludeEachOther } from './opaque-answers.js';
import { exemptedFrom, type Outcome, onFirstDay, outcomeOf, UNMATCHED } from './outcome.js';
import type { OutcomeChange } from './outcome-change.js';
import type { OutcomeDifference, Pair } from './outcome-diagrams.js';
import { rememberedName } from './reach.js';

/** A connection that two policy sets treat differently; decided under both. */
export interface DiffWitness {
  readonly facts: Facts;
  readonly time: EpochMillis;
  /** What is remembered of the server; absent where it was never seen before. */
  readonly record?: ServerRecord;
  /** `decision`: the decisions differ; `clock`: what is remembered afterwards; `server`: by which connector, or how, it is remembered. */
  readonly shows: 'decision' | 'clock' | 'server';
  readonly before: Decision;
  readonly after: Decision;
}

/** A connection of a region; or why there is none: none can lie in it, or none was found. */
export type WitnessSearch = { readonly witness: DiffWitness } | { readonly missing: 'unreachable' | 'not-found' };

/** Policy sets to decide by. */
export type CompiledPair = Pair<CompiledPolicySet>;

/** Connections that are looked at for one region. */
const MAX_DECISIONS = 3_000;
const MINUTE_MILLIS = 60_000;

/**
 * Finds a connection that shows a difference.
 *
 * @param changes what the difference is made of, as far as any clock comes within the region
 * @param build a version in the region that is better known than others
 * @param now the instant where the region leaves it open
 */
export function findDiffWitness(
  exact: ExactDiagrams,
  compiled: CompiledPair,
  region: Region,
  difference: OutcomeDifference,
  changes: readonly OutcomeChange[],
  now: EpochMillis,
  build?: Version,
): WitnessSearch {
  const search = new Search(compiled, difference, changes);
  let found: DiffWitness | undefined;
  findRegionWitness(exact, region, now, (raw) => {
    const facts = wholeNumbers(raw.facts);
    const samples = build === undefined || facts['server.version'] === undefined ? [] : [{ 'server.version': build }];
    for (const sample of [...samples, {}]) {
      const witness = { ...raw, facts: { ...facts, ...sample } };
      found ??= search.at(witness, rememberedName(exact, region, witness));
    }
    return found !== undefined;
  });
  if (found !== undefined) return { witness: found };
  const isOpaque = [...region.cells.keys()].some((number) => exact.variables.all[number]?.isOpaque === true);
  const mayExist = search.met || search.isSpent || (isOpaque && mayHaveConnection(exact, region, now));
  return { missing: mayExist ? 'not-found' : 'unreachable' };
}

/** Whether connections may lie in a region with opaque tests: without those, some do, and the answers may go together. */
function mayHaveConnection(exact: ExactDiagrams, region: Region, now: EpochMillis): boolean {
  if (answersExcludeEachOther(exact, region)) return false;
  const others = [...region.cells].filter(([number]) => exact.variables.all[number]?.isOpaque !== true);
  return findRegionWitness(exact, { cells: new Map(others) }, now, () => true) !== undefined;
}

class Search {
  /** Whether a connection lay in the region. */
  met = false;
  readonly #compiled: CompiledPair;
  readonly #difference: OutcomeDifference;
  readonly #changes: readonly OutcomeChange[];
  #decisions = 0;

  constructor(compiled: CompiledPair, difference: OutcomeDifference, changes: readonly OutcomeChange[]) {
    this.#compiled = compiled;
    this.#difference = difference;
    this.#changes = changes;
  }

  /** @param name of the server in its record; undefined where only servers without one lie in the region */
  at(witness: Witness, name: string | undefined): DiffWitness | undefined {
    if (this.isSpent) return undefined;
    // The hour before as well: a region may end at the instant.
    const times = [witness.time, epochMillis(witness.time - 59 * MINUTE_MILLIS)];
    const moments = times
      .flatMap((time) => [...momentsFor(this.#difference, this.#changes, time)])
      .filter(({ history }) => name !== undefined || history === undefined)
      .filter((moment) => this.#isMember(witness, moment, moment.time, name));
    const decides = this.#changes.some(({ kind }) => !['clock', 'relapse', 'server'].includes(kind));
    for (const shows of [...(decides ? ['decision' as const] : []), 'clock', 'server'] as const) {
      for (const moment of moments) {
        for (let minute = 0; minute < (shows === 'decision' ? 60 : 1); minute++) {
          if (this.isSpent) return undefined;
          const found = this.#check(witness, moment, minute, name, shows);
          if (found !== undefined) return found;
        }
      }
    }
    return undefined;
  }

  /** Whether it has looked at as much as it may. */
  get isSpent(): boolean {
    return this.#decisions > MAX_DECISIONS;
  }

  /** A window of a minute is met by one of 60 instants a minute apart. */
  #check(
    witness: Witness,
    moment: Moment,
    minute: number,
    name: string | undefined,
    shows: DiffWitness['shows'],
  ): DiffWitness | undefined {
    const time = epochMillis(moment.time + minute * MINUTE_MILLIS);
    if (minute > 0 && !this.#isMember(witness, moment, time, name)) return undefined;
    const { facts, record } = this.#connection(witness, moment, time, name);
    const { before, after } = this.#compiled;
    const decisions = { before: decide(before, facts, record, time), after: decide(after, facts, record, time) };
    const isShown =
      shows === 'decision'
        ? observable(decisions.before) !== observable(decisions.after)
        : shows === 'clock'
          ? clockAfter(before, facts, record, time) !== clockAfter(after, facts, record, time)
          : this.#difference.server !== undefined;
    return isShown ? { facts, time, ...(record === undefined ? {} : { record }), shows, ...decisions } : undefined;
  }

  #connection({ facts, isKnown }: Witness, moment: Moment, time: EpochMillis, name: string | undefined) {
    if (name === undefined || (moment.history === undefined && !isKnown)) return { facts, record: undefined };
    const record = recordOf(facts, name, moment, time, this.#compiled.before);
    return { facts: { ...facts, 'server.name': facts['server.name'] ?? record.name }, record };
  }

  #isMember(witness: Witness, moment: Moment, time: EpochMillis, name: string | undefined): boolean {
    this.#decisions++;
    const { facts, record } = this.#connection(witness, moment, time, name);
    const { before, after } = this.#difference;
    const isMember =
      this.#hasOutcome(this.#compiled.before, before, facts, record, time) &&
      this.#hasOutcome(this.#compiled.after, after, facts, record, time);
    this.met ||= isMember;
    return isMember;
  }

  #hasOutcome(
    compiled: CompiledPolicySet,
    expected: Outcome,
    facts: Facts,
    record: ServerRecord | undefined,
    time: EpochMillis,
  ): boolean {
    const outcome = pointOutcome(compiled, facts, record, time);
    const wanted = JSON.stringify(expected);
    return (
      JSON.stringify(outcome) === wanted || (record === undefined && JSON.stringify(onFirstDay(outcome)) === wanted)
    );
  }
}

/** The outcome for one connection. */
export function pointOutcome(
  compiled: CompiledPolicySet,
  facts: Facts,
  record: ServerRecord | undefined,
  time: EpochMillis,
): Outcome {
  const selection = selectionOf(compiled, facts, record, time);
  const decider = compiled.selector.decider(selection);
  const policy = compiled.selector.policy(selection);
  const outcome = policy === undefined ? UNMATCHED : outcomeOf(policy);
  return decider !== undefined && 'exemption' in decider ? exemptedFrom(outcome) : outcome;
}

/** What a sending server, or a reader of reports, can notice of a decision. */
function observable({ action, reply, wouldBe }: Decision): string {
  return JSON.stringify([action, reply, wouldBe?.action === 'accept' ? undefined : wouldBe]);
}

/** When the clock of the server began, once the connection is recorded. */
function clockAfter(
  compiled: CompiledPolicySet,
  facts: Facts,
  record: ServerRecord | undefined,
  time: EpochMillis,
): EpochMillis | undefined {
  const observation = { connector: record?.connector ?? '', name: record?.name ?? '', facts };
  return observe(compiled, record, observation, time).firstDetected;
}

function recordOf(
  facts: Facts,
  name: string,
  { history, time: from }: Moment,
  time: EpochMillis,
  compiled: CompiledPolicySet,
): ServerRecord {
  const { connectorName } = selectionOf(compiled, facts, undefined, time);
  const connector = connectorName ?? '';
  const seen = epochMillis(Math.min(from - 1, history?.firstDetected ?? from));
  return {
    id: serverId(connector, name),
    connector,
    name,
    firstSeen: seen,
    lastSeen: seen,
    ...(history?.firstDetected === undefined ? {} : { firstDetected: history.firstDetected }),
    ...(history?.remediatedAt === undefined
      ? {}
      : { remediation: { at: history.remediatedAt, elapsed: durationMillis(86_400_000) } }),
    versions: [],
    pauses: [],
    refusals: history?.refusals ?? [],
  };
}

const NUMBERS = FACTS.filter(({ type }) => type === 'number').map(({ name }) => name);

/** Edges of numbers may lie between whole ones; the next whole one is in the same cell. */
function wholeNumbers(facts: Facts): Facts {
  const rounded = NUMBERS.flatMap((name) => {
    const value = facts[name];
    return typeof value === 'number' ? [[name, Math.ceil(Math.max(0, value))]] : [];
  });
  return { ...facts, ...Object.fromEntries(rounded) };
}
