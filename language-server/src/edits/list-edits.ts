import type { DocumentNode, ListNode } from '@sluice/engine/policy/document-node.js';
import type { PolicyDocument } from '../workspace/policy-document.js';
import {
  indentationAt,
  isFirstInLine,
  lineBreakOf,
  lineEndOf,
  lineStartOf,
  nextLineOf,
  withCommentsAbove,
} from './lines.js';
import { offsetsOf, type TextChange } from './text-change.js';
import { isInBrackets, sourceOf, type Written, written } from './written.js';

/** Adds an item to a list before the one that has the index; at its end where none has. */
export function insertItem(
  document: PolicyDocument,
  list: ListNode,
  index: number,
  value: Written,
): TextChange | undefined {
  const text = document.text.getText();
  const item = written(document.path, value);
  const next = list.items[index];
  const at = next ?? list.items.at(-1);
  if (at === undefined) return isInBrackets(document, list) ? replaceAll(document, list, `[${item}]`) : undefined;
  const { start, end } = offsetsOf(document, at.range);
  if (isInBrackets(document, list)) {
    const gap = isFirstInLine(text, start) ? lineBreakOf(text) + indentationAt(text, start) : ' ';
    return next === undefined ? insertAt(end, `,${gap}${item}`) : insertAt(start, `${item},${gap}`);
  }
  const dash = dashOf(document, list, list.items.indexOf(at));
  if (dash === undefined) return undefined;
  const gap = lineBreakOf(text) + ' '.repeat(dash - lineStartOf(text, dash));
  return next === undefined ? insertAt(lineEndOf(text, end), `${gap}- ${item}`) : insertAt(dash, `- ${item}${gap}`);
}

/** Takes an item out of a list, with the comment above it; undefined where it is the only one. */
export function removeItem(document: PolicyDocument, list: ListNode, index: number): TextChange | undefined {
  const item = list.items[index];
  if (item === undefined || list.items.length < 2) return undefined;
  if (isInBrackets(document, list)) {
    const [before, next] = [list.items[index - 1], list.items[index + 1]];
    const { start, end } = offsetsOf(document, item.range);
    if (next !== undefined) return { start, end: offsetsOf(document, next.range).start, text: '' };
    return { start: before === undefined ? start : offsetsOf(document, before.range).end, end, text: '' };
  }
  const lines = linesOf(document, list, index);
  return lines === undefined ? undefined : { ...lines, text: '' };
}

/** Puts the items of a list in another order: `order[i]` is the index of the one that comes to stand at `i`. */
export function reorderItems(
  document: PolicyDocument,
  list: ListNode,
  order: readonly number[],
): TextChange[] | undefined {
  const text = document.text.getText();
  const isInLine = isInBrackets(document, list);
  const parts = list.items.map((item, index) => {
    return isInLine ? offsetsOf(document, item.range) : linesOf(document, list, index);
  });
  const changes: TextChange[] = [];
  for (const [index, from] of order.entries()) {
    const [old, other] = [parts[index], parts[from]];
    if (old === undefined || other === undefined) return undefined;
    const moved = text.slice(other.start, other.end);
    const kept = isInLine ? '' : (/\r?\n$/.exec(text.slice(old.start, old.end))?.[0] ?? '');
    if (from !== index) changes.push({ ...old, text: isInLine ? moved : moved.replace(/\r?\n$/, '') + kept });
  }
  return changes;
}

/** The lines of an item with the comment above it; undefined where it does not begin a line. */
function linesOf(
  document: PolicyDocument,
  list: ListNode,
  index: number,
): { readonly start: number; readonly end: number } | undefined {
  const text = document.text.getText();
  const item = list.items[index];
  const dash = dashOf(document, list, index);
  if (item === undefined || dash === undefined || !isFirstInLine(text, dash)) return undefined;
  const before = list.items[index - 1];
  const floor = before === undefined ? 0 : nextLineOf(text, offsetsOf(document, before.range).end);
  const start = withCommentsAbove(text, lineStartOf(text, dash), floor);
  return { start, end: nextLineOf(text, offsetsOf(document, item.range).end) };
}

/** Where the dash of an item without brackets stands. */
function dashOf(document: PolicyDocument, list: ListNode, index: number): number | undefined {
  const item = list.items[index];
  const before = list.items[index - 1];
  if (item === undefined) return undefined;
  if (before === undefined) return offsetsOf(document, list.range).start;
  const from = offsetsOf(document, before.range).end;
  const gap = document.text.getText().slice(from, offsetsOf(document, item.range).start);
  const match = /\n[ \t]*-(?=\s|$)/.exec(gap);
  return match === null ? undefined : from + match.index + match[0].length - 1;
}

function insertAt(offset: number, text: string): TextChange {
  return { start: offset, end: offset, text };
}

function replaceAll(document: PolicyDocument, node: DocumentNode, text: string): TextChange | undefined {
  return sourceOf(document, node) === text ? undefined : { ...offsetsOf(document, node.range), text };
}
