import type { EpochMillis } from '../../policy/instant.js';
import type { PolicySet } from '../../policy/policy-set.js';
import { positionOf, type SourcePosition } from '../../policy/source.js';
import { parseVersion } from '../../policy/version.js';
import { compilePolicySet } from '../compile-policy-set.js';
import type { DiagramNode } from '../diagram/build-diagram.js';
import type { CellSet } from '../diagram/cell-set.js';
import type { ExactDiagrams } from '../diagram/exact-diagrams.js';
import { type Region, regionsOf } from '../diagram/region.js';
import { ruleOf } from '../policy-selector.js';
import { type CompiledPair, type DiffWitness, findDiffWitness } from './diff-witness.js';
import { mergeRegions } from './merge-regions.js';
import { type Outcome, onFirstDay, reachedBefore } from './outcome.js';
import { changesOf, type OutcomeChange } from './outcome-change.js';
import {
  type OutcomeDiagram,
  type OutcomeDiagrams,
  type OutcomeDifference,
  outcomeDiagrams,
  type Pair,
} from './outcome-diagrams.js';
import { isNameless } from './reach.js';
import { type RegionWords, regionWords } from './region-words.js';

/** What differs between two policy sets. */
export interface PolicySetDiff {
  /** Whether every connection is treated alike on every day; proved, not sampled. */
  readonly equivalent: boolean;
  readonly differences: readonly Difference[];
  /** Whether there are more differences than were looked at. */
  readonly isCut: boolean;
}

/** A region of facts and time in which two policy sets differ in one way. */
export interface Difference {
  /** Cells of the variables of {@link outcomeDiagrams}, which put connections into the region. */
  readonly cells: Region['cells'];
  readonly region: RegionWords;
  readonly changes: readonly OutcomeChange[];
  /** What decides in the region before and after the change; more than one where several do the same there. */
  readonly before: Deciders;
  readonly after: Deciders;
  /** A connection that shows the difference; absent where none was found, which may happen where the region has opaque tests. */
  readonly witness?: DiffWitness;
}

/** Policies and exemptions, at most {@link MAX_DECIDERS} of them. */
export interface Deciders {
  readonly named: readonly NamedDecider[];
  /** How many more there are at least. */
  readonly more: number;
}

export interface NamedDecider {
  readonly kind: 'policy' | 'exemption';
  readonly name: string;
  readonly source: SourcePosition;
}

/** Differences that are told. */
export const MAX_DIFFERENCES = 1_000;
/** Policies that are named for one side of a difference. */
export const MAX_DECIDERS = 20;

/**
 * Compares two policy sets over all connections and all days. Exact: every connection that is treated otherwise lies in one of
 * the differences, and no other one does, except that the answers of opaque tests may exclude each other.
 *
 * @param now the instant at which examples are placed where a difference does not depend on the time
 * @param steps conditions that may be looked at in splitting; without a limit by default
 * @throws DiagramTooLargeError where it takes more
 */
export function diffPolicySets(before: PolicySet, after: PolicySet, now: EpochMillis, steps?: number): PolicySetDiff {
  return diffOf(outcomeDiagrams(before, after, steps), { before, after }, now);
}

/** The same as {@link diffPolicySets}, from the diagrams of the two. */
export function diffOf(diagrams: OutcomeDiagrams, { before, after }: Pair<PolicySet>, now: EpochMillis): PolicySetDiff {
  const regions = regionsOf(
    diagrams.difference,
    diagrams.exact.variables.all,
    (target) => target >= 0,
    MAX_DIFFERENCES + 1,
  );
  if (regions.length === 0) return { equivalent: true, differences: [], isCut: false };
  const compiled = { before: compilePolicySet(before), after: compilePolicySet(after) };
  const isCut = regions.length > MAX_DIFFERENCES;
  const counts = (variable: number) => diagrams.exact.variables.all[variable]?.cellCount ?? 0;
  const differences = mergeRegions(regions.slice(0, MAX_DIFFERENCES), counts).flatMap(
    (region) => differenceIn(diagrams, compiled, region, now) ?? [],
  );
  return { equivalent: differences.length === 0 && !isCut, differences, isCut };
}

