import type { MapEntry, MapNode } from '@sluice/engine/policy/document-node.js';
import type { PolicyDocument } from '../workspace/policy-document.js';
import { indentationAt, isFirstInLine, lineBreakOf, lineEndOf, lineStartOf, nextLineOf } from './lines.js';
import { offsetsOf, type TextChange } from './text-change.js';
import { isInBrackets, type Written, written } from './written.js';

/**
 * Adds an entry to a map.
 *
 * @param after the key behind which it is to stand; the first one where absent
 */
export function insertEntry(
  document: PolicyDocument,
  map: MapNode,
  [key, value]: readonly [string, Written],
  after?: string,
): TextChange {
  const text = document.text.getText();
  const entry = `${written(document.path, key)}: ${written(document.path, value)}`;
  const before = after === undefined ? undefined : map.entries.get(after);
  const [first] = map.entries.values();
  if (first === undefined) return { ...offsetsOf(document, map.range), text: `{ ${entry} }` };
  const { start } = offsetsOf(document, first.keySpan.range);
  if (isInBrackets(document, map)) {
    const gap = isFirstInLine(text, start) ? lineBreakOf(text) + indentationAt(text, start) : ' ';
    if (before === undefined) return { start, end: start, text: `${entry},${gap}` };
    const end = endOfEntry(document, before);
    return { start: end, end, text: `,${gap}${entry}` };
  }
  const gap = lineBreakOf(text) + ' '.repeat(start - lineStartOf(text, start));
  if (before === undefined) return { start, end: start, text: `${entry}${gap}` };
  const end = lineEndOf(text, endOfEntry(document, before));
  return { start: end, end, text: `${gap}${entry}` };
}

/** Takes an entry out of a map; undefined where it is the only one of a map without brackets. */
export function removeEntry(document: PolicyDocument, map: MapNode, key: string): TextChange | undefined {
  const entries = [...map.entries.values()];
  const index = entries.findIndex((entry) => entry.key === key);
  const entry = entries[index];
  if (entry === undefined) return undefined;
  const text = document.text.getText();
  const next = entries[index + 1];
  const { start } = offsetsOf(document, entry.keySpan.range);
  const end = endOfEntry(document, entry);
  if (isInBrackets(document, map)) {
    const before = entries[index - 1];
    if (next !== undefined) return { start, end: offsetsOf(document, next.keySpan.range).start, text: '' };
    return { start: before === undefined ? start : endOfEntry(document, before), end, text: '' };
  }
  if (entries.length === 1) return undefined;
  if (isFirstInLine(text, start)) return { start: lineStartOf(text, start), end: nextLineOf(text, end), text: '' };
  return next === undefined ? undefined : { start, end: offsetsOf(document, next.keySpan.range).start, text: '' };
}

/** The end of an entry's value, or of its colon where it has none. */
export function endOfEntry(document: PolicyDocument, { keySpan, value }: MapEntry): number {
  const isAbsent = value.kind === 'scalar' && value.value === null && value.raw === '';
  if (!isAbsent) return offsetsOf(document, value.range).end;
  const { end } = offsetsOf(document, keySpan.range);
  const colon = /^\s*:/.exec(document.text.getText().slice(end))?.[0] ?? '';
  return end + colon.length;
}
