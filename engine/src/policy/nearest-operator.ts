import type { DecoratedOperator } from './decorator.js';
import type { FactDefinition } from './fact.js';
import type { OperandKind } from './operand.js';
import { OPERATORS } from './operator.js';

/** Operators that say the same of facts of different types. */
const LIKE: readonly (readonly string[])[] = [
  ['equal', 'in', 'versionIn', 'inNetwork', 'inDomain', 'contains', 'matches'],
  ['notEqual', 'notIn', 'versionNotIn', 'notInNetwork', 'notInDomain', 'doesNotContain'],
  ['lessThan', 'lessThanInclusive', 'before', 'shorterThan'],
  ['greaterThan', 'greaterThanInclusive', 'after', 'longerThan'],
];

/**
 * The operator that says of a fact what one without a fit was meant to say.
 *
 * @param takes whether the right side can be read as this kind of operand
 */
export function likeOperator(
  { decorators, operator }: DecoratedOperator,
  fact: FactDefinition,
  takes: (kind: OperandKind) => boolean,
): string | undefined {
  if (decorators.some((each) => each !== 'not')) return undefined;
  const like = LIKE.find((names) => names.includes(operator.name)) ?? [];
  const fitting = OPERATORS.find(({ name, fits }) => {
    const kind = fits[fact.type];
    return like.includes(name) && kind !== undefined && takes(kind);
  });
  return fitting === undefined ? undefined : [...decorators, fitting.name].join(':');
}
