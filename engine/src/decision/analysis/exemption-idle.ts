import { type Finding, finding } from '../../policy/finding.js';
import { headOf } from '../../policy/source.js';
import type { Witness } from '../diagram/witness.js';
import type { Analysis } from './analysis.js';
import { type ExactAnalysis, targetsIn } from './exact-analysis.js';
import { regionsBefore } from './policy-shadowed.js';
import { isMatchable } from './policy-unmatchable.js';
import { type Cells, walkTogether } from './walk-together.js';

/** An exemption without which everything would be as it is. */
export const exemptionIdle: Analysis = { code: 'exemption-idle', needsWholeSet: true, find };

function* find(analysis: ExactAnalysis): Generator<Finding> {
  const { exact, policySet, now } = analysis;
  if (policySet.exemptions.length === 0) return;
  const decide = targetsIn(analysis.deciding);
  const regions = new Map<number, Cells>();
  const isUseful = new Set<number>();
  walkTogether(exact, [analysis.deciding, analysis.policies], ([decider = -1, policy = -1], cells) => {
    if (policy >= 0) isUseful.add(decider);
    else if (!regions.has(decider)) regions.set(decider, cells());
  });
  for (const [index, exemption] of policySet.exemptions.entries()) {
    if (exemption.until <= now || isUseful.has(index)) continue;
    const before = decide.has(index) || !isMatchable(analysis, index) ? [] : [...regionsBefore(analysis, index).keys()];
    const why = decide.has(index)
      ? withoutPolicy(analysis, index, regions.get(index))
      : neverFirst(analysis, index, before);
    const message = `The exemption ${exemption.name} exempts nothing: ${why}`;
    yield finding('exemption-idle', headOf(exemption.source), message, HINT, analysis.placesOf(before));
  }
}

const HINT = 'Remove it, or look whether its conditions name whom they should.';

/** It is the first to hold somewhere, but no policy holds there. */
function withoutPolicy(analysis: ExactAnalysis, index: number, cells: Cells | undefined): string {
  const { examples, policySet } = analysis;
  const isExample = (it: Witness) =>
    examples.deciderOf(it) === index && examples.deciderOf(it, policySet.exemptions.length) === -1;
  const example = cells === undefined ? undefined : examples.find(cells, isExample);
  const shown = example === undefined ? '' : ` For example ${analysis.inWords(example)}.`;
  return `no policy matches whom it covers.${shown}`;
}

/** Something before it holds wherever it does; or it never holds. */
function neverFirst(analysis: ExactAnalysis, index: number, before: readonly number[]): string {
  if (!isMatchable(analysis, index)) return 'its conditions exclude each other.';
  return `wherever it holds, ${analysis.namesOf(before)} ${before.length === 1 ? 'comes' : 'come'} first.`;
}
