import { type Finding, finding } from '../../policy/finding.js';
import type { Policy } from '../../policy/policy-set.js';
import { headOf } from '../../policy/source.js';
import { DiagramTooLargeError } from '../diagram/build-diagram.js';
import type { Analysis } from './analysis.js';
import { type ExactAnalysis, targetsIn } from './exact-analysis.js';
import { isMatchable } from './policy-unmatchable.js';
import { type Cells, walkTogether } from './walk-together.js';

/** A policy that matches, but never decides, because something before it always does. */
export const policyShadowed: Analysis = { code: 'policy-shadowed', needsWholeSet: false, find };

function* find(analysis: ExactAnalysis): Generator<Finding> {
  const decide = targetsIn(analysis.deciding);
  let count = 0;
  for (const index of analysis.deciders.keys()) {
    const policy = analysis.policyAt(index);
    if (policy === undefined || decide.has(index) || !isMatchable(analysis, index)) continue;
    const regions = regionsBefore(analysis, index);
    if (![...regions.keys()].every((other) => isAbove(analysis, other, policy))) continue;
    const names = `${analysis.namesOf(regions.keys())} ${regions.size === 1 ? 'comes' : 'come'} first`;
    const example = ++count > MAX_EXAMPLES ? '' : exampleOf(analysis, index, regions);
    const message = `The policy ${policy.name} never decides: wherever it matches, ${names}.${example}`;
    yield finding('policy-shadowed', headOf(policy.source), message, HINT, analysis.placesOf(regions.keys()));
    if (count >= MAX_FINDINGS) throw new DiagramTooLargeError();
  }
}

/** Findings that are shown with an example. */
const MAX_EXAMPLES = 100;

/** Findings, after which no more are looked for. */
const MAX_FINDINGS = 1_000;

const HINT = 'Give it a higher priority, narrow the conditions of the others, or remove it.';

/** What decides where a policy matches, each with one region. */
export function regionsBefore(analysis: ExactAnalysis, index: number): ReadonlyMap<number, Cells> {
  const { exact, deciding } = analysis;
  const regions = new Map<number, Cells>();
  const visit = ([own, decider]: readonly number[], cells: () => Cells) => {
    if (own === index && decider !== undefined && !regions.has(decider)) regions.set(decider, cells());
  };
  const isOutside = ([own]: readonly { readonly kind: string; readonly target?: number }[]) =>
    own?.kind === 'leaf' && own.target !== index;
  walkTogether(exact, [analysis.alone(index), deciding], visit, { isDone: isOutside });
  return regions;
}

/** What has the same priority is told of as a conflict, or is the same. */
function isAbove(analysis: ExactAnalysis, other: number, policy: Policy): boolean {
  const above = analysis.policyAt(other);
  return above === undefined || above.priority > policy.priority;
}

function exampleOf(analysis: ExactAnalysis, index: number, regions: ReadonlyMap<number, Cells>): string {
  const { examples } = analysis;
  for (const [decider, cells] of regions) {
    const example = examples.find(cells, (it) => examples.holdAll([index], it) && examples.deciderOf(it) === decider);
    if (example !== undefined)
      return ` For example ${analysis.inWords(example)}: ${analysis.namesOf([decider])} decides.`;
  }
  return '';
}
