import type { Selection } from '../selection.js';
import { hasCell } from './cell-set.js';
import { CONNECTOR_SPLIT, type FlatDiagram, lowerHalf, upperHalf, VERSION_SPLIT } from './flat-diagram.js';
import type { Formula } from './formula.js';
import { packVersionDown } from './ordered-values.js';
import type { CellFinder } from './variable.js';

/** What a walk needs of the variables: by their numbers, how cells are found. */
export interface WalkVariables {
  readonly all: readonly CellFinder[];
}

/**
 * Walks a diagram: no allocation, no promise.
 *
 * @returns the number of the target that decides, -1 for none
 */
export function walkDiagram(diagram: FlatDiagram, { all }: WalkVariables, selection: Selection): number {
  const { code, targetCount, lists } = diagram;
  // A missing version is below all others.
  const version = selection.version === undefined ? -1 : packVersionDown(selection.version);
  let at = diagram.root;
  while (at >= 0) {
    const kind = code[at] as number;
    // Most diagrams ask for the connector, which is known, and for the version, which is looked for among the edges of this
    // split alone: a call through `cellOf` takes several times as long.
    if (kind === CONNECTOR_SPLIT) {
      at = code[at + 1 + selection.connector] as number;
      continue;
    }
    const count = code[at + 1] as number;
    const from = at + 2;
    at =
      kind === VERSION_SPLIT
        ? (code[from + 2 * count + childOfVersion(code, from, count, version)] as number)
        : (code[from + count + childOfCell(code, from, count, (all[kind] as CellFinder).cellOf(selection))] as number);
  }
  const target = -2 - at;
  if (target < targetCount) return target;
  for (const residual of lists[target - targetCount] ?? []) {
    if (holds(residual.formula, all, selection)) return residual.target;
  }
  return -1;
}

/** The last of `count` sorted first cells that is not above the cell; the first one is 0. */
function childOfCell(code: Int32Array, from: number, count: number, cell: number): number {
  let low = 0;
  let high = count - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((code[from + middle] as number) <= cell) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The same for the sorted first versions of children. */
function childOfVersion(code: Int32Array, from: number, count: number, version: number): number {
  const upper = upperHalf(version);
  const lower = lowerHalf(version);
  let low = 0;
  let high = count - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    const start = code[from + 2 * middle] as number;
    if (start < upper || (start === upper && (code[from + 2 * middle + 1] as number) <= lower)) low = middle;
    else high = middle - 1;
  }
  return low;
}

function holds(formula: Formula, variables: readonly CellFinder[], selection: Selection): boolean {
  switch (formula.kind) {
    case 'true':
      return true;
    case 'false':
      return false;
    case 'cells':
      return hasCell(formula.cells, (variables[formula.variable] as CellFinder).cellOf(selection));
    case 'and':
      for (const part of formula.parts) if (!holds(part, variables, selection)) return false;
      return true;
    case 'or':
      for (const part of formula.parts) if (holds(part, variables, selection)) return true;
      return false;
  }
}
