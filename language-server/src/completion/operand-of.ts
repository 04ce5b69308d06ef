import { comparedType, parseOperator, valueListDepth } from '@sluice/engine/policy/decorator.js';
import { type DocumentNode, textEntry } from '@sluice/engine/policy/document-node.js';
import { type FactDefinition, factNamed } from '@sluice/engine/policy/fact.js';
import type { OperandKind } from '@sluice/engine/policy/operand.js';
import type { OperatorDefinition } from '@sluice/engine/policy/operator.js';

/** What stands on the right side of a comparison. */
export interface ExpectedOperand {
  readonly fact: FactDefinition;
  readonly operator: OperatorDefinition;
  readonly kind: OperandKind;
  /** How many lists stand around the values. */
  readonly listDepth: number;
}

/** What a comparison takes on its right side; undefined as long as its fact and operator don't tell. */
export function operandOf(comparison: DocumentNode | undefined): ExpectedOperand | undefined {
  const fact = factNamed(textEntry(comparison, 'fact') ?? '');
  const decorated = parseOperator(textEntry(comparison, 'operator') ?? '');
  if (fact === undefined || 'code' in decorated) return undefined;
  const compared = comparedType(decorated, fact.type);
  const kind = compared === 'no list' ? undefined : decorated.operator.fits[compared];
  if (kind === undefined) return undefined;
  const listDepth = valueListDepth(decorated) + (kind === 'values' ? 1 : 0);
  return { fact, operator: decorated.operator, kind, listDepth };
}
