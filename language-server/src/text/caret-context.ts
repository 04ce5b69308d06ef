import type { DocumentNode, MapNode, ScalarNode } from '@sluice/engine/policy/document-node.js';
import { readDraft } from '@sluice/engine/policy/read-document.js';
import type { Position } from 'vscode-languageserver';
import type { PolicyDocument } from '../workspace/policy-document.js';

/** Stands at the caret while the text is read; no policy has it. */
const MARK = 'Xcaret9X';

/** Where a caret stands in half-typed text. */
export interface CaretContext {
  /** The document with {@link MARK} at the caret. */
  readonly root: DocumentNode;
  /** The keys and indices that lead to what is being typed; for a key, to the map that it will be part of. */
  readonly keys: readonly (string | number)[];
  /** The map in which a key is typed, or whose value is; absent in lists and where there is no map yet. */
  readonly map?: MapNode;
  /** Whether a key is typed; else the value of a key or an item of a list. */
  readonly isKey: boolean;
  /** The scalar that is typed, with the mark in it. */
  readonly node: ScalarNode;
  /** Its text before the caret, and behind it. */
  readonly before: string;
  readonly after: string;
  /** The quote in which it stands. */
  readonly quote: '"' | "'" | undefined;
  /** Whether it stands in brackets: JSON, or the flow style of YAML. */
  readonly isFlow: boolean;
}

/** Finds what is being typed at a caret; undefined in comments, and where nothing can be made of the text. */
export function caretContext(document: PolicyDocument, position: Position): CaretContext | undefined {
  const text = document.text.getText();
  const offset = document.text.offsetAt(position);
  const [before, after] = [text.slice(0, offset), text.slice(offset)];
  const whole = contextIn(document.path, `${before}${MARK}${after}`);
  // A word on a line of its own swallows the key below it, unless it is one itself.
  const hasSwallowed = whole?.isKey === true && /\s/.test(whole.after);
  if (whole !== undefined && !hasSwallowed) return whole;
  // Where the rest cannot be read with it, what comes before may tell enough.
  return contextIn(document.path, `${before}${MARK}:${after}`) ?? contextIn(document.path, `${before}${MARK}`);
}

function contextIn(path: string, text: string): CaretContext | undefined {
  const root = readDraft(path, text.replace(/\r(?!\n)/g, '\n'));
  const found = root === undefined ? undefined : find(root, []);
  if (root === undefined || found === undefined) return undefined;
  const { node, keys, map, isKey } = found;
  const at = node.raw.indexOf(MARK);
  const quote = /^["']/.exec(node.raw)?.[0] as '"' | "'" | undefined;
  const start = quote === undefined ? 0 : 1;
  const end = quote !== undefined && node.raw.length > at + MARK.length && node.raw.endsWith(quote) ? -1 : undefined;
  return {
    root,
    keys,
    isKey,
    node,
    quote,
    before: node.raw.slice(start, at),
    after: node.raw.slice(at + MARK.length, end),
    isFlow: isInBrackets(text.slice(0, text.indexOf(MARK))),
    ...(map === undefined ? {} : { map }),
  };
}

interface Found {
  readonly node: ScalarNode;
  readonly keys: readonly (string | number)[];
  readonly map?: MapNode;
  readonly isKey: boolean;
}

function find(node: DocumentNode, keys: readonly (string | number)[]): Found | undefined {
  if (node.kind === 'scalar') return node.raw.includes(MARK) ? { node, keys, isKey: false } : undefined;
  if (node.kind === 'list') {
    for (const [index, item] of node.items.entries()) {
      const found = find(item, [...keys, index]);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  for (const { key, keySpan, value } of node.entries.values()) {
    if (key.includes(MARK)) {
      const scalar: ScalarNode = { kind: 'scalar', ...keySpan, raw: key, value: key };
      return { node: scalar, keys, map: node, isKey: true };
    }
    const found = find(value, [...keys, key]);
    if (found !== undefined)
      return found.map === undefined && value.kind === 'scalar' ? { ...found, map: node } : found;
  }
  return undefined;
}

/** Whether a bracket is open at the end of a text; strings and comments are passed over as far as one line shows them. */
function isInBrackets(text: string): boolean {
  const bare = text.replace(/"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|(?:^|\s)#.*/gm, '');
  return (bare.match(/[{[]/g)?.length ?? 0) > (bare.match(/[}\]]/g)?.length ?? 0);
}
