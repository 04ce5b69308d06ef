import { type MapNode, plainValue } from '@sluice/engine/policy/document-node.js';
import { lineBreakOf, lineStartOf, shifted } from '../edits/lines.js';
import { offsetsOf } from '../edits/text-change.js';
import { isInBrackets, sourceOf, type Written, written } from '../edits/written.js';
import type { PolicyDocument } from '../workspace/policy-document.js';
import { hasAnchors } from './selected-condition.js';

/** Where a condition is to be written: in a file of this path, in brackets or with its keys in this column. */
export type Place = { readonly path: string } & (
  | { readonly isInBrackets: true }
  | { readonly isInBrackets: false; readonly column: number }
);

/** Blanks before a condition in its line, counted from 0. */
export function columnOf(document: PolicyDocument, node: MapNode): number {
  const { start } = offsetsOf(document, node.range);
  return start - lineStartOf(document.text.getText(), start);
}

/** Where a condition of a document stands. */
export function placeOfCondition(document: PolicyDocument, node: MapNode): Place {
  const { path } = document;
  return isInBrackets(document, node)
    ? { path, isInBrackets: true }
    : { path, isInBrackets: false, column: columnOf(document, node) };
}

/** Writes a condition of a document at another place: as it is, comments included, where that can be. */
export function conditionText(document: PolicyDocument, node: MapNode, at: Place): string {
  const isJson = at.path.endsWith('.json');
  const canStay = document.isJson === isJson && !hasAnchors(document, node);
  if (canStay && isInBrackets(document, node)) return sourceOf(document, node);
  if (!canStay || at.isInBrackets) return written(at.path, plainValue(node) as Written);
  return shifted(sourceOf(document, node), at.column - columnOf(document, node));
}

/** The same as the condition of a policy or the like, where a comparison cannot stand alone. */
export function rootConditionText(document: PolicyDocument, node: MapNode, at: Place): string {
  if (!node.entries.has('fact')) return conditionText(document, node, at);
  if (at.isInBrackets || isInBrackets(document, node)) {
    const comparison = conditionText(document, node, { path: at.path, isInBrackets: true });
    return `{ ${written(at.path, 'all')}: [${comparison}] }`;
  }
  const comparison = conditionText(document, node, { ...at, column: at.column + 4 });
  return `all:${lineBreakOf(document.text.getText())}${' '.repeat(at.column + 2)}- ${comparison}`;
}
