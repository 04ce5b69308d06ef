import type { EpochMillis } from '../../policy/instant.js';
import { type Condition, INTERNET_CONNECTOR_NAME, type PolicySet } from '../../policy/policy-set.js';
import { spanOf } from '../../policy/source.js';
import { compilePolicySet } from '../compile-policy-set.js';
import type { CompiledPolicySet } from '../compiled-policy-set.js';
import { DiagramTooLargeError } from '../diagram/build-diagram.js';
import { cellUnion } from '../diagram/cell-set.js';
import { type ExactDiagrams, type ExactSet, exactDiagrams } from '../diagram/exact-diagrams.js';
import type { Formula } from '../diagram/formula.js';

/** What the checks of invariants share. */
export interface InvariantContext {
  readonly policySet: PolicySet;
  readonly compiled: CompiledPolicySet;
  readonly exact: ExactDiagrams;
  /** The deciders of the policy set, with their formulas. */
  readonly set: ExactSet;
  /** The instant of the check. */
  readonly now: EpochMillis;
  /**
   * Counts work outside of diagrams: connections that are tried, conditions that are compared.
   *
   * @throws DiagramTooLargeError where too much was spent
   */
  spend(steps: number): void;
  /** When the condition of an invariant holds. */
  formulaOf(condition: Condition): Formula;
  /** When a connection comes in by one of the connectors; without names, always. */
  formulaOfConnectors(names: readonly string[] | undefined): Formula;
}

/** Most conditions that are looked at in building diagrams, and other steps of work, for all invariants together. */
const MAX_DIAGRAM_STEPS = 10_000_000;
const MAX_STEPS = 1_000_000;

/** Steps for looking at so many items of a list one after the other. */
export function stepsFor(items: number): number {
  return 1 + (items >> 6);
}

/** Prepares the exact analysis of a policy set and of what its invariants ask for. */
export function invariantContext(policySet: PolicySet, now: EpochMillis): InvariantContext {
  const exact = exactDiagrams([policySet, conditionsOfInvariants(policySet)], false, MAX_DIAGRAM_STEPS);
  const [set, asked] = exact.sets;
  if (set === undefined || asked === undefined) throw new Error('Exact diagrams have a part for each policy set');
  const indexOf = (name: string) => {
    const index = policySet.connectors.findIndex((connector) => connector.name === name);
    return index < 0 && name === INTERNET_CONNECTOR_NAME ? policySet.connectors.length : index;
  };
  let left = MAX_STEPS;
  return {
    policySet,
    compiled: compilePolicySet(policySet),
    exact,
    set,
    now,
    spend(steps) {
      left -= steps;
      if (left < 0) throw new DiagramTooLargeError();
    },
    formulaOf(condition) {
      const index = asked.deciders.findIndex((decider) => 'policy' in decider && decider.policy.when === condition);
      const formula = asked.formulas[index];
      if (formula === undefined) throw new Error('A condition of no invariant was asked for');
      return formula;
    },
    formulaOfConnectors(names) {
      const indexes = new Set(names?.map(indexOf));
      const cells = exact.peers.flatMap(({ connectors: [own = -1] }, cell): [number, number][] =>
        names === undefined || indexes.has(own) ? [[cell, cell + 1]] : [],
      );
      return exact.table.cells(exact.variables.connector, cellUnion(cells));
    },
  };
}

/** A policy set whose policies are the conditions of invariants, so that they get formulas over the same variables. */
function conditionsOfInvariants(policySet: PolicySet): PolicySet {
  const policies = policySet.invariants.flatMap(({ name, statement }) => {
    if (statement.kind !== 'protected') return [];
    return [
      {
        name,
        mode: 'report' as const,
        priority: 1,
        effective: {},
        when: statement.when,
        stages: [],
        thresholds: [],
        relapse: { kind: 'restart' as const },
        source: spanOf(statement.when.source),
      },
    ];
  });
  return { ...policySet, policies, exemptions: [] };
}
