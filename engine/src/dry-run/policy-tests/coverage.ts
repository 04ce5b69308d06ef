import type { CompiledPolicySet } from '../../decision/compiled-policy-set.js';
import { decidersOf } from '../../decision/policy-selector.js';
import type { Exemption, Policy, Stage } from '../../policy/policy-set.js';
import { compareVersions, predecessorOf, type Version } from '../../policy/version.js';
import { type Boundary, decides } from './find-boundaries.js';
import type { ReachableParts } from './find-examples.js';
import type { TestResult } from './test-result.js';

/** What tests reach of a policy set; policies that are off are left out. */
export interface Coverage {
  readonly policies: readonly CoveredPolicy[];
  readonly exemptions: readonly { readonly exemption: Exemption; readonly isReached: boolean }[];
  readonly boundaries: readonly CoveredBoundary[];
  /** Whether all boundaries are there; not where the policy set has too many cases to look at. */
  readonly isComplete: boolean;
}

export interface CoveredPolicy {
  readonly policy: Policy;
  readonly isReached: boolean;
  readonly stages: readonly { readonly stage: Stage; readonly isReached: boolean }[];
}

/** A boundary, and whether tests hold it in place from either side: moved, it would let one of them fail. */
export interface CoveredBoundary {
  readonly boundary: Boundary;
  readonly isPinnedBelow: boolean;
  readonly isPinnedAbove: boolean;
}

/** Works out what tests reach, from their results. */
export function coverageOf(
  compiled: CompiledPolicySet,
  { boundaries, isComplete }: ReachableParts,
  results: readonly TestResult[],
): Coverage {
  const reached = new Set(results.map(({ decision }) => `${decision.policy} ${decision.stage}`));
  const exempted = new Set(results.map(({ decision }) => decision.exemption));
  const policies = decidersOf(compiled.policySet).flatMap((decider) => {
    if (!('policy' in decider)) return [];
    const { policy } = decider;
    const stages = policy.stages.map((stage) => ({ stage, isReached: reached.has(`${policy.name} ${stage.name}`) }));
    return [{ policy, stages, isReached: stages.some(({ isReached }) => isReached) }];
  });
  const exemptions = compiled.policySet.exemptions.map((exemption) => ({
    exemption,
    isReached: exempted.has(exemption.name),
  }));
  const covered = boundaries.map((boundary) => coveredBoundary(compiled, boundary, results));
  return { policies, exemptions, boundaries: covered, isComplete };
}

function coveredBoundary(
  compiled: CompiledPolicySet,
  boundary: Boundary,
  results: readonly TestResult[],
): CoveredBoundary {
  const { at, below, above } = boundary;
  const highestBelow = predecessorOf(at) ?? below;
  const isPinned = (from: Version, to: Version, beyond: Version, isDeciding: boolean) =>
    results.some(({ point, decision }) => {
      const version = point.facts['server.version'];
      if (version === undefined || compareVersions(version, from) < 0 || compareVersions(version, to) > 0) return false;
      if ((decision.policy === boundary.policy.name) !== isDeciding) return false;
      return decides(compiled, boundary.policy, point, beyond) !== isDeciding;
    });
  return {
    boundary,
    isPinnedBelow: isPinned(below, highestBelow, at, boundary.decidesBelow),
    isPinnedAbove: isPinned(at, above, highestBelow, !boundary.decidesBelow),
  };
}
