import type { DiagramNode, Residual } from './build-diagram.js';

/**
 * A diagram laid out in one array, which a walk reads with few misses of the processor's caches.
 *
 * A reference of 0 or more is the place of a split: its variable, the number n of its children, n first cells, n
 * references. For the connector, n is negative, and -n references follow, one for each cell.
 * A reference below 0 is an end: -1 for nothing, -2 - t for the target t, and below those of all targets a list.
 */
export interface FlatDiagram {
  readonly code: Int32Array;
  readonly root: number;
  /** Targets that can be named: references down to -1 - targetCount are no lists. */
  readonly targetCount: number;
  readonly lists: readonly (readonly Residual[])[];
}

/** Lays out a diagram. */
export function flattenDiagram(
  root: DiagramNode,
  connector: { readonly variable: number; readonly cellCount: number },
  targetCount: number,
): FlatDiagram {
  const code: number[] = [];
  const lists: (readonly Residual[])[] = [];
  const places = new Map<DiagramNode, number>();
  const referTo = (node: DiagramNode): number => {
    if (node.kind === 'leaf') return -2 - node.target;
    const known = places.get(node);
    if (known !== undefined) return known;
    const place = node.kind === 'list' ? -2 - targetCount - (lists.push(node.residuals) - 1) : layOut(node);
    places.set(node, place);
    return place;
  };
  const layOut = (node: Extract<DiagramNode, { kind: 'split' }>): number => {
    const references = node.children.map(referTo);
    const place = code.length;
    if (node.variable !== connector.variable) {
      code.push(node.variable, references.length);
      for (const start of node.starts) code.push(start);
      for (const reference of references) code.push(reference);
      return place;
    }
    code.push(node.variable, -connector.cellCount);
    for (const [child, start] of node.starts.entries()) {
      const end = node.starts[child + 1] ?? connector.cellCount;
      for (let cell = start; cell < end; cell++) code.push(references[child] as number);
    }
    return place;
  };
  const first = referTo(root);
  return { code: Int32Array.from(code), root: first, targetCount, lists };
}
