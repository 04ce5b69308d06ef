import { durationMillis, formatDuration } from '../../policy/duration.js';
import { FACTS } from '../../policy/fact.js';
import { type EpochMillis, formatInstant } from '../../policy/instant.js';
import { type DecisionJson, decisionToJson } from '../decision-json.js';
import { formatFactValue } from '../format-facts.js';
import { changeWords } from './change-words.js';
import type { Deciders, Difference, PolicySetDiff } from './diff-policy-sets.js';
import type { DiffWitness } from './diff-witness.js';
import type { OutcomeChange } from './outcome-change.js';
import type { Pair } from './outcome-diagrams.js';
import { type RefusalsJson, refusalsToJson } from './refusals-json.js';
import type { RegionWords } from './region-words.js';

/** A diff as JSON: instants in RFC 3339, durations as policies write them (`30d`), minutes as numbers. */
export interface PolicySetDiffJson extends Pair<string> {
  readonly equivalent: boolean;
  readonly isCut: boolean;
  readonly differences: readonly DifferenceJson[];
}

export interface DifferenceJson {
  readonly region: RegionWords;
  readonly changes: readonly ChangeJson[];
  readonly decidedBefore: Deciders;
  readonly decidedAfter: Deciders;
  readonly example?: ExampleJson;
}

export interface ChangeJson {
  readonly kind: OutcomeChange['kind'];
  readonly text: string;
  /** Of refusals: time on the server's clock. */
  readonly from?: string;
  readonly until?: string;
  /** Of refusals: absent where nothing is refused. */
  readonly before?: RefusalsJson;
  readonly after?: RefusalsJson;
}

export interface ExampleJson {
  readonly facts: Readonly<Record<string, string>>;
  readonly at: string;
  /** Absent where the server was never seen before. */
  readonly server?: {
    readonly name: string;
    readonly firstDetected?: string;
    readonly elapsed?: string;
    readonly remediated?: string;
    readonly refusals: readonly { readonly hour: string; readonly count: number }[];
  };
  readonly shows: DiffWitness['shows'];
  readonly before: DecisionJson;
  readonly after: DecisionJson;
}

/** Turns a diff into its JSON form. @param names what the two policy sets are called */
export function diffToJson({ equivalent, isCut, differences }: PolicySetDiff, names: Pair<string>): PolicySetDiffJson {
  return { ...names, equivalent, isCut, differences: differences.map(differenceToJson) };
}

/** One difference in its JSON form. */
export function differenceToJson({ region, changes, before, after, witness }: Difference): DifferenceJson {
  return {
    region,
    changes: changes.map(changeToJson),
    decidedBefore: before,
    decidedAfter: after,
    ...(witness === undefined ? {} : { example: exampleToJson(witness) }),
  };
}

function changeToJson(change: OutcomeChange): ChangeJson {
  const { kind } = change;
  const text = changeWords(change);
  if (kind !== 'refusals') return { kind, text };
  const { from, until, before, after } = change;
  return {
    kind,
    text,
    from: formatDuration(from),
    ...(until === undefined ? {} : { until: formatDuration(until) }),
    ...(before === undefined ? {} : { before: refusalsToJson(before) }),
    ...(after === undefined ? {} : { after: refusalsToJson(after) }),
  };
}

function exampleToJson({ facts, time, record, shows, before, after }: DiffWitness): ExampleJson {
  const told = FACTS.flatMap(({ name, type }) => {
    const value = facts[name];
    return value === undefined ? [] : [[name, formatFactValue(type, value)]];
  });
  return {
    facts: Object.fromEntries(told) as Record<string, string>,
    at: formatInstant(time),
    ...(record === undefined ? {} : { server: serverToJson(record, time) }),
    shows,
    before: decisionToJson(before),
    after: decisionToJson(after),
  };
}

function serverToJson(
  record: NonNullable<DiffWitness['record']>,
  time: EpochMillis,
): NonNullable<ExampleJson['server']> {
  const { name, firstDetected, remediation, refusals } = record;
  const since = firstDetected === undefined ? {} : { elapsed: formatDuration(durationMillis(time - firstDetected)) };
  return {
    name,
    ...(firstDetected === undefined ? {} : { firstDetected: formatInstant(firstDetected), ...since }),
    ...(remediation === undefined ? {} : { remediated: formatInstant(remediation.at) }),
    refusals: refusals.map(({ hour, count }) => ({ hour: formatInstant(hour), count })),
  };
}
