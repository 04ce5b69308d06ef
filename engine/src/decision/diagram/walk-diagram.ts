import type { Selection } from '../selection.js';
import type { DiagramNode } from './build-diagram.js';
import { hasCell } from './cell-set.js';
import type { Formula } from './formula.js';
import type { Variable } from './variable.js';

/**
 * Walks a diagram: no allocation, no promise.
 *
 * @returns the number of the target that decides, -1 for none
 */
export function walkDiagram(root: DiagramNode, variables: readonly Variable[], input: Selection): number {
  let node = root;
  while (node.kind === 'split') {
    const cell = (variables[node.variable] as Variable).cellOf(input);
    const { starts } = node;
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] as number) <= cell) low = middle;
      else high = middle - 1;
    }
    node = node.children[low] as DiagramNode;
  }
  if (node.kind === 'leaf') return node.target;
  for (const { target, formula } of node.residuals) if (holds(formula, variables, input)) return target;
  return -1;
}

function holds(formula: Formula, variables: readonly Variable[], input: Selection): boolean {
  switch (formula.kind) {
    case 'true':
      return true;
    case 'false':
      return false;
    case 'cells':
      return hasCell(formula.cells, (variables[formula.variable] as Variable).cellOf(input));
    case 'and':
      for (const part of formula.parts) if (!holds(part, variables, input)) return false;
      return true;
    case 'or':
      for (const part of formula.parts) if (holds(part, variables, input)) return true;
      return false;
  }
}
