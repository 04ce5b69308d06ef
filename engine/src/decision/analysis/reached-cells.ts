import type { DiagramNode } from '../diagram/build-diagram.js';
import { type CellSet, cellUnion, commonCells, NO_CELLS, rangesOf } from '../diagram/cell-set.js';
import type { ExactDiagrams } from '../diagram/exact-diagrams.js';
import { type Cells, targetOf } from './walk-together.js';

/**
 * The cells of a variable from which a wanted target can be reached, whatever the other variables are.
 *
 * @param within cells beyond which nothing is looked at
 */
export function reachedCells(
  { variables }: Pick<ExactDiagrams, 'variables'>,
  root: DiagramNode,
  variable: number,
  isWanted: (target: number) => boolean,
  within: Cells,
): CellSet {
  const cellCount = (of: number) => variables.all[of]?.cellCount ?? 0;
  const known = new Map<DiagramNode, CellSet>();
  const reached = (node: DiagramNode): CellSet => {
    const before = known.get(node);
    if (before !== undefined) return before;
    const cells =
      node.kind === 'split' ? throughChildren(node) : isWanted(targetOf(node)) ? [0, cellCount(variable)] : NO_CELLS;
    known.set(node, cells);
    return cells;
  };
  const throughChildren = (node: DiagramNode & { readonly kind: 'split' }): CellSet => {
    const allowed = within.get(node.variable) ?? [0, cellCount(node.variable)];
    const parts = node.children.flatMap((child, index) => {
      const own = [node.starts[index] ?? 0, node.starts[index + 1] ?? cellCount(node.variable)];
      if (commonCells(allowed, own).length === 0) return [];
      return rangesOf(node.variable === variable ? commonCells(own, reached(child)) : reached(child));
    });
    return cellUnion(parts);
  };
  return commonCells(reached(root), within.get(variable) ?? [0, cellCount(variable)]);
}
