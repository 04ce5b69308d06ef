import type { ListNode, MapNode } from '@sluice/engine/policy/document-node.js';
import type { NodePath, PathStep } from '../text/node-path.js';

/** A map and the keys and indices that lead to it. */
export interface MapPlace {
  readonly map: MapNode;
  readonly keys: readonly PathStep['key'][];
}

/** An item of a list that a path leads through. */
export interface ItemPlace {
  readonly list: ListNode;
  readonly index: number;
  readonly item: MapNode;
}

/** The innermost map at a place, with the keys that lead to it. */
export function mapAt(path: NodePath | undefined): MapPlace | undefined {
  if (path === undefined) return undefined;
  const { steps, node } = path;
  if (node.kind === 'map' && !path.isOnKey) return { map: node, keys: steps.map(({ key }) => key) };
  const inner = steps.findLastIndex(({ container }) => container.kind === 'map');
  const map = steps[inner]?.container;
  return map?.kind === 'map' ? { map, keys: steps.slice(0, inner).map(({ key }) => key) } : undefined;
}

/** The innermost map on the way to a place whose key is that of the last step. */
export function entryAt(path: NodePath | undefined): { readonly map: MapNode; readonly key: string } | undefined {
  const step = path?.steps.findLast(({ entry }) => entry !== undefined);
  if (step?.container.kind !== 'map' || step.entry === undefined) return undefined;
  return { map: step.container, key: step.entry.key };
}

/** The item of the list under a key through which a path leads. */
export function itemUnder(path: NodePath | undefined, listKey: string): ItemPlace | undefined {
  const steps = path?.steps ?? [];
  const at = steps.findIndex(({ key }) => key === listKey);
  const step = steps[at + 1];
  if (at < 0 || step?.container.kind !== 'list' || step.value.kind !== 'map') return undefined;
  return { list: step.container, index: Number(step.key), item: step.value };
}
