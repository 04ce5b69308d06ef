import type { ScalarNode } from '@sluice/engine/policy/document-node.js';

/** What has a name that others refer to. */
export const SYMBOL_KINDS = [
  'policy',
  'stage',
  'connector',
  'condition',
  'exemption',
  'invariant',
  'product',
  'build',
  'anchor',
] as const;
export type SymbolKind = (typeof SYMBOL_KINDS)[number];

/** A place where a name stands. */
export interface Occurrence {
  readonly kind: SymbolKind;
  readonly name: string;
  readonly role: 'declaration' | 'reference';
  /** The scalar in which the name stands. */
  readonly node: ScalarNode;
  /** Offset of the name in the value of the scalar, and its length; the whole value where absent. */
  readonly part?: { readonly offset: number; readonly length: number };
  /** Stages and anchors belong to one file; other names to the whole policy set. */
  readonly scope?: string;
}

/** Whether two occurrences mean the same thing. */
export function isSameSymbol(a: Occurrence, b: Occurrence): boolean {
  return a.kind === b.kind && a.name === b.name && a.scope === b.scope;
}
