import type { DocumentNode, ListNode, MapNode } from '@sluice/engine/policy/document-node.js';
import { writeLike } from '@sluice/engine/policy/rewrite-scalar.js';
import type { PolicyDocument } from '../workspace/policy-document.js';
import { offsetsOf } from './text-change.js';

/** A plain value that is written into a policy file. */
export type Written = string | number | boolean | readonly Written[] | WrittenMap;
export interface WrittenMap {
  readonly [key: string]: Written;
}

/** Writes a value on one line, as it can stand anywhere in a file of this path. */
export function written(path: string, value: Written): string {
  if (isList(value)) return `[${value.map((each) => written(path, each)).join(', ')}]`;
  if (typeof value !== 'object') return writeLike({ file: path, raw: '' }, value);
  const entries = Object.entries(value).map(([key, each]) => `${written(path, key)}: ${written(path, each)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}

function isList(value: Written): value is readonly Written[] {
  return Array.isArray(value);
}

/** Whether a list or map stands in brackets. */
export function isInBrackets(document: PolicyDocument, node: MapNode | ListNode): boolean {
  return /[{[]/.test(document.text.getText().charAt(offsetsOf(document, node.range).start));
}

/** The text of a value as it stands in the file. */
export function sourceOf(document: PolicyDocument, node: DocumentNode): string {
  const { start, end } = offsetsOf(document, node.range);
  return document.text.getText().slice(start, end);
}
