import type { PolicySet } from '../../policy/policy-set.js';
import { comparisonsOf } from '../../policy/visit-condition.js';
import { INTERNET_CONNECTOR } from '../connector.js';
import { type Decider, decidersOf } from '../policy-selector.js';
import type { RunnableOperator } from '../rules-engine.js';
import { DiagramBuilder, type DiagramLimits, type DiagramNode, type Residual } from './build-diagram.js';
import { FormulaTable } from './formula.js';
import { FormulaWriter } from './formula-of-condition.js';
import type { Variable } from './variable.js';
import { variableOrder } from './variable-order.js';
import { Variables } from './variables.js';

/** A policy set as decision diagrams over one set of variables. */
export interface CompiledDiagram {
  readonly variables: readonly Variable[];
  /** What the leaves name by its index. */
  readonly deciders: readonly Decider[];
  /** What decides: the first exemption that holds, else the first policy. */
  readonly deciding: DiagramNode;
  /** The first policy that holds, exemptions aside. */
  readonly policies: DiagramNode;
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
  const rules = deciders.map((decider) => ('policy' in decider ? decider.policy : decider.exemption));
  const intervals = deciders.map((decider) => ('policy' in decider ? decider.policy.effective : decider.exemption));
  const times = intervals.flatMap(({ from, until }) => [from, until].filter((instant) => instant !== undefined));
  const comparisons = new Set(rules.flatMap((rule) => comparisonsOf(rule.when, policySet.conditions)));
  const variables = new Variables([...comparisons], policySet, times);
  const table = new FormulaTable((variable) => variables.all[variable]?.cellCount ?? 0);
  const writer = new FormulaWriter(
    table,
    variables,
    policySet,
    [...policySet.connectors, INTERNET_CONNECTOR],
    operator,
  );
  const residuals: Residual[] = rules.map((rule, index) => {
    const formula = table.and([writer.of(rule.when), writer.within(intervals[index] ?? {})]);
    return { target: index, formula };
  });
  const order = variableOrder(residuals, variables.all, table);
  const builder = new DiagramBuilder(table, variables.all, order, limits);
  const deciding = builder.build(residuals);
  const { exemptions } = policySet;
  const policies = exemptions.length === 0 ? deciding : builder.build(residuals.slice(exemptions.length));
  return { variables: variables.all, deciders, deciding, policies, size: builder.size };
}
