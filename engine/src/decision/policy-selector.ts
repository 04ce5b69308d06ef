import type { EpochMillis } from '../policy/instant.js';
import type { Exemption, Policy, PolicySet } from '../policy/policy-set.js';
import { type CompileContext, compileCondition, type Predicate } from './compile-condition.js';
import type { Selection } from './selection.js';

/** What can decide. */
export type Decider = { readonly exemption: Exemption } | { readonly policy: Policy };

/** Finds what decides for a connection. */
export interface PolicySelector {
  /** What can decide, in the order in which it is asked. */
  readonly deciders: readonly Decider[];
  /**
   * Index among them of the first exemption in force that covers the connection; else, of the policies that are on, in force
   * and match, of the one of highest priority, and of equal ones of the first by name; -1 for none.
   */
  find(selection: Selection): number;
  /** What decides. */
  decider(selection: Selection): Decider | undefined;
  /** The policy, exemptions aside. */
  policy(selection: Selection): Policy | undefined;
}

/** Exemptions and policies in the order in which they are asked; those that are off are left out. */
export function decidersOf({ exemptions, policies }: PolicySet): readonly Decider[] {
  const on = policies
    .filter((policy) => policy.mode !== 'off')
    .sort((a, b) => b.priority - a.priority || (a.name < b.name ? -1 : 1));
  return [...exemptions.map((exemption) => ({ exemption })), ...on.map((policy) => ({ policy }))];
}

/** The exemption or the policy itself. */
export function ruleOf(decider: Decider): Exemption | Policy {
  return 'policy' in decider ? decider.policy : decider.exemption;
}

/** When it is in force, half-open. */
export function intervalOf(decider: Decider): Policy['effective'] {
  return 'policy' in decider ? decider.policy.effective : decider.exemption;
}

/** Asks one by one, all facts given; for connections whose facts the diagram cannot conclude from. */
export function orderedWalk(deciders: readonly Decider[], context: CompileContext): PolicySelector {
  const predicates = deciders.map((decider) => compileCondition(ruleOf(decider).when, context));
  const first = (selection: Selection, isAsked: (decider: Decider) => boolean) => {
    const facts = selection.allFacts();
    return deciders.findIndex(
      (decider, index) =>
        isAsked(decider) && isInForce(decider, selection.now) && (predicates[index] as Predicate)(facts),
    );
  };
  const find = (selection: Selection) => first(selection, () => true);
  return {
    deciders,
    find,
    decider: (selection) => deciders[find(selection)],
    policy: (selection) =>
      policyAt(
        deciders,
        first(selection, (decider) => 'policy' in decider),
      ),
  };
}

/** The policy at an index among deciders. */
export function policyAt(deciders: readonly Decider[], index: number): Policy | undefined {
  const decider = deciders[index];
  return decider !== undefined && 'policy' in decider ? decider.policy : undefined;
}

function isInForce(decider: Decider, now: EpochMillis): boolean {
  return 'policy' in decider ? isPolicyInForce(decider.policy, now) : isExemptionInForce(decider.exemption, now);
}

/** Whether the instant lies within the policy's `effective`, half-open. */
export function isPolicyInForce({ effective: { from, until } }: Policy, now: EpochMillis): boolean {
  return (from === undefined || from <= now) && (until === undefined || now < until);
}

/** Whether the instant lies within the exemption, half-open. */
export function isExemptionInForce({ from, until }: Exemption, now: EpochMillis): boolean {
  return (from === undefined || from <= now) && now < until;
}
