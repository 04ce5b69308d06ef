import type { FactType } from './fact.js';
import { EXISTS, OPERATORS, type OperatorDefinition, operatorNamed } from './operator.js';

/** json-rules-engine's decorators, as `not:` in `not:someValue:equal`. */
export const DECORATORS = {
  not: 'the comparison does not hold, though both sides are known',
  someFact: 'it holds for one item of the fact, a list',
  everyFact: 'it holds for every item of the fact, a list',
  someValue: 'it holds for one item of the value, a list',
  everyValue: 'it holds for every item of the value, a list',
} as const;
export type DecoratorName = keyof typeof DECORATORS;

/** An operator with its decorators, outermost first. */
export interface DecoratedOperator {
  readonly decorators: readonly DecoratorName[];
  readonly operator: OperatorDefinition;
}

/** Why an operator cannot be used; `word` is the part of its name that is wrong. */
export interface OperatorProblem {
  readonly code: 'operator-unknown' | 'operator-misfit';
  readonly message: string;
  readonly word: string;
  readonly candidates: readonly string[];
}

/** Splits `not:someValue:equal` into decorators and operator. */
export function parseOperator(text: string): DecoratedOperator | OperatorProblem {
  const words = text.split(':');
  const operator = operatorNamed(words.at(-1) ?? '');
  if (operator === undefined) {
    const word = words.at(-1) ?? '';
    const candidates = OPERATORS.map((each) => each.name);
    return { code: 'operator-unknown', message: `There is no operator ${word}.`, word, candidates };
  }
  const decorators: DecoratorName[] = [];
  for (const word of words.slice(0, -1)) {
    if (!Object.hasOwn(DECORATORS, word)) {
      const message =
        word === 'swap' ? 'The decorator swap is not part of the language.' : `There is no decorator ${word}.`;
      return { code: 'operator-unknown', message, word, candidates: Object.keys(DECORATORS) };
    }
    decorators.push(word as DecoratorName);
  }
  if (decorators.length > 4) {
    const message = 'At most four decorators can stand before an operator.';
    return { code: 'operator-misfit', message, word: text, candidates: [] };
  }
  if (operator.name === EXISTS && decorators.length > 0) {
    const message = 'exists takes no decorator; ask for an absent fact with value: false.';
    return { code: 'operator-misfit', message, word: text, candidates: [EXISTS] };
  }
  return { decorators, operator };
}

/** The type of fact that the operator itself meets: an item of the list under `someFact` and `everyFact`. */
export function comparedType({ decorators }: DecoratedOperator, type: FactType): FactType | 'no list' {
  const unwrapping = decorators.filter((each) => each === 'someFact' || each === 'everyFact').length;
  if (unwrapping === 0) return type;
  return type === 'list' && unwrapping === 1 ? 'text' : 'no list';
}

/** How many lists stand around the operator's own right side, by `someValue` and `everyValue`. */
export function valueListDepth({ decorators }: DecoratedOperator): number {
  return decorators.filter((each) => each === 'someValue' || each === 'everyValue').length;
}
