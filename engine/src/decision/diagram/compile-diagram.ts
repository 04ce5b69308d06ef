import type { EpochMillis } from '../../policy/instant.js';
import type { Comparison, PolicySet } from '../../policy/policy-set.js';
import { comparisonsOf } from '../../policy/visit-condition.js';
import { INTERNET_CONNECTOR } from '../connector.js';
import { type Decider, decidersOf, intervalOf, ruleOf } from '../policy-selector.js';
import type { RunnableOperator } from '../rules-engine.js';
import { DiagramBuilder, type DiagramLimits, type DiagramNode, type Residual } from './build-diagram.js';
import type { DecidingDiagram } from './diagram-selector.js';
import { flattenDiagram } from './flat-diagram.js';
import { FormulaTable } from './formula.js';
import { FormulaWriter } from './formula-of-condition.js';
import { variableOrder } from './variable-order.js';
import { Variables } from './variables.js';

/** A policy set as decision diagrams over one set of variables. */
export interface CompiledDiagram extends DecidingDiagram {
  readonly variables: Variables;
  readonly size: { readonly nodes: number; readonly edges: number };
}

/** Under these, deciding stays fast and memory small whatever the policies are. */
export const RUNTIME_LIMITS: DiagramLimits = { edges: 2_000_000, shortList: 4 };

/** Compiles a policy set. */
export function compileDiagram(
  policySet: PolicySet,
  operator: (name: string) => RunnableOperator,
  limits: DiagramLimits = RUNTIME_LIMITS,
): CompiledDiagram {
  const deciders = decidersOf(policySet);
  const shape = { connectorCells: policySet.connectors.length + 1, catalogues: [policySet.catalogue] };
  const variables = new Variables(comparisonsIn(policySet), shape, timesOf(deciders));
  const table = new FormulaTable((variable) => variables.all[variable]?.cellCount ?? 0);
  const connectors = [...policySet.connectors, INTERNET_CONNECTOR];
  const writer = new FormulaWriter(table, variables, policySet, connectors, operator);
  const residuals = deciders.map((decider, target): Residual => ({ target, formula: writer.ofDecider(decider) }));
  const order = variableOrder(residuals, variables, table);
  const builder = new DiagramBuilder(table, variables.all, order, limits);
  const deciding = builder.build(residuals);
  const { exemptions } = policySet;
  const policies = exemptions.length === 0 ? deciding : builder.build(residuals.slice(exemptions.length));
  const { connector, version, packedVersionEdges: versionEdges } = variables;
  const special = { connector, connectorCells: shape.connectorCells, version, versionEdges };
  const flatten = (root: DiagramNode) => flattenDiagram(root, special, deciders.length);
  const flat = flatten(deciding);
  return {
    variables,
    deciders,
    deciding: flat,
    policies: policies === deciding ? flat : flatten(policies),
    size: builder.size,
  };
}

/** All comparisons of a policy set that can decide. */
export function comparisonsIn(policySet: PolicySet): Comparison[] {
  const rules = decidersOf(policySet).map(ruleOf);
  return [...new Set(rules.flatMap((rule) => comparisonsOf(rule.when, policySet.conditions)))];
}

/** Instants at which policies and exemptions begin and end. */
export function timesOf(deciders: readonly Decider[]): EpochMillis[] {
  return deciders.flatMap((decider) => {
    const { from, until } = intervalOf(decider);
    return [from, until].filter((instant) => instant !== undefined);
  });
}
