import type { DiagramNode, Residual } from './build-diagram.js';

/**
 * A diagram laid out in one array, which a walk reads with few misses of the processor's caches.
 *
 * A reference of 0 or more is the place of a split: its variable, the number n of its children, n first cells, n references.
 * A split by connector is {@link CONNECTOR_SPLIT} and a reference for each cell; one by version is {@link VERSION_SPLIT}, n,
 * n first versions in two halves, n references.
 * A reference below 0 is an end: -1 for nothing, -2 - t for the target t, and below those of all targets a list.
 */
export interface FlatDiagram {
  readonly code: Int32Array;
  readonly root: number;
  /** Targets that can be named: references down to -1 - targetCount are no lists. */
  readonly targetCount: number;
  readonly lists: readonly (readonly Residual[])[];
}

export const CONNECTOR_SPLIT = -1;
export const VERSION_SPLIT = -2;

/** Variables whose splits are laid out in a way of their own. */
export interface SpecialVariables {
  readonly connector: number;
  readonly connectorCells: number;
  readonly version: number;
  /** The edges of the version as one number each, where they fit. */
  readonly versionEdges: Float64Array | undefined;
}

/** The upper 26 of 53 bits. */
export function upperHalf(packed: number): number {
  return Math.floor(packed / LOWER_HALF);
}

/** The lower 27 of 53 bits. */
export function lowerHalf(packed: number): number {
  return packed - upperHalf(packed) * LOWER_HALF;
}

const LOWER_HALF = 2 ** 27;

type Split = Extract<DiagramNode, { kind: 'split' }>;

/** Lays out a diagram. */
export function flattenDiagram(root: DiagramNode, special: SpecialVariables, targetCount: number): FlatDiagram {
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
  const layOut = (node: Split): number => {
    const references = node.children.map(referTo);
    const place = code.length;
    pushSplit(code, node, references, special);
    return place;
  };
  const first = referTo(root);
  return { code: Int32Array.from(code), root: first, targetCount, lists };
}

function pushSplit(
  code: number[],
  { variable, starts }: Split,
  references: readonly number[],
  special: SpecialVariables,
) {
  const { connector, connectorCells, version, versionEdges } = special;
  if (variable === connector) {
    code.push(CONNECTOR_SPLIT);
    pushByCell(code, starts, references, connectorCells);
    return;
  }
  if (variable === version && versionEdges !== undefined) {
    code.push(VERSION_SPLIT, starts.length);
    pushVersions(code, starts, versionEdges);
  } else {
    code.push(variable, starts.length);
    for (const start of starts) code.push(start);
  }
  for (const reference of references) code.push(reference);
}

function pushByCell(code: number[], starts: readonly number[], references: readonly number[], cellCount: number): void {
  for (const [child, start] of starts.entries()) {
    const end = starts[child + 1] ?? cellCount;
    for (let cell = start; cell < end; cell++) code.push(references[child] as number);
  }
}

/** What lies below the first edge begins with version 0; the first child is never asked for where it begins. */
function pushVersions(code: number[], starts: readonly number[], edges: Float64Array): void {
  for (const start of starts) {
    const edge = edges[start - 2] ?? 0;
    code.push(upperHalf(edge), lowerHalf(edge));
  }
}
