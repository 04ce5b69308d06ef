import { type Finding, finding, relatedTo } from '../../policy/finding.js';
import type { Policy } from '../../policy/policy-set.js';
import { headOf } from '../../policy/source.js';
import { DiagramTooLargeError } from '../diagram/build-diagram.js';
import { FALSE, type Formula } from '../diagram/formula.js';
import { type Region, regionsOf } from '../diagram/region.js';
import type { Witness } from '../diagram/witness.js';
import type { Analysis } from './analysis.js';
import type { ExactAnalysis } from './exact-analysis.js';
import { outcomeText } from './outcome.js';
import { walkTogether } from './walk-together.js';

/** Two policies of one priority that can match one connection at one time, with different outcomes. */
export const policyConflict: Analysis = { code: 'policy-conflict', needsWholeSet: false, find };

/** Pairs that are compared one by one. */
const MAX_PAIRS = 100_000;
/** Pairs whose conditions do not exclude each other at first sight, that are looked into. */
const MAX_LOOKS = 2_000;
/** Regions in which an example of one conflict is looked for. */
const MAX_REGIONS = 20;

interface Candidate {
  readonly index: number;
  readonly policy: Policy;
  readonly outcome: string;
  /** Place among the policies as they were read. */
  readonly place: number;
}

type Pair = readonly [Candidate, Candidate];

function* find(analysis: ExactAnalysis): Generator<Finding> {
  let looks = 0;
  for (const group of groupsOf(analysis)) {
    for (const [a, b] of overlappingPairs(analysis, group)) {
      const both = analysis.exact.table.and([formulaOf(analysis, a), formulaOf(analysis, b)]);
      if (both === FALSE) continue;
      if (++looks > MAX_LOOKS) throw new DiagramTooLargeError();
      const found = conflictOf(analysis, [a, b], both);
      if (found !== undefined) yield found;
    }
  }
}

/** Policies of one priority, where they have several outcomes. */
function groupsOf(analysis: ExactAnalysis): Candidate[][] {
  const places = new Map(analysis.policySet.policies.map((policy, place) => [policy, place]));
  const groups = new Map<number, Candidate[]>();
  for (const index of analysis.deciders.keys()) {
    const policy = analysis.policyAt(index);
    if (policy === undefined) continue;
    const group = groups.get(policy.priority) ?? [];
    groups.set(policy.priority, group);
    group.push({ index, policy, outcome: outcomeText(policy), place: places.get(policy) ?? 0 });
  }
  return [...groups.values()].filter((group) => new Set(group.map(({ outcome }) => outcome)).size > 1);
}

function overlappingPairs(analysis: ExactAnalysis, group: readonly Candidate[]): Iterable<Pair> {
  return (group.length * (group.length - 1)) / 2 <= MAX_PAIRS ? allPairs(group) : extremePairs(analysis, group);
}

function* allPairs(group: readonly Candidate[]): Generator<Pair> {
  const sorted = [...group].sort((a, b) => a.place - b.place);
  for (const [index, b] of sorted.entries()) {
    for (const a of sorted.slice(0, index)) if (a.outcome !== b.outcome) yield [a, b];
  }
}

/**
 * Of many policies, in each region the first and the last that match, in the order of their outcomes: wherever policies of
 * different outcomes match, these differ. Not every pair comes up, but one does where there is any.
 */
function extremePairs(analysis: ExactAnalysis, group: readonly Candidate[]): Iterable<Pair> {
  const sorted = [...group].sort((a, b) =>
    a.outcome < b.outcome ? -1 : a.outcome > b.outcome ? 1 : a.place - b.place,
  );
  const byIndex = new Map(group.map((each) => [each.index, each]));
  const residuals = sorted.map((each) => ({ target: each.index, formula: formulaOf(analysis, each) }));
  const [first, last] = [residuals, residuals.toReversed()].map((each) => analysis.build(each, LARGE_GROUP_STEPS));
  const pairs = new Map<string, Pair>();
  if (first === undefined || last === undefined) return [];
  const visit = ([least = -1, most = -1]: readonly number[]) => {
    const [a, b] = [byIndex.get(least), byIndex.get(most)];
    if (a === undefined || b === undefined || a.outcome === b.outcome) return;
    pairs.set(`${least} ${most}`, a.place < b.place ? [a, b] : [b, a]);
  };
  walkTogether(analysis.exact, [first, last], visit, { isDone: ([one, other]) => one === other });
  return pairs.values();
}

const LARGE_GROUP_STEPS = 1_500_000;

function formulaOf({ formulas }: ExactAnalysis, { index }: Candidate): Formula {
  return formulas[index] ?? FALSE;
}

function conflictOf(analysis: ExactAnalysis, [a, b]: Pair, both: Formula): Finding | undefined {
  const { exact, examples } = analysis;
  const root = analysis.build([{ target: 0, formula: both }]);
  const isExample = (it: Witness) => examples.holdAll([a.index, b.index], it);
  for (const region of certainFirst(
    analysis,
    regionsOf(root, exact.variables.all, (target) => target === 0, MAX_REGIONS),
  )) {
    const example = examples.find(region.cells, isExample);
    if (example === undefined) continue;
    const message = `The policies ${a.policy.name} and ${b.policy.name} both have priority ${b.policy.priority} and can match one connection with different outcomes, for example: ${analysis.inWords(example)}.`;
    const hint = `Give one of them a higher priority, or narrow its conditions; ${a.policy.name} stands in ${a.policy.source.file}.`;
    const related = relatedTo(a.policy.source, `The policy ${a.policy.name}.`);
    return finding('policy-conflict', headOf(b.policy.source), message, hint, related);
  }
  return undefined;
}

/** Regions that hang on fewer comparisons which cannot be split come first. */
function certainFirst({ exact }: ExactAnalysis, regions: readonly Region[]): Region[] {
  const opaque = ({ cells }: Region) =>
    [...cells.keys()].filter((number) => exact.variables.all[number]?.isOpaque).length;
  return [...regions].sort((one, other) => opaque(one) - opaque(other));
}
