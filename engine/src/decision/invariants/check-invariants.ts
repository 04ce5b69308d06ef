import { type Finding, finding } from '../../policy/finding.js';
import type { EpochMillis } from '../../policy/instant.js';
import type { Invariant, InvariantStatement } from '../../policy/policy-set.js';
import type { ReadPolicySet } from '../../policy/read-policy-set.js';
import { headOf } from '../../policy/source.js';
import { DiagramTooLargeError } from '../diagram/build-diagram.js';
import { COVERED_CHECK } from './covered-check.js';
import type { InvariantCheck, StatementKind, Verdict } from './invariant-check.js';
import { type InvariantContext, invariantContext } from './invariant-context.js';
import { LADDER_CHECK } from './ladder-check.js';
import { NEWER_CHECK } from './newer-is-never-worse-check.js';
import { PROTECTED_CHECK } from './protected-check.js';

/** All checks. To add one: a file of its own, a line here, and its statement in `policy/policy-set.ts`. */
const CHECKS: { readonly [K in StatementKind]: InvariantCheck<K> } = {
  protected: PROTECTED_CHECK,
  ladder: LADDER_CHECK,
  newerIsNeverWorse: NEWER_CHECK,
  covered: COVERED_CHECK,
};

/**
 * Decides the invariants of a policy set, each with an example where it does not hold. Beside errors, only ladders are
 * decided, which hang on single policies; of the others one finding says that they are not.
 */
export function checkInvariants(
  { policySet: whole, sound }: Pick<ReadPolicySet, 'policySet' | 'sound'>,
  now: EpochMillis,
): Finding[] {
  if (sound.invariants.length === 0) return [];
  const decidable = sound.invariants.filter(({ statement }) => whole !== undefined || statement.kind === 'ladder');
  const left = sound.invariants.filter((invariant) => !decidable.includes(invariant));
  const findings = notDecidedBesideErrors(left);
  if (decidable.length === 0) return findings;
  // Conditions of exemptions may be broken beside errors.
  const policySet = whole ?? { ...sound, exemptions: [] };
  const context = invariantContext({ ...policySet, invariants: decidable }, now);
  for (const invariant of decidable) findings.push(...findingsOf(invariant, verdictOn(invariant, context)));
  return findings;
}

function verdictOn({ statement }: Invariant, context: InvariantContext): Verdict {
  try {
    return verdictOnStatement(statement, context);
  } catch (error) {
    if (!(error instanceof DiagramTooLargeError)) throw error;
    return { kind: 'undecided', message: 'there are too many cases to look at' };
  }
}

function verdictOnStatement(statement: InvariantStatement, context: InvariantContext): Verdict {
  switch (statement.kind) {
    case 'protected':
      return CHECKS.protected.check(statement, context);
    case 'ladder':
      return CHECKS.ladder.check(statement, context);
    case 'newerIsNeverWorse':
      return CHECKS.newerIsNeverWorse.check(statement, context);
    case 'covered':
      return CHECKS.covered.check(statement, context);
  }
}

function findingsOf(invariant: Invariant, verdict: Verdict): Finding[] {
  const { name } = invariant;
  switch (verdict.kind) {
    case 'holds':
      return [];
    case 'violated': {
      const message = `The invariant ${name} does not hold: ${verdict.message}.`;
      const related = verdict.related.length === 0 ? {} : { related: verdict.related };
      return [finding('invariant-violated', headOf(invariant.source), message, verdict.hint, related)];
    }
    case 'undecided': {
      const message = `Whether the invariant ${name} holds could not be decided: ${verdict.message}.`;
      return [finding('invariant-undecided', headOf(invariant.source), message, UNDECIDED_HINT)];
    }
  }
}

const UNDECIDED_HINT = 'Test it with examples of your own: sluice decide shows what one connection gets.';

function notDecidedBesideErrors([first, ...others]: readonly Invariant[]): Finding[] {
  if (first === undefined) return [];
  const what = others.length === 0 ? 'This invariant was' : `This invariant and ${others.length} more were`;
  const message = `${what} not checked, as other files or entries have errors.`;
  return [finding('invariant-undecided', headOf(first.source), message, 'Correct the errors first.')];
}
