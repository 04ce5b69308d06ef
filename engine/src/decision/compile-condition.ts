import type { Facts } from '../policy/fact.js';
import type { Condition, NamedCondition } from '../policy/policy-set.js';
import type { RunnableOperator } from './rules-engine.js';

/** A condition made ready to be asked again and again, without a promise. */
export type Predicate = (facts: Facts) => boolean;

/** What compiling a condition needs. */
export interface CompileContext {
  readonly conditions: ReadonlyMap<string, NamedCondition>;
  readonly operator: (name: string) => RunnableOperator;
  /** Where shared conditions are kept once compiled: many policies may refer to one. */
  readonly compiled?: Map<string, Predicate>;
}

/** Compiles a checked condition; its operators are json-rules-engine's own. */
export function compileCondition(condition: Condition, context: CompileContext): Predicate {
  switch (condition.kind) {
    case 'all': {
      const parts = condition.conditions.map((each) => compileCondition(each, context));
      return (facts) => parts.every((holds) => holds(facts));
    }
    case 'any': {
      const parts = condition.conditions.map((each) => compileCondition(each, context));
      return (facts) => parts.some((holds) => holds(facts));
    }
    case 'not': {
      const holds = compileCondition(condition.condition, context);
      return (facts) => !holds(facts);
    }
    case 'reference': {
      const ready = context.compiled?.get(condition.name);
      if (ready !== undefined) return ready;
      const named = context.conditions.get(condition.name);
      if (named === undefined) throw new Error(`There is no condition ${condition.name}; the check let it through`);
      const holds = compileCondition(named.when, context);
      context.compiled?.set(condition.name, holds);
      return holds;
    }
    case 'comparison': {
      const { fact, operand } = condition;
      const operator = context.operator(condition.operator);
      if ('fact' in operand) return (facts) => operator.evaluate(facts[fact], facts[operand.fact]);
      return (facts) => operator.evaluate(facts[fact], operand.value);
    }
  }
}
