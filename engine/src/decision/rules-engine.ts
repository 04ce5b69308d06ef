import { Engine, Operator, OperatorDecorator } from 'json-rules-engine';
import { EXISTS, OPERATORS } from '../policy/operator.js';
import type { Condition } from '../policy/policy-set.js';

/** A json-rules-engine operator as it works: its validator first, then its callback. */
export interface RunnableOperator {
  evaluate(factValue: unknown, operand: unknown): boolean;
}

type Next = (factValue: unknown, operand: unknown) => boolean;

/**
 * Makes a json-rules-engine `Engine` with the operators of the policy language. Its own operators and decorators are
 * replaced, so that a comparison with something absent is false whatever stands before it.
 *
 * One engine a run: runs that overlap on one engine lose results (its status is a field).
 */
export function createRulesEngine(): Engine {
  const engine = new Engine([], { allowUndefinedFacts: true });
  for (const name of STOCK_OPERATORS) engine.removeOperator(name);
  for (const name of STOCK_DECORATORS) engine.removeOperatorDecorator(name);
  for (const operator of RUNNABLE_OPERATORS) engine.addOperator(operator);
  for (const decorator of RUNNABLE_DECORATORS) engine.addOperatorDecorator(decorator);
  return engine;
}

/** Finds operators by their names with decorators: `not:someValue:equal`. */
export function operatorLookup(): (name: string) => RunnableOperator {
  const { operators } = createRulesEngine() as unknown as {
    operators: { get(name: string): RunnableOperator | null };
  };
  return (name) => {
    const operator = operators.get(name);
    if (operator === null) throw new Error(`json-rules-engine knows no operator ${name}; the check let it through`);
    return operator;
  };
}

/** A condition as json-rules-engine takes it. Operands go in as they were read at load. */
export function toRulesEngineCondition(condition: Condition): object {
  switch (condition.kind) {
    case 'all':
    case 'any':
      return { [condition.kind]: condition.conditions.map(toRulesEngineCondition) };
    case 'not':
      return { not: toRulesEngineCondition(condition.condition) };
    case 'reference':
      return { condition: condition.name };
    case 'comparison': {
      const { fact, operator, operand } = condition;
      return { fact, operator, value: 'value' in operand ? operand.value : { fact: operand.fact } };
    }
  }
}

const STOCK_OPERATORS = [
  'equal',
  'notEqual',
  'in',
  'notIn',
  'contains',
  'doesNotContain',
  'lessThan',
  'lessThanInclusive',
  'greaterThan',
  'greaterThanInclusive',
];
const STOCK_DECORATORS = ['someFact', 'someValue', 'everyFact', 'everyValue', 'swap', 'not'];

const isKnown = (value: unknown) => value !== undefined;

const RUNNABLE_OPERATORS = OPERATORS.map(({ name, evaluate }) => {
  const compare = evaluate as Next;
  return name === EXISTS
    ? new Operator(name, compare)
    : new Operator(name, (value: unknown, operand: unknown) => isKnown(operand) && compare(value, operand), isKnown);
});

const RUNNABLE_DECORATORS = [
  decorator('not', isKnown, (value, operand, next) => isKnown(operand) && !next(value, operand)),
  decorator('someFact', Array.isArray, (items, operand, next) => (items as []).some((item) => next(item, operand))),
  decorator(
    'everyFact',
    Array.isArray,
    (items, operand, next) => isKnown(operand) && (items as []).every((item) => next(item, operand)),
  ),
  decorator(
    'someValue',
    isKnown,
    (value, items, next) => Array.isArray(items) && items.some((item) => next(value, item)),
  ),
  decorator(
    'everyValue',
    isKnown,
    (value, items, next) => Array.isArray(items) && items.every((item) => next(value, item)),
  ),
];

function decorator(
  name: string,
  validator: (factValue: unknown) => boolean,
  evaluate: (factValue: unknown, operand: unknown, next: Next) => boolean,
) {
  return new OperatorDecorator<unknown, unknown, unknown, unknown>(name, evaluate, validator);
}
