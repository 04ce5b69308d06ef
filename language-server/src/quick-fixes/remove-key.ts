import { isScalar, type Node, parseDocument, visit, type YAMLMap } from 'yaml';
import { isFirstInLine, lineStartOf, nextLineOf } from '../edits/lines.js';
import { removeEntry } from '../edits/map-edits.js';
import { offsetsOf, type TextChange } from '../edits/text-change.js';
import { schemaAt } from '../meaning/schema-at.js';
import { isRequiredKey } from '../meaning/schema-of-key.js';
import { entryAt, mapAt } from './places.js';
import { proposed, type QuickFix } from './quick-fix.js';

/** Takes out the key at the place, with its value. */
export const removeKey: QuickFix = ({ document, path }) => {
  const place = entryAt(path);
  if (place === undefined) return undefined;
  return proposed(`Remove ${place.key}`, removeEntry(document, place.map, place.key));
};

/** Takes out a key that may be left out. */
export const removeOptionalKey: QuickFix = (request) => {
  const place = entryAt(request.path);
  const keys = mapAt(request.path)?.keys;
  const schema = keys === undefined ? undefined : schemaAt(request.document.kind, keys);
  if (place === undefined || schema === undefined || isRequiredKey(schema, place.key)) return undefined;
  return removeKey(request);
};

/** Takes out the second of two entries with one key; unasked only where both say the same. */
export const removeDuplicateKey: QuickFix = ({ document, finding }) => {
  const found = entryBeginningAt(document.text.getText(), offsetsOf(document, finding.range).start);
  if (found === undefined) return undefined;
  return proposed(`Remove the second ${found.key}`, found.change, found.isSame);
};

interface FoundEntry {
  readonly key: string;
  readonly change: TextChange;
  /** Whether the entry that counts has the same value. */
  readonly isSame: boolean;
}

/** Entries that do not count are not among the nodes of a document. */
function entryBeginningAt(text: string, offset: number): FoundEntry | undefined {
  let found: FoundEntry | undefined;
  visit(parseDocument(text, { uniqueKeys: false, merge: false, schema: 'core' }), {
    Map(_key, map) {
      const index = map.items.findIndex(({ key }) => isScalar(key) && key.range?.[0] === offset);
      if (index < 0) return undefined;
      found = entryOfPair(text, map as YAMLMap<Node, Node | null>, index);
      return visit.BREAK;
    },
  });
  return found;
}

function entryOfPair(text: string, map: YAMLMap<Node, Node | null>, index: number): FoundEntry | undefined {
  const pair = map.items[index];
  const [start, keyEnd] = pair?.key.range ?? [];
  if (pair === undefined || start === undefined || keyEnd === undefined) return undefined;
  const key = String(pair.key);
  const first = map.items.find((other) => String(other.key) === key);
  const end = pair.value?.range?.[1] ?? keyEnd;
  const last = start + text.slice(start, end).trimEnd().length;
  const next = map.items[index + 1]?.key.range?.[0];
  const isSame = JSON.stringify(first?.value) === JSON.stringify(pair.value);
  const isLine = map.flow !== true && isFirstInLine(text, start);
  return { key, isSame, change: isLine ? linesOf(text, start, last) : partOf(text, start, last, next) };
}

function linesOf(text: string, start: number, end: number): TextChange {
  return { start: lineStartOf(text, start), end: nextLineOf(text, end), text: '' };
}

function partOf(text: string, start: number, end: number, next: number | undefined): TextChange {
  if (next !== undefined) return { start, end: next, text: '' };
  const before = /[\s,]*$/.exec(text.slice(0, start))?.[0].length ?? 0;
  return { start: start - before, end, text: '' };
}
