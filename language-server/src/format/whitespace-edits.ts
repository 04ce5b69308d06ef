import type { TextChange } from '../edits/text-change.js';

/**
 * The changes that make of a text another one that differs from it only in blanks and line breaks.
 *
 * @returns undefined where they differ in more
 */
export function whitespaceChanges(before: string, after: string): TextChange[] | undefined {
  const changes: TextChange[] = [];
  let [at, other] = [0, 0];
  while (at < before.length || other < after.length) {
    const [end, otherEnd] = [endOfBlanks(before, at), endOfBlanks(after, other)];
    const text = after.slice(other, otherEnd);
    if (before.slice(at, end) !== text) changes.push({ start: at, end, text });
    if (before[end] !== after[otherEnd]) return undefined;
    [at, other] = [end + 1, otherEnd + 1];
  }
  return changes;
}

const BLANKS = /\s*/y;

function endOfBlanks(text: string, start: number): number {
  BLANKS.lastIndex = start;
  BLANKS.exec(text);
  return Math.max(start, BLANKS.lastIndex);
}
