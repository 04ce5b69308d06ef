import type { PolicySet } from '../../policy/policy-set.js';
import { connectorAt } from '../connector.js';
import { type Decider, decidersOf } from '../policy-selector.js';
import { operatorLookup } from '../rules-engine.js';
import { DiagramBuilder, type DiagramNode, exactWithin, type Residual } from './build-diagram.js';
import { comparisonsIn, timesOf } from './compile-diagram.js';
import type { Formula } from './formula.js';
import { FormulaTable } from './formula.js';
import { FormulaWriter } from './formula-of-condition.js';
import { type PeerClass, peerClasses } from './peer-classes.js';
import { variableOrder } from './variable-order.js';
import { Variables } from './variables.js';

/** A policy set within exact diagrams. */
export interface ExactSet {
  readonly policySet: PolicySet;
  /** In the order in which they decide. */
  readonly deciders: readonly Decider[];
  /** When each of them holds, by itself. */
  readonly formulas: readonly Formula[];
}

/**
 * Policy sets over one set of variables, for analysis: diagrams without limits, so that two of them that mean the same are
 * one object. The cells of the connector's variable are classes of peers.
 */
export interface ExactDiagrams {
  readonly variables: Variables;
  readonly table: FormulaTable;
  readonly peers: readonly PeerClass[];
  readonly sets: readonly ExactSet[];
  /** Numbers of the variables in the order in which diagrams test them; those that no condition mentions are left out. */
  readonly order: readonly number[];
  /**
   * Builds a diagram from conditions, of which the first one that holds gives its target.
   *
   * @param most most conditions that may be looked at in splitting
   * @throws DiagramTooLargeError where it takes more
   */
  readonly build: (residuals: readonly Residual[], most?: number) => DiagramNode;
}

/**
 * Prepares the exact analysis of one policy set, or of several together.
 *
 * @param splitsBuilds whether versions are split at the builds of the catalogues even where no condition asks for builds
 * @param steps conditions that may be looked at in splitting, in all builds together
 */
export function exactDiagrams(
  policySets: readonly PolicySet[],
  splitsBuilds = false,
  steps = Number.POSITIVE_INFINITY,
): ExactDiagrams {
  const comparisons = policySets.flatMap((policySet) => comparisonsIn(policySet));
  const peers = peerClasses(policySets, comparisons);
  const times = policySets.flatMap((policySet) => timesOf(decidersOf(policySet)));
  const catalogues = policySets.map((policySet) => policySet.catalogue);
  const variables = new Variables(comparisons, { connectorCells: peers.length, catalogues, splitsBuilds }, times);
  const table = new FormulaTable((variable) => variables.all[variable]?.cellCount ?? 0);
  const operator = operatorLookup();
  const sets = policySets.map((policySet, index): ExactSet => {
    const connectors = peers.map((peer) => connectorAt(policySet.connectors, peer.connectors[index] ?? -1));
    const writer = new FormulaWriter(table, variables, policySet, connectors, operator);
    const deciders = decidersOf(policySet);
    return { policySet, deciders, formulas: deciders.map((decider) => writer.ofDecider(decider)) };
  });
  const residuals = sets.flatMap(({ formulas }) => formulas.map((formula, target) => ({ target, formula })));
  const order = variableOrder(residuals, variables, table);
  const builder = new DiagramBuilder(table, variables.all, order, exactWithin(steps));
  return { variables, table, peers, sets, order, build: (conditions, most) => builder.build(conditions, most) };
}
