import type { Facts } from '../policy/fact.js';
import type { EpochMillis } from '../policy/instant.js';
import type { Exemption, Policy, PolicySet } from '../policy/policy-set.js';
import { type CompileContext, compileCondition, type Predicate } from './compile-condition.js';

/** Finds what decides for a connection, all facts given, derived ones included. */
export interface PolicySelector {
  /** The first exemption in force that covers the connection. */
  exemption(facts: Facts, now: EpochMillis): Exemption | undefined;
  /** Of the policies that are on, in force and match, the one of highest priority; of equal ones, the first by name. */
  policy(facts: Facts, now: EpochMillis): Policy | undefined;
}

/** Asks policies one by one, the highest priority first. */
export function orderedWalk(policySet: PolicySet, context: CompileContext): PolicySelector {
  const policies = policySet.policies
    .filter((policy) => policy.mode !== 'off')
    .sort((a, b) => b.priority - a.priority || (a.name < b.name ? -1 : 1))
    .map((policy) => ({ policy, holds: compileCondition(policy.when, context) }));
  const exemptions: readonly { exemption: Exemption; holds: Predicate }[] = policySet.exemptions.map((exemption) => ({
    exemption,
    holds: compileCondition(exemption.when, context),
  }));
  return {
    exemption: (facts, now) =>
      exemptions.find(({ exemption, holds }) => isExemptionInForce(exemption, now) && holds(facts))?.exemption,
    policy: (facts, now) => policies.find(({ policy, holds }) => isPolicyInForce(policy, now) && holds(facts))?.policy,
  };
}

/** Whether the instant lies within the policy's `effective`, half-open. */
export function isPolicyInForce({ effective: { from, until } }: Policy, now: EpochMillis): boolean {
  return (from === undefined || from <= now) && (until === undefined || now < until);
}

/** Whether the instant lies within the exemption, half-open. */
export function isExemptionInForce({ from, until }: Exemption, now: EpochMillis): boolean {
  return (from === undefined || from <= now) && now < until;
}
