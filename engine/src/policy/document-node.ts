import type { SourceRange, SourceSpan } from './source.js';

/** A value of a document with its place in the file. */
export type DocumentNode = MapNode | ListNode | ScalarNode;

interface Placed {
  readonly file: string;
  readonly range: SourceRange;
}

export interface MapNode extends Placed {
  readonly kind: 'map';
  /** In the order of the file; of a key that was written twice, the first. */
  readonly entries: ReadonlyMap<string, MapEntry>;
}

export interface MapEntry {
  readonly key: string;
  readonly keySpan: SourceSpan;
  readonly value: DocumentNode;
}

export interface ListNode extends Placed {
  readonly kind: 'list';
  readonly items: readonly DocumentNode[];
}

export interface ScalarNode extends Placed {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  /** The text as it stands in the file, quotes included. */
  readonly raw: string;
}

/** The value under a key; undefined where the node is no map or has no such key. */
export function entryOf(node: DocumentNode | undefined, key: string): DocumentNode | undefined {
  return node?.kind === 'map' ? node.entries.get(key)?.value : undefined;
}

/** The items of a list; none where the node is no list. */
export function itemsOf(node: DocumentNode | undefined): readonly DocumentNode[] {
  return node?.kind === 'list' ? node.items : [];
}

/** The text of a scalar; undefined for anything but text. */
export function textOf(node: DocumentNode | undefined): string | undefined {
  return node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined;
}

/** The number of a scalar; undefined for anything but a finite number. */
export function numberOf(node: DocumentNode | undefined): number | undefined {
  return node?.kind === 'scalar' && typeof node.value === 'number' && Number.isFinite(node.value)
    ? node.value
    : undefined;
}

/** The text of the value under a key. */
export function textEntry(node: DocumentNode | undefined, key: string): string | undefined {
  return textOf(entryOf(node, key));
}

/** The texts of a list, with their places; other items are left out. */
export function textItems(node: DocumentNode | undefined): readonly { text: string; node: DocumentNode }[] {
  return itemsOf(node).flatMap((item) => {
    const text = textOf(item);
    return text === undefined ? [] : [{ text, node: item }];
  });
}

/** Plain values for a JSON Schema check; maps have no prototype, so that a key `__proto__` is a key like any other. */
export function plainValue(node: DocumentNode): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(plainValue);
  const plain: Record<string, unknown> = Object.create(null);
  for (const entry of node.entries.values()) plain[entry.key] = plainValue(entry.value);
  return plain;
}

/** Follows a JSON pointer (RFC 6901) as far as the document goes. */
export function nodeAt(root: DocumentNode, pointer: string): DocumentNode {
  let node = root;
  for (const token of pointer.split('/').slice(1)) {
    const key = token.replaceAll('~1', '/').replaceAll('~0', '~');
    const next = node.kind === 'map' ? node.entries.get(key)?.value : itemsOf(node)[Number(key)];
    if (next === undefined) return node;
    node = next;
  }
  return node;
}

/** The place of a part of a text scalar, where its text stands in one line of the file; else of the whole scalar. */
export function partOfText(node: DocumentNode, offset: number, length: number): SourceSpan {
  if (node.kind !== 'scalar' || typeof node.value !== 'string') return node;
  const part = partOfRaw(node.raw, node.value, offset, Math.max(1, length));
  if (part === undefined || node.value.includes('\n')) return node;
  const { line, column } = node.range.start;
  const [start, end] = part;
  return { file: node.file, range: { start: { line, column: column + start }, end: { line, column: column + end } } };
}

/** Start and end of a part of a value in the text that it was read from. */
function partOfRaw(raw: string, value: string, offset: number, length: number): readonly [number, number] | undefined {
  const quoted = /^["']/.test(raw) ? 1 : 0;
  if (raw.slice(quoted, quoted + value.length) === value) return [quoted + offset, quoted + offset + length];
  const offsets = quoted === 1 && !/[\r\n]/.test(raw) ? offsetsInQuoted(raw) : [];
  if (offsets.length !== value.length + 1) return undefined;
  const start = offsets[offset] ?? raw.length;
  return [start, offsets[offset + length] ?? start + length];
}

/** Where each UTF-16 unit of a quoted text stands in it, and where the closing quote does (YAML 1.2 §5.7, RFC 8259 §7). */
function offsetsInQuoted(raw: string): number[] {
  const escaped = raw.startsWith("'") ? /''/y : /\\(?:x..|u.{4}|U.{8}|.)/y;
  const offsets: number[] = [];
  let at = 1;
  while (at < raw.length - 1) {
    offsets.push(at);
    escaped.lastIndex = at;
    at = escaped.test(raw) ? escaped.lastIndex : at + 1;
  }
  offsets.push(at);
  return offsets;
}
