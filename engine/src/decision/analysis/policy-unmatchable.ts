import type { FactName } from '../../policy/fact.js';
import { type Finding, finding } from '../../policy/finding.js';
import type { Policy, PolicySet } from '../../policy/policy-set.js';
import { headOf } from '../../policy/source.js';
import { comparisonsOf } from '../../policy/visit-condition.js';
import { DiagramTooLargeError } from '../diagram/build-diagram.js';
import { BUILD_FACTS, CONNECTOR_FACTS } from '../diagram/variables.js';
import type { Analysis } from './analysis.js';
import { type ExactAnalysis, targetsIn } from './exact-analysis.js';

/** A policy whose conditions exclude each other. */
export const policyUnmatchable: Analysis = { code: 'policy-unmatchable', needsWholeSet: false, find };

function* find(analysis: ExactAnalysis): Generator<Finding> {
  const decide = decidersThatDecide(analysis);
  let tooLarge: DiagramTooLargeError | undefined;
  for (const index of analysis.deciders.keys()) {
    const policy = analysis.policyAt(index);
    if (policy === undefined || decide.has(index)) continue;
    try {
      if (isMatchable(analysis, index)) continue;
    } catch (error) {
      if (!(error instanceof DiagramTooLargeError)) throw error;
      tooLarge = error;
      continue;
    }
    const message = `No connection can match the policy ${policy.name}: ${reasonFor(policy, analysis.policySet)}.`;
    yield finding('policy-unmatchable', headOf(policy.source), message, HINT);
  }
  if (tooLarge !== undefined) throw tooLarge;
}

const HINT = 'Look for two comparisons below all that cannot hold together; one of them may belong below any.';

function reasonFor({ when }: Policy, { conditions }: PolicySet): string {
  const exclude = 'its conditions exclude each other';
  const asks = (facts: ReadonlySet<FactName>) => comparisonsOf(when, conditions).some(({ fact }) => facts.has(fact));
  const others = [...(asks(CONNECTOR_FACTS) ? ['no connector'] : []), ...(asks(BUILD_FACTS) ? ['no known build'] : [])];
  return others.length === 0 ? exclude : `${exclude}, or ${others.join(' and ')} has what they ask for`;
}

/** Those that decide somewhere need no look of their own. */
function decidersThatDecide(analysis: ExactAnalysis): ReadonlySet<number> {
  try {
    return targetsIn(analysis.deciding);
  } catch (error) {
    if (error instanceof DiagramTooLargeError) return new Set();
    throw error;
  }
}

/**
 * Whether there can be a connection for which a decider holds.
 *
 * @throws DiagramTooLargeError
 */
export function isMatchable(analysis: ExactAnalysis, index: number): boolean {
  return targetsIn(analysis.alone(index)).has(index);
}
