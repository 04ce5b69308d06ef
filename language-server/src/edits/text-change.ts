import type { SourceRange } from '@sluice/engine/policy/source.js';
import type { TextEdit } from 'vscode-languageserver';
import { toLspRange } from '../text/positions.js';
import type { PolicyDocument } from '../workspace/policy-document.js';

/** A text in the place of another one, by offsets in UTF-16 units. */
export interface TextChange {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Start and end of a place in the text of a document. */
export function offsetsOf(
  document: PolicyDocument,
  range: SourceRange,
): { readonly start: number; readonly end: number } {
  const { start, end } = toLspRange(range);
  return { start: document.text.offsetAt(start), end: document.text.offsetAt(end) };
}

/** Puts a text in the place of a range. */
export function replacing(document: PolicyDocument, range: SourceRange, text: string): TextChange {
  return { ...offsetsOf(document, range), text };
}

export function toTextEdit({ text }: Pick<PolicyDocument, 'text'>, change: TextChange): TextEdit {
  const range = { start: text.positionAt(change.start), end: text.positionAt(change.end) };
  return { range, newText: change.text };
}

/** The text after changes that do not overlap. */
export function changed(text: string, changes: readonly TextChange[]): string {
  let result = text;
  for (const { start, end, text: newText } of [...changes].sort((a, b) => b.start - a.start || b.end - a.end)) {
    result = result.slice(0, start) + newText + result.slice(end);
  }
  return result;
}

/** Whether two changes touch the same text. */
export function overlap(a: TextChange, b: TextChange): boolean {
  return a.start === b.start || (a.start < b.end && b.start < a.end);
}
