import { type Finding, finding, sortFindings } from '../policy/finding.js';
import { type EpochMillis, epochMillis, formatInstant } from '../policy/instant.js';
import type { PolicyFile } from '../policy/policy-file.js';
import type { Condition, NamedCondition, Policy, PolicySet } from '../policy/policy-set.js';
import { type PolicySetResult, readPolicySet } from '../policy/read-policy-set.js';
import { rangeContains, type VersionRange } from '../policy/version-range.js';
import { candidateFacts, comparisonsOf } from './candidate-facts.js';
import { type CompileContext, compileCondition } from './compile-condition.js';
import { type Budget, findWitness } from './find-witness.js';
import { formatFacts } from './format-facts.js';
import { isPolicyInForce } from './policy-selector.js';
import { operatorLookup } from './rules-engine.js';

/** Connections that are tried in one check, for one question and in all. */
const BUDGET_PER_QUESTION = 50_000;
const BUDGET_IN_ALL = 400_000;

/**
 * Reads and checks a policy set, and looks for connections on which policies contradict each other and for policies that
 * no connection can match. What it reports is certain; with very many policies it may not look everywhere.
 */
export function checkPolicySet(files: readonly PolicyFile[], now: EpochMillis): PolicySetResult {
  const result = readPolicySet(files, now);
  const { policySet } = result;
  if (policySet === undefined) return result;
  const context = { conditions: policySet.conditions, operator: operatorLookup() };
  const found = [...findUnmatchable(policySet, context, now), ...findConflicts(policySet, context, now)];
  const findings = sortFindings([...result.findings, ...found]);
  return found.some((each) => each.severity === 'error') ? { findings } : { findings, policySet };
}

function* findUnmatchable(policySet: PolicySet, context: CompileContext, now: EpochMillis): Generator<Finding> {
  const inAll = { left: BUDGET_IN_ALL };
  for (const policy of policySet.policies) {
    const comparisons = comparisonsOf(policy.when, policySet.conditions);
    const candidates = candidateFacts(comparisons, policySet, timesOf([policy], now));
    if (!candidates.isExhaustive) continue;
    const holds = compileCondition(policy.when, context);
    const budget = share(inAll);
    const witness = findWitness(candidates, policySet, holds, budget.own);
    budget.settle();
    if (witness.found || !witness.triedAll) continue;
    const message = `No connection can match the policy ${policy.name}: its conditions contradict each other.`;
    yield finding('policy-unmatchable', headOf(policy), message, 'Look for conditions in all that exclude each other.');
  }
}

function* findConflicts(policySet: PolicySet, context: CompileContext, now: EpochMillis): Generator<Finding> {
  const inAll = { left: BUDGET_IN_ALL };
  const policies = policySet.policies
    .filter((policy) => policy.mode !== 'off')
    .map((policy) => ({
      policy,
      outcome: outcomeOf(policy),
      ranges: requiredRanges(policy.when, policySet.conditions),
      holds: compileCondition(policy.when, context),
      comparisons: comparisonsOf(policy.when, policySet.conditions),
    }));
  for (const [index, b] of policies.entries()) {
    for (const a of policies.slice(0, index)) {
      if (a.policy.priority !== b.policy.priority || a.outcome === b.outcome) continue;
      if (a.ranges.some((one) => b.ranges.some((other) => areDisjoint(one, other)))) continue;
      const times = timesOf([a.policy, b.policy], now);
      const candidates = candidateFacts([...a.comparisons, ...b.comparisons], policySet, times);
      const budget = share(inAll);
      const inForce = (time: EpochMillis) => isPolicyInForce(a.policy, time) && isPolicyInForce(b.policy, time);
      const witness = findWitness(
        candidates,
        policySet,
        (facts, time) => inForce(time) && a.holds(facts) && b.holds(facts),
        budget.own,
      );
      budget.settle();
      if (!witness.found) continue;
      const example = `${formatFacts(witness.facts)} at ${formatInstant(witness.time)}`;
      const message = `The policies ${a.policy.name} and ${b.policy.name} have priority ${b.policy.priority} and can match one connection with different outcomes, for example ${example}.`;
      const hint = `Give one of them a higher priority; ${a.policy.name} stands at ${a.policy.source.file}.`;
      yield finding('policy-conflict', headOf(b.policy), message, hint);
    }
  }
}

/** The first line of the policy stands for the whole of it. */
function headOf({ source: { file, range } }: Policy) {
  const { start } = range;
  return { file, range: { start, end: { line: start.line, column: start.column + 1 } } };
}

function share(inAll: Budget): { readonly own: Budget; settle(): void } {
  const granted = Math.min(BUDGET_PER_QUESTION, inAll.left);
  const own = { left: granted };
  return {
    own,
    settle: () => {
      inAll.left -= granted - Math.max(0, own.left);
    },
  };
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

/** Ranges in all of which the version has to lie for the condition to hold. */
function requiredRanges(condition: Condition, conditions: ReadonlyMap<string, NamedCondition>): VersionRange[] {
  if (condition.kind === 'all') return condition.conditions.flatMap((each) => requiredRanges(each, conditions));
  if (condition.kind === 'reference') {
    const named = conditions.get(condition.name);
    return named === undefined ? [] : requiredRanges(named.when, conditions);
  }
  if (condition.kind !== 'comparison' || condition.operator !== 'versionIn' || !('value' in condition.operand))
    return [];
  return [condition.operand.value as VersionRange];
}

function areDisjoint(a: VersionRange, b: VersionRange): boolean {
  return (
    !a.intervals.some(({ from }) => rangeContains(b, from)) && !b.intervals.some(({ from }) => rangeContains(a, from))
  );
}
