import { type DiagramNode, DiagramTooLargeError } from '../diagram/build-diagram.js';
import { type CellSet, commonCells } from '../diagram/cell-set.js';
import type { ExactDiagrams } from '../diagram/exact-diagrams.js';

/** Of each variable that is known, the cells in which it lies. */
export type Cells = ReadonlyMap<number, CellSet>;

/** Groups of nodes that are looked at, at most. */
const MAX_GROUPS = 1_000_000;

/**
 * Walks several exact diagrams of one builder side by side, and calls back with their targets for regions in which each has
 * one; each group of nodes is gone into once, by the first way that leads there.
 *
 * @throws DiagramTooLargeError where that are too many
 */
export function walkTogether(
  { variables, order }: Pick<ExactDiagrams, 'variables' | 'order'>,
  roots: readonly DiagramNode[],
  visit: (targets: readonly number[], cells: () => Cells) => void,
  { within = new Map(), isDone = () => false }: WalkOptions = {},
): void {
  const ranks = new Map(order.map((variable, rank) => [variable, rank]));
  const seen = new Set<string>();
  const walk = (nodes: readonly DiagramNode[], way: Way | undefined): void => {
    const key = nodes.map((node) => node.id).join();
    if (seen.has(key)) return;
    seen.add(key);
    if (isDone(nodes, () => cellsOn(way, within))) return;
    if (seen.size > MAX_GROUPS) throw new DiagramTooLargeError();
    const variable = firstVariable(nodes, ranks);
    if (variable === undefined) {
      visit(nodes.map(targetOf), () => cellsOn(way, within));
      return;
    }
    const allowed = within.get(variable);
    for (const { from, to, children } of stretchesOf(nodes, variable, variables.all[variable]?.cellCount ?? 0)) {
      const cells = allowed === undefined ? [from, to] : commonCells(allowed, [from, to]);
      if (cells.length > 0) walk(children, { variable, cells, before: way });
    }
  };
  walk(roots, undefined);
}

/** The tests that led to a group of nodes, the last one first. */
interface Way {
  readonly variable: number;
  readonly cells: CellSet;
  readonly before: Way | undefined;
}

function cellsOn(last: Way | undefined, within: Cells): Cells {
  const cells = new Map(within);
  for (let way = last; way !== undefined; way = way.before) cells.set(way.variable, way.cells);
  return cells;
}

export interface WalkOptions {
  /** Cells beyond which nothing is looked at. */
  readonly within?: Cells;
  /** Whether a group of nodes needs no further look. */
  readonly isDone?: (nodes: readonly DiagramNode[], cells: () => Cells) => boolean;
}

/** The target of a leaf. */
export function targetOf(node: DiagramNode): number {
  if (node.kind !== 'leaf') throw new Error('Exact diagrams end in leaves');
  return node.target;
}

function firstVariable(nodes: readonly DiagramNode[], ranks: ReadonlyMap<number, number>): number | undefined {
  let first: number | undefined;
  for (const node of nodes) {
    if (node.kind !== 'split') continue;
    const rank = ranks.get(node.variable) ?? 0;
    if (first === undefined || rank < (ranks.get(first) ?? 0)) first = node.variable;
  }
  return first;
}

interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly children: readonly DiagramNode[];
}

/** The cells of a variable, cut wherever one of the nodes goes on otherwise. */
function* stretchesOf(nodes: readonly DiagramNode[], variable: number, cellCount: number): Generator<Stretch> {
  const indexes = nodes.map(() => 0);
  for (let from = 0; from < cellCount; ) {
    let to = cellCount;
    const children = nodes.map((node, place) => {
      if (node.kind !== 'split' || node.variable !== variable) return node;
      let index = indexes[place] ?? 0;
      while ((node.starts[index + 1] ?? Number.POSITIVE_INFINITY) <= from) index++;
      indexes[place] = index;
      to = Math.min(to, node.starts[index + 1] ?? cellCount);
      return node.children[index] as DiagramNode;
    });
    yield { from, to, children };
    from = to;
  }
}
