import type { DocumentNode, ListNode, MapNode, ScalarNode } from '@sluice/engine/policy/document-node.js';
import { readDraft } from '@sluice/engine/policy/read-document.js';
import type { Position } from 'vscode-languageserver';
import type { PolicyDocument } from '../workspace/policy-document.js';
import { MARK, type Mended, mendedTexts } from './mended-texts.js';
import type { Place } from './positions.js';

/** Where a caret stands in half-typed text. */
export interface CaretContext {
  /** What can be made of the text with a mark at the caret. */
  readonly root: DocumentNode;
  /** The keys and indices that lead to what is being typed; for a key, to the map that it will be part of. */
  readonly keys: readonly (string | number)[];
  /** The maps around it, the innermost last. */
  readonly maps: readonly MapNode[];
  /** The list that it is an item of. */
  readonly list?: ListNode;
  /** Whether a key is typed; else the value of a key or an item of a list. */
  readonly isKey: boolean;
  /** The scalar that is typed, with the mark in it. */
  readonly node: ScalarNode;
  /** Where it stands in the text of the document, quotes included. */
  readonly start: number;
  readonly end: number;
  /** Its text before the caret, and behind it, as written but without quotes. */
  readonly before: string;
  readonly after: string;
  readonly quote: '"' | "'" | undefined;
  /** Whether the quote is closed. */
  readonly isClosed: boolean;
  /** Whether it is text folded with `>` or `|`. */
  readonly isFolded: boolean;
  /** Whether it stands in brackets: JSON, or the flow style of YAML. */
  readonly isFlow: boolean;
}

/** Finds what is being typed at a caret; undefined in comments, and where nothing can be made of the text. */
export function caretContext(document: PolicyDocument, position: Position): CaretContext | undefined {
  // The engine counts lines as YAML does, to which a lone CR ends none.
  const text = document.text.getText().replace(/\r(?!\n)/g, '\n');
  let secondBest: CaretContext | undefined;
  for (const mended of mendedTexts(text, document.text.offsetAt(position), document.isJson)) {
    const found = contextIn(document, mended);
    if (found === undefined || !isParted(found, mended)) continue;
    if (isWhole(found, mended)) return found;
    secondBest ??= found;
  }
  return secondBest;
}

/** Whether what is typed ends where it should: a word without a colon, or an open quote, swallows what comes next. */
function isWhole({ isKey, isFolded, quote, isClosed, after, end }: CaretContext, { text, added }: Mended): boolean {
  if (isFolded) return true;
  if (/\n/.test(after) || (isKey && quote === undefined && /\s/.test(after))) return false;
  if (quote === undefined || !isClosed) return quote === undefined || added > 0;
  return /^(?:$|[\s,:}\]])/.test(text.slice(end + MARK.length + added));
}

/** A comma ends what is typed in brackets only, and a colon a key only; elsewhere they become part of it. */
function isParted({ isKey, isFlow }: CaretContext, { parting }: Mended): boolean {
  return parting === undefined || (parting === ',' ? isFlow : isKey);
}

function contextIn(document: PolicyDocument, mended: Mended): CaretContext | undefined {
  const { text, added } = mended;
  const root = readDraft(document.path, text);
  const found = root === undefined ? undefined : find(root, { keys: [], containers: [] });
  if (root === undefined || found === undefined) return undefined;
  const { node, keys, containers, isKey } = found;
  const start = offsetOf(text, node.range.start);
  const isFolded = isBlockScalar(node.raw);
  const raw = isKey ? text.slice(start, offsetOf(text, node.range.end)) : isFolded ? node.raw : lineOfMark(node.raw);
  const at = raw.indexOf(MARK);
  const quote = /^["']/.exec(raw)?.[0] as '"' | "'" | undefined;
  const hasEnd = quote !== undefined && raw.length > at + MARK.length && raw.endsWith(quote);
  const list = containers.at(-1);
  return {
    root,
    keys,
    maps: containers.filter((each) => each.kind === 'map'),
    ...(list?.kind === 'list' ? { list } : {}),
    isKey,
    node,
    start,
    end: start + raw.length - MARK.length - (hasEnd ? added : 0),
    before: raw.slice(quote === undefined ? 0 : 1, at),
    after: raw.slice(at + MARK.length, hasEnd ? -1 : undefined),
    quote,
    isClosed: hasEnd && added === 0,
    isFolded,
    isFlow: document.isJson || containers.some(({ range }) => /[{[]/.test(text.charAt(offsetOf(text, range.start)))),
  };
}

/** A plain scalar that begins with `>`, as a version range does, is taken for a folded one with all lines below. */
function lineOfMark(raw: string): string {
  const end = /^[>|]/.test(raw) ? raw.indexOf('\n', raw.indexOf(MARK)) : -1;
  return end < 0 ? raw : raw.slice(0, end);
}

function isBlockScalar(raw: string): boolean {
  return /^[>|][-+\d]*[ \t]*(?:#.*)?\r?\n/.test(raw);
}

function offsetOf(text: string, { line, column }: Place): number {
  let start = 0;
  for (let count = 1; count < line; count++) start = text.indexOf('\n', start) + 1;
  return start + column - 1;
}

interface Way {
  readonly keys: readonly (string | number)[];
  readonly containers: readonly (MapNode | ListNode)[];
}

interface Found extends Way {
  readonly node: ScalarNode;
  readonly isKey: boolean;
}

function find(node: DocumentNode, way: Way): Found | undefined {
  if (node.kind === 'scalar') return node.raw.includes(MARK) ? { ...way, node, isKey: false } : undefined;
  const containers = [...way.containers, node];
  if (node.kind === 'list') {
    for (const [index, item] of node.items.entries()) {
      const found = find(item, { keys: [...way.keys, index], containers });
      if (found !== undefined) return found;
    }
    return undefined;
  }
  for (const { key, keySpan, value } of node.entries.values()) {
    if (key.includes(MARK)) {
      const scalar: ScalarNode = { kind: 'scalar', ...keySpan, raw: key, value: key };
      return { keys: way.keys, containers, node: scalar, isKey: true };
    }
    const found = find(value, { keys: [...way.keys, key], containers });
    if (found !== undefined) return found;
  }
  return undefined;
}
