import type { MapNode } from '@sluice/engine/policy/document-node.js';
import type { PolicyDocument } from '../workspace/policy-document.js';
import { lineBreakOf, lineStartOf, shifted } from './lines.js';
import { offsetsOf, type TextChange } from './text-change.js';
import { isInBrackets, sourceOf, written } from './written.js';

/** Blanks of one level. */
const STEP = 2;

/** Makes of a condition a list of one below `all`. */
export function wrappedInAll(document: PolicyDocument, map: MapNode): TextChange {
  const text = document.text.getText();
  const source = sourceOf(document, map);
  const { start, end } = offsetsOf(document, map.range);
  if (isInBrackets(document, map)) return { start, end, text: `{ ${written(document.path, 'all')}: [${source}] }` };
  const column = start - lineStartOf(text, start);
  const lines = `all:${lineBreakOf(text)}${' '.repeat(column + STEP)}- ${shifted(source, 2 * STEP)}`;
  return { start, end, text: lines };
}
