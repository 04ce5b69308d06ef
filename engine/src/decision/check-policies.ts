import { type Finding, finding, sortFindings } from '../policy/finding.js';
import { type EpochMillis, epochMillis, formatInstant } from '../policy/instant.js';
import type { PolicyFile } from '../policy/policy-file.js';
import type { Comparison, Condition, NamedCondition, Policy, PolicySet } from '../policy/policy-set.js';
import { type PolicySetResult, readPolicySet } from '../policy/read-policy-set.js';
import { rangeContains, type VersionRange } from '../policy/version-range.js';
import { comparisonsOf } from '../policy/visit-condition.js';
import { candidateFacts } from './candidate-facts.js';
import { type CompileContext, compileCondition } from './compile-condition.js';
import { findWitness, sizeOf } from './find-witness.js';
import { formatFacts } from './format-facts.js';
import { isPolicyInForce } from './policy-selector.js';
import { operatorLookup } from './rules-engine.js';
import { stepsFor, WorkBudget } from './work-budget.js';

/** Steps of work in one check, a step being about a connection that is tried. */
const LIMITS = { inAll: 1_000_000, perQuestion: 200_000 };
/** Ranges of a policy that are compared before connections are tried. */
const MAX_COMPARED_RANGES = 20;

/**
 * Reads and checks a policy set, and looks for connections on which policies contradict each other and for policies that
 * no connection can match; policies with errors are left out of that, and nothing else is. What it reports is certain;
 * with very many policies it may not look everywhere.
 */
export function checkPolicySet(files: readonly PolicyFile[], now: EpochMillis): PolicySetResult {
  const { sound, findings: found, policySet } = readPolicySet(files, now);
  const findings = sortFindings([...found, ...findUnmatchable(sound, now), ...findConflicts(sound, now)]);
  const isFaulty = policySet === undefined || findings.some((each) => each.severity === 'error');
  return isFaulty ? { findings } : { findings, policySet };
}

function* findUnmatchable(policySet: PolicySet, now: EpochMillis): Generator<Finding> {
  const budget = new WorkBudget(LIMITS);
  const context = meteredContext(policySet, budget);
  const setUp = sizeOf(policySet);
  for (const policy of policySet.policies) {
    if (budget.isSpentInAll) return;
    budget.beginQuestion();
    const comparisons = comparisonsOf(policy.when, policySet.conditions);
    budget.spend(stepsFor(setUp + operandCount(comparisons)));
    const candidates = candidateFacts(comparisons, policySet, timesOf([policy], now));
    if (!candidates.isExhaustive) continue;
    const witness = findWitness(candidates, policySet, compileCondition(policy.when, context), budget);
    if (witness.found || !witness.triedAll) continue;
    const message = `No connection can match the policy ${policy.name}: its conditions exclude each other.`;
    yield finding('policy-unmatchable', headOf(policy), message, UNMATCHABLE_HINT);
  }
}

const UNMATCHABLE_HINT =
  'Look for two comparisons below all that cannot hold together; one of them may belong below any.';

function* findConflicts(policySet: PolicySet, now: EpochMillis): Generator<Finding> {
  const budget = new WorkBudget(LIMITS);
  const context = meteredContext(policySet, budget);
  const setUp = sizeOf(policySet);
  const policies = policySet.policies
    .filter((policy) => policy.mode !== 'off')
    .map((policy) => ({
      policy,
      outcome: outcomeOf(policy),
      ranges: requiredRanges(policy.when, policySet.conditions),
      holds: compileCondition(policy.when, context),
    }));
  for (const [index, b] of policies.entries()) {
    for (const a of policies.slice(0, index)) {
      if (budget.isSpentInAll) return;
      if (a.policy.priority !== b.policy.priority || a.outcome === b.outcome) continue;
      budget.beginQuestion();
      if (a.ranges.some((one) => b.ranges.some((other) => areDisjoint(one, other, budget)))) continue;
      const comparisons = [a, b].flatMap(({ policy }) => comparisonsOf(policy.when, policySet.conditions));
      budget.spend(stepsFor(setUp + operandCount(comparisons)));
      const candidates = candidateFacts(comparisons, policySet, timesOf([a.policy, b.policy], now));
      const inForce = (time: EpochMillis) => isPolicyInForce(a.policy, time) && isPolicyInForce(b.policy, time);
      const witness = findWitness(
        candidates,
        policySet,
        (facts, time) => inForce(time) && a.holds(facts) && b.holds(facts),
        budget,
      );
      if (!witness.found) continue;
      const example = `${formatFacts(witness.facts)} at ${formatInstant(witness.time)}`;
      const message = `The policies ${a.policy.name} and ${b.policy.name} both have priority ${b.policy.priority} and can match one connection with different outcomes, for example: ${example}.`;
      const hint = `Give one of them a higher priority, or narrow its conditions; ${a.policy.name} stands in ${a.policy.source.file}.`;
      yield finding('policy-conflict', headOf(b.policy), message, hint);
    }
  }
}

/** Compiles with operators that count what they do. */
function meteredContext({ conditions }: PolicySet, budget: WorkBudget): CompileContext {
  const lookup = operatorLookup();
  return {
    conditions,
    compiled: new Map(),
    operator: (name) => {
      const operator = lookup(name);
      return {
        evaluate: (factValue, operand) => {
          budget.spend(Array.isArray(operand) ? stepsFor(operand.length) : 1);
          return operator.evaluate(factValue, operand);
        },
      };
    },
  };
}

function operandCount(comparisons: readonly Comparison[]): number {
  return comparisons.reduce(
    (sum, { operand }) => sum + ('value' in operand && Array.isArray(operand.value) ? operand.value.length : 1),
    0,
  );
}

/** The first line of the policy stands for the whole of it. */
function headOf({ source: { file, range } }: Policy) {
  const { start } = range;
  return { file, range: { start, end: { line: start.line, column: start.column + 1 } } };
}

/** Instants that are worth trying: now, and when the policies come into force. */
function timesOf(policies: readonly Policy[], now: EpochMillis): EpochMillis[] {
  const starts = policies.map((policy) => policy.effective.from ?? now);
  return [...new Set([now, epochMillis(Math.max(...starts))])];
}

/** What a policy does to whom it matches, as text to compare. */
function outcomeOf({ mode, effective, stages, thresholds, relapse, help }: Policy): string {
  return JSON.stringify([
    mode,
    effective,
    stages.map(({ source: _source, ...stage }) => stage),
    thresholds,
    relapse,
    help,
  ]);
}

/** Ranges in all of which the version has to lie for the condition to hold; some of them, where there are many. */
function requiredRanges(condition: Condition, conditions: ReadonlyMap<string, NamedCondition>): VersionRange[] {
  const ranges: VersionRange[] = [];
  const pending: (Condition | undefined)[] = [condition];
  for (let looked = 0; looked < pending.length && ranges.length < MAX_COMPARED_RANGES; looked++) {
    const part = pending[looked];
    if (part?.kind === 'all') pending.push(...part.conditions);
    else if (part?.kind === 'reference') pending.push(conditions.get(part.name)?.when);
    else if (part?.kind === 'comparison' && part.operator === 'versionIn' && 'value' in part.operand) {
      ranges.push(part.operand.value as VersionRange);
    }
  }
  return ranges;
}

function areDisjoint(a: VersionRange, b: VersionRange, budget: WorkBudget): boolean {
  budget.spend(stepsFor(a.intervals.length + b.intervals.length));
  return (
    !a.intervals.some(({ from }) => rangeContains(b, from)) && !b.intervals.some(({ from }) => rangeContains(a, from))
  );
}
