import type { DocumentNode } from '@sluice/engine/policy/document-node.js';
import { type FoldingRange, FoldingRangeKind, type Position, type SelectionRange } from 'vscode-languageserver';
import { pathAt } from '../text/node-path.js';
import { toLspRange, toPlace } from '../text/positions.js';
import type { DocumentInSet } from '../workspace/workspace.js';

/** Maps and lists of several lines, and comments of several lines. */
export function foldingRanges({ document }: DocumentInSet): FoldingRange[] {
  const ranges = new Map<number, FoldingRange>();
  const fold = (startLine: number, endLine: number, kind?: FoldingRangeKind) => {
    // Of several that begin on one line, editors take one: the longest.
    if (endLine <= startLine || (ranges.get(startLine)?.endLine ?? 0) >= endLine) return;
    ranges.set(startLine, { startLine, endLine, ...(kind === undefined ? {} : { kind }) });
  };
  if (document.root !== undefined) foldNode(document.root, document.isJson, fold);
  const lines = document.text.getText().split('\n');
  let start: number | undefined;
  for (const [index, line] of [...lines, ''].entries()) {
    if (/^\s*#/.test(line)) start ??= index;
    else if (start !== undefined) {
      fold(start, index - 1, FoldingRangeKind.Comment);
      start = undefined;
    }
  }
  return [...ranges.values()].sort((a, b) => a.startLine - b.startLine);
}

/** From the innermost value at each position outwards. */
export function selectionRanges({ document }: DocumentInSet, positions: readonly Position[]): SelectionRange[] {
  return positions.map((position) => {
    const { root } = document;
    const path = root === undefined ? undefined : pathAt(root, toPlace(position));
    if (root === undefined || path === undefined) return { range: { start: position, end: position } };
    let selection: SelectionRange = { range: toLspRange(root.range) };
    for (const { entry, value } of path.steps) {
      if (entry !== undefined) {
        const { start } = toLspRange(entry.keySpan.range);
        selection = { range: { start, end: toLspRange(value.range).end }, parent: selection };
      }
      const isLast = value === path.node;
      const inner = isLast && path.isOnKey && entry !== undefined ? entry.keySpan.range : value.range;
      selection = { range: toLspRange(inner), parent: selection };
    }
    return selection;
  });
}

function foldNode(node: DocumentNode, isJson: boolean, fold: (startLine: number, endLine: number) => void): void {
  if (node.kind === 'scalar') return;
  const { start, end } = node.range;
  // The closing bracket of JSON stays in sight.
  if (isJson) fold(start.line - 1, end.line - 2);
  if (node.kind === 'list') {
    for (const item of node.items) {
      if (!isJson) fold(item.range.start.line - 1, item.range.end.line - 1);
      foldNode(item, isJson, fold);
    }
    return;
  }
  for (const { keySpan, value } of node.entries.values()) {
    if (!isJson) fold(keySpan.range.start.line - 1, value.range.end.line - 1);
    foldNode(value, isJson, fold);
  }
}
