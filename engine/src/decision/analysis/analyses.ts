import { type Finding, type FindingCode, finding } from '../../policy/finding.js';
import type { EpochMillis } from '../../policy/instant.js';
import type { PolicySet } from '../../policy/policy-set.js';
import { headOf } from '../../policy/source.js';
import { DiagramTooLargeError } from '../diagram/build-diagram.js';
import type { Analysis } from './analysis.js';
import { buildUncovered } from './build-uncovered.js';
import { ExactAnalysis } from './exact-analysis.js';
import { exemptionIdle } from './exemption-idle.js';
import { newerBuildWorse } from './newer-build-worse.js';
import { policyConflict } from './policy-conflict.js';
import { policyShadowed } from './policy-shadowed.js';
import { policyUnmatchable } from './policy-unmatchable.js';

/** All analyses. */
export const ANALYSES: readonly Analysis[] = [
  policyUnmatchable,
  policyConflict,
  policyShadowed,
  exemptionIdle,
  buildUncovered,
  newerBuildWorse,
];

/**
 * What the exact analysis of a policy set finds. What it tells is certain; where a policy set is too large for an exact
 * answer, one finding says what was not looked for everywhere.
 *
 * @param isWhole whether nothing was left out because of an error
 */
export function* analyse(policySet: PolicySet, now: EpochMillis, isWhole: boolean): Generator<Finding> {
  const on = policySet.policies.filter(({ mode }) => mode !== 'off');
  const [first] = on;
  if (first === undefined) return;
  const analysis = new ExactAnalysis(policySet, now);
  const unfinished: FindingCode[] = [];
  for (const { code, needsWholeSet, find } of ANALYSES) {
    if (needsWholeSet && !isWhole) continue;
    try {
      yield* find(analysis);
    } catch (error) {
      if (!(error instanceof DiagramTooLargeError)) throw error;
      unfinished.push(code);
    }
  }
  if (unfinished.length === 0) return;
  const message = `The ${on.length} policies are too many, or their conditions too entangled, for an exact analysis. Not looked for everywhere: ${unfinished.join(', ')}.`;
  yield finding('analysis-incomplete', headOf(first.source), message, INCOMPLETE_HINT);
}

const INCOMPLETE_HINT =
  'Comparisons that cannot be split (matches, contains, inDomain) cost most; equal, in and networks cost little.';
