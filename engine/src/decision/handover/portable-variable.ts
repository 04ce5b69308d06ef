import { type FactName, factNamed } from '../../policy/fact.js';
import type { Comparison } from '../../policy/policy-set.js';
import { comparisonTest } from '../diagram/formula-of-condition.js';
import { ADDRESSES, NUMBERS, type PackedEdges, VERSIONS } from '../diagram/ordered-values.js';
import {
  type CellFinder,
  ConnectorVariable,
  NamedVariable,
  OpaqueVariable,
  OrderedVariable,
  type Variable,
} from '../diagram/variable.js';
import { factReader } from '../diagram/variables.js';
import type { RunnableOperator } from '../rules-engine.js';
import { type PortablePattern, portableComparison } from './portable-condition.js';

/** What finds the cell of a variable in another thread is made from. */
export type PortableVariable =
  | { readonly kind: 'connector'; readonly cellCount: number }
  | { readonly kind: 'ordered'; readonly fact: FactName; readonly edges: PackedEdges }
  | { readonly kind: 'named'; readonly fact: FactName; readonly values: readonly unknown[] }
  | { readonly kind: 'opaque'; readonly name: string; readonly comparison: Comparison };

/** The variable as it can be sent to another thread. */
export function portableVariable(variable: Variable, patterns: PortablePattern[]): PortableVariable {
  const { name } = variable;
  if (variable instanceof OpaqueVariable) {
    return { kind: 'opaque', name, comparison: portableComparison(variable.comparison, patterns) };
  }
  if (variable instanceof NamedVariable) return { kind: 'named', fact: name as FactName, values: variable.values };
  if (variable instanceof OrderedVariable)
    return { kind: 'ordered', fact: name as FactName, edges: variable.packedEdges };
  return { kind: 'connector', cellCount: variable.cellCount };
}

/** What finds the cell of a variable that was sent. */
export function cellFinder(variable: PortableVariable, operator: (name: string) => RunnableOperator): CellFinder {
  switch (variable.kind) {
    case 'connector':
      return new ConnectorVariable(variable.cellCount);
    case 'named':
      return new NamedVariable(variable.fact, variable.values, factReader(variable.fact));
    case 'opaque': {
      const { name, comparison } = variable;
      return new OpaqueVariable(name, comparisonTest(comparison, operator(comparison.operator)), comparison);
    }
    case 'ordered': {
      const read = factReader(variable.fact);
      const countNotAbove = counterOf(variable.fact, variable.edges);
      return {
        cellOf: (input) => {
          const value = read(input);
          return value === undefined ? 0 : countNotAbove(value) + 1;
        },
      };
    }
  }
}

/** Values are of the fact's type, for which its order is made. */
function counterOf(fact: FactName, edges: PackedEdges): (value: unknown) => number {
  const type = factNamed(fact)?.type;
  const order = type === 'version' ? VERSIONS : type === 'network' ? ADDRESSES : NUMBERS;
  return order.counter(edges) as (value: unknown) => number;
}
