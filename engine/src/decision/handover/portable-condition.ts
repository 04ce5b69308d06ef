import type { Operand, Pattern } from '../../policy/operand.js';
import { patternOf } from '../../policy/operand.js';
import type { Comparison, Condition } from '../../policy/policy-set.js';

/** A pattern as it goes to another thread, which functions cannot: it is there again once it is {@link restorePattern restored}. */
export type PortablePattern = Pick<Pattern, 'source'> & Partial<Pick<Pattern, 'test'>>;

/**
 * The condition as it can be sent to another thread. It is the same object where it has no pattern.
 *
 * @param patterns takes the patterns that are to be restored there
 */
export function portableCondition(condition: Condition, patterns: PortablePattern[]): Condition {
  switch (condition.kind) {
    case 'all':
    case 'any': {
      const conditions = condition.conditions.map((each) => portableCondition(each, patterns));
      const isSame = conditions.every((each, index) => each === condition.conditions[index]);
      return isSame ? condition : { ...condition, conditions };
    }
    case 'not': {
      const inner = portableCondition(condition.condition, patterns);
      return inner === condition.condition ? condition : { ...condition, condition: inner };
    }
    case 'reference':
      return condition;
    case 'comparison':
      return portableComparison(condition, patterns);
  }
}

/** The same for a comparison. */
export function portableComparison(comparison: Comparison, patterns: PortablePattern[]): Comparison {
  const { operand } = comparison;
  if (!('value' in operand)) return comparison;
  const value = portableOperand(operand.value, patterns);
  return value === operand.value ? comparison : { ...comparison, operand: { value } };
}

function portableOperand(operand: Operand, patterns: PortablePattern[]): Operand {
  if (typeof operand !== 'object') return operand;
  if (isList(operand)) {
    const items = operand.map((each) => portableOperand(each, patterns));
    return items.every((each, index) => each === operand[index]) ? operand : items;
  }
  if (!('test' in operand)) return operand;
  const pattern: PortablePattern = { source: operand.source };
  patterns.push(pattern);
  return pattern as Pattern;
}

function isList(operand: Operand & object): operand is readonly Operand[] {
  return Array.isArray(operand);
}

/** Makes a pattern that was sent one that can be asked, where it stands. */
export function restorePattern(pattern: PortablePattern): void {
  Object.assign(pattern, patternOf(pattern.source));
}
