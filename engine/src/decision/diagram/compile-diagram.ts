import type { EpochMillis } from '../../policy/instant.js';
import type { Comparison, PolicySet } from '../../policy/policy-set.js';
import { finish, type Steps } from '../../policy/steps.js';
import { comparisonsOf } from '../../policy/visit-condition.js';
import { INTERNET_CONNECTOR } from '../connector.js';
import { type Decider, decidersOf, intervalOf, ruleOf } from '../policy-selector.js';
import type { RunnableOperator } from '../rules-engine.js';
import { DiagramBuilder, type DiagramLimits, type DiagramNode, type Residual } from './build-diagram.js';
import { type FlatDiagram, flattenDiagram } from './flat-diagram.js';
import { FormulaTable } from './formula.js';
import { FormulaWriter } from './formula-of-condition.js';
import { variableOrder } from './variable-order.js';
import { Variables } from './variables.js';

/** A policy set as decision diagrams over one set of variables. */
export interface CompiledDiagram {
  readonly variables: Variables;
  /** What the leaves name by its index. */
  readonly deciders: readonly Decider[];
  /** What decides: the first exemption that holds, else the first policy. */
  readonly deciding: FlatDiagram;
  /** The first policy that holds, exemptions aside. */
  readonly policies: FlatDiagram;
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
  return finish(compileDiagramSteps(policySet, operator, limits));
}

/** The same in steps. */
export function* compileDiagramSteps(
  policySet: PolicySet,
  operator: (name: string) => RunnableOperator,
  limits: DiagramLimits = RUNTIME_LIMITS,
): Steps<CompiledDiagram> {
  const deciders = decidersOf(policySet);
  const shape = { connectorCells: policySet.connectors.length + 1, catalogues: [policySet.catalogue] };
  const comparisons = comparisonsIn(policySet);
  yield;
  const variables = new Variables(comparisons, shape, timesOf(deciders));
  yield;
  const table = new FormulaTable((variable) => variables.all[variable]?.cellCount ?? 0);
  const connectors = [...policySet.connectors, INTERNET_CONNECTOR];
  const writer = new FormulaWriter(table, variables, policySet, connectors, operator);
  const residuals: Residual[] = [];
  for (const [target, decider] of deciders.entries()) {
    residuals.push({ target, formula: writer.ofDecider(decider) });
    yield;
  }
  const order = variableOrder(residuals, variables, table);
  const builder = new DiagramBuilder(table, variables.all, order, limits);
  const deciding = yield* builder.buildSteps(residuals);
  const { exemptions } = policySet;
  const policies = exemptions.length === 0 ? deciding : yield* builder.buildSteps(residuals.slice(exemptions.length));
  const connector = { variable: variables.connector, cellCount: shape.connectorCells };
  const flatten = (root: DiagramNode) => flattenDiagram(root, connector, deciders.length);
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
