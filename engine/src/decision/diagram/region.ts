import type { DiagramNode } from './build-diagram.js';
import { type CellSet, cellUnion } from './cell-set.js';
import type { Variable } from './variable.js';

/** A part of a diagram that has one target: for each variable that is asked for, the cells that lead there. */
export interface Region {
  readonly target: number;
  readonly cells: ReadonlyMap<number, CellSet>;
}

/**
 * The regions of an exact diagram whose target is wanted; neighbours that go on alike are one region.
 *
 * @param limit regions at most
 */
export function regionsOf(
  root: DiagramNode,
  variables: readonly Variable[],
  isWanted: (target: number) => boolean,
  limit = 1_000,
): Region[] {
  const reaches = new Map<DiagramNode, boolean>();
  const leadsThere = (node: DiagramNode): boolean => {
    const known = reaches.get(node);
    if (known !== undefined) return known;
    const leads = node.kind === 'split' ? node.children.some(leadsThere) : isWanted(targetOf(node));
    reaches.set(node, leads);
    return leads;
  };
  const regions: Region[] = [];
  const visit = (node: DiagramNode, cells: ReadonlyMap<number, CellSet>): void => {
    if (regions.length >= limit || !leadsThere(node)) return;
    if (node.kind !== 'split') {
      regions.push({ target: targetOf(node), cells });
      return;
    }
    const stretches = new Map<DiagramNode, [number, number][]>();
    for (const [index, child] of node.children.entries()) {
      const end = node.starts[index + 1] ?? variables[node.variable]?.cellCount ?? 0;
      const known = stretches.get(child) ?? [];
      stretches.set(child, known);
      known.push([node.starts[index] ?? 0, end]);
    }
    for (const [child, ranges] of stretches) visit(child, new Map([...cells, [node.variable, cellUnion(ranges)]]));
  };
  visit(root, new Map());
  return regions;
}

function targetOf(node: DiagramNode): number {
  if (node.kind !== 'leaf') throw new Error('Regions are of exact diagrams, which end in leaves');
  return node.target;
}