/** Undefined where no connection lies in the region, or no clock comes as far as what differs. */
function differenceIn(
  diagrams: OutcomeDiagrams,
  compiled: CompiledPair,
  region: Region,
  now: EpochMillis,
): Difference | undefined {
  const { exact } = diagrams;
  const difference = diagrams.differences[region.target];
  if (difference === undefined) throw new Error(`There is no difference ${region.target}`);
  const changes = changesOf(reached(exact, region, difference));
  if (changes.length === 0) return undefined;
  const words = regionWords(exact, region);
  const build = parseVersion(words.builds?.last?.version ?? '');
  const search = findDiffWitness(exact, compiled, region, difference, changes, now, build);
  if ('missing' in search && search.missing === 'unreachable') return undefined;
  return {
    cells: region.cells,
    region: words,
    changes,
    before: decidersIn(exact, diagrams.before, region, difference.before.kind === 'accepted'),
    after: decidersIn(exact, diagrams.after, region, difference.after.kind === 'accepted'),
    ...('witness' in search ? { witness: search.witness } : {}),
  };
}

/** What is left of a difference where no clock in the region comes further. */
function reached(exact: ExactDiagrams, region: Region, difference: OutcomeDifference): OutcomeDifference {
  const end = endOf(exact, region);
  const cut = (outcome: Outcome) => (isNameless(exact, region) ? onFirstDay(outcome) : reachedBefore(outcome, end));
  return { ...difference, before: cut(difference.before), after: cut(difference.after) };
}

/** The first instant behind the region; infinite where it has no end. */
function endOf({ variables }: ExactDiagrams, { cells }: Region): number {
  const end = cells.get(variables.time)?.at(-1);
  return end === undefined
    ? Number.POSITIVE_INFINITY
    : (variables.timeVariable.edges[end - 2] ?? Number.POSITIVE_INFINITY);
}

function decidersIn(
  { variables }: ExactDiagrams,
  { set, policies, exemptions }: OutcomeDiagram,
  { cells }: Region,
  mayBeExempted: boolean,
): Deciders {
  const limit = 10 * MAX_DECIDERS;
  const counts = (variable: number) => variables.all[variable]?.cellCount ?? 0;
  const targets = [
    ...(mayBeExempted ? targetsIn(exemptions, cells, counts, limit) : []),
    ...targetsIn(policies, cells, counts, limit),
  ];
  const named = targets.flatMap((target): NamedDecider[] => {
    const decider = set.deciders[target];
    if (decider === undefined) return [];
    const { name, source } = ruleOf(decider);
    return [{ kind: 'policy' in decider ? 'policy' : 'exemption', name, source: positionOf(source) }];
  });
  return { named: named.slice(0, MAX_DECIDERS), more: Math.max(0, named.length - MAX_DECIDERS) };
}

/** Targets of a diagram within a region, in the order in which they decide. */
function targetsIn(
  root: DiagramNode,
  cells: ReadonlyMap<number, CellSet>,
  cellCount: (variable: number) => number,
  limit: number,
): number[] {
  const targets = new Set<number>();
  const seen = new Set<DiagramNode>();
  const visit = (node: DiagramNode): void => {
    if (targets.size >= limit || seen.has(node)) return;
    seen.add(node);
    if (node.kind === 'leaf' && node.target >= 0) targets.add(node.target);
    if (node.kind !== 'split') return;
    const wanted = cells.get(node.variable);
    for (const [index, child] of node.children.entries()) {
      const from = node.starts[index] ?? 0;
      const to = node.starts[index + 1] ?? cellCount(node.variable);
      if (wanted === undefined || overlaps(wanted, from, to)) visit(child);
    }
  };
  visit(root);
  return [...targets].sort((a, b) => a - b);
}

function overlaps(cells: CellSet, from: number, to: number): boolean {
  return cells.some((start, index) => index % 2 === 0 && start < to && from < (cells[index + 1] ?? 0));
}
