import type { DocumentNode, MapEntry } from '@sluice/engine/policy/document-node.js';
import { comparePlaces, contains, type Place } from './positions.js';

/** One step from the root of a document to a value below it. */
export interface PathStep {
  /** The map or list. */
  readonly container: DocumentNode;
  /** The key in a map, the index in a list. */
  readonly key: string | number;
  /** The entry of a map. */
  readonly entry?: MapEntry;
  readonly value: DocumentNode;
}

/** Where a place is in a document. */
export interface NodePath {
  readonly steps: readonly PathStep[];
  /** The innermost value at the place. */
  readonly node: DocumentNode;
  /** Whether the place is on the key of the last step, not on its value. */
  readonly isOnKey: boolean;
}

/** Finds the innermost value, or key, at a place; undefined where the place is outside of the root. */
export function pathAt(root: DocumentNode, place: Place): NodePath | undefined {
  if (!contains(root.range, place)) return undefined;
  const steps: PathStep[] = [];
  let node = root;
  for (;;) {
    const step = stepAt(node, place);
    if (step === undefined) return { steps, node, isOnKey: false };
    steps.push(step);
    node = step.value;
    if (step.entry !== undefined && contains(step.entry.keySpan.range, place)) return { steps, node, isOnKey: true };
  }
}

/** The keys and indices from the root on. */
export function keysOf({ steps }: Pick<NodePath, 'steps'>): readonly (string | number)[] {
  return steps.map(({ key }) => key);
}

function stepAt(node: DocumentNode, place: Place): PathStep | undefined {
  if (node.kind === 'scalar') return undefined;
  if (node.kind === 'list') {
    const key = node.items.findIndex((item) => contains(item.range, place));
    const value = node.items[key];
    return value === undefined ? undefined : { container: node, key, value };
  }
  for (const entry of node.entries.values()) {
    const { keySpan, key, value } = entry;
    const isInside = comparePlaces(keySpan.range.start, place) <= 0 && comparePlaces(place, value.range.end) <= 0;
    if (isInside || contains(keySpan.range, place)) return { container: node, key, entry, value };
  }
  return undefined;
}
