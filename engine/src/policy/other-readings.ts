import { type DocumentNode, itemsOf, plainValue, type ScalarNode } from './document-node.js';
import type { Fix } from './finding.js';
import type { PlainOperand } from './operand.js';

/** A value as it may have been meant: the whole right side of a comparison, and the change that makes it so. */
interface OtherReading {
  readonly plain: PlainOperand;
  readonly fix: Fix;
}

/**
 * What a scalar may have been meant to be, if it is wrong as it is: a number or true and false without quotes, a text in
 * quotes, a list of one.
 *
 * @param root the right side of the comparison, in which the scalar stands
 */
export function otherReadings(root: DocumentNode, scalar: ScalarNode): OtherReading[] {
  const { value, raw, range } = scalar;
  const reading = (plain: PlainOperand, text: string): OtherReading => {
    return { plain: replaced(root, scalar, plain), fix: { range, text } };
  };
  if (value === null || /^[|>]/.test(raw)) return [];
  if (typeof value !== 'string') return [reading(raw, JSON.stringify(raw))];
  const bare = value.trim();
  const listed = /^["']/.test(raw) || !/[[\]{},]/.test(raw) ? raw : JSON.stringify(value);
  return [
    ...(/^-?\d+(?:\.\d+)?$/.test(bare) ? [reading(Number(bare), bare)] : []),
    ...(/^(?:true|false)$/i.test(bare) ? [reading(/^true$/i.test(bare), bare.toLowerCase())] : []),
    reading([value], `[${listed}]`),
  ];
}

function replaced(node: DocumentNode, scalar: ScalarNode, plain: PlainOperand): PlainOperand {
  if (node === scalar) return plain;
  return node.kind === 'list'
    ? itemsOf(node).map((item) => replaced(item, scalar, plain))
    : (plainValue(node) as PlainOperand);
}
