import type { Selection } from '../selection.js';
import { hasCell } from './cell-set.js';
import type { FlatDiagram } from './flat-diagram.js';
import type { Formula } from './formula.js';
import { packVersion } from './ordered-values.js';
import type { Variable } from './variable.js';
import type { Variables } from './variables.js';

/**
 * Walks a diagram: no allocation, no promise.
 *
 * @returns the number of the target that decides, -1 for none
 */
export function walkDiagram(diagram: FlatDiagram, variables: Variables, selection: Selection): number {
  const { code, targetCount, lists } = diagram;
  const { all, connector, version, packedVersionEdges } = variables;
  const packedVersion = selection.version === undefined ? -1 : packVersion(selection.version);
  let at = diagram.root;
  while (at >= 0) {
    const variable = code[at] as number;
    const count = code[at + 1] as number;
    // Most diagrams ask for the connector, which is known, and for the version, which is looked for among the edges of this
    // split alone: a call through `cellOf` takes several times as long.
    if (variable === version && packedVersion >= 0 && packedVersionEdges !== undefined && count > 0) {
      at = code[at + 2 + count + childOfVersion(code, at + 2, count, packedVersion, packedVersionEdges)] as number;
      continue;
    }
    const cell = variable === connector ? selection.connector : (all[variable] as Variable).cellOf(selection);
    at =
      count < 0
        ? (code[at + 2 + cell] as number)
        : (code[at + 2 + count + childOf(code, at + 2, count, cell)] as number);
  }
  const target = -2 - at;
  if (target < targetCount) return target;
  for (const residual of lists[target - targetCount] ?? []) {
    if (holds(residual.formula, all, selection)) return residual.target;
  }
  return -1;
}

/** The last of `count` sorted first cells that is not above the cell; the first one is 0. */
function childOf(code: Int32Array, from: number, count: number, cell: number): number {
  let low = 0;
  let high = count - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((code[from + middle] as number) <= cell) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The same for the cell of a version: cell n + 1 begins with the n-th edge. */
function childOfVersion(code: Int32Array, from: number, count: number, packed: number, edges: Float64Array): number {
  let low = 0;
  let high = count - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    const start = code[from + middle] as number;
    if (start < 2 || (edges[start - 2] as number) <= packed) low = middle;
    else high = middle - 1;
  }
  return low;
}

function holds(formula: Formula, variables: readonly Variable[], selection: Selection): boolean {
  switch (formula.kind) {
    case 'true':
      return true;
    case 'false':
      return false;
    case 'cells':
      return hasCell(formula.cells, (variables[formula.variable] as Variable).cellOf(selection));
    case 'and':
      for (const part of formula.parts) if (!holds(part, variables, selection)) return false;
      return true;
    case 'or':
      for (const part of formula.parts) if (holds(part, variables, selection)) return true;
      return false;
  }
}
