import type { SourceRange } from '@sluice/engine/policy/source.js';
import type { CompletionItem, Position, Range } from 'vscode-languageserver';
import { type Proposal, toItems } from '../completion/proposal.js';
import { type KeyStyle, proposeKeys } from '../completion/propose-keys.js';
import { proposeRange, rangePartAt } from '../completion/propose-range.js';
import { proposePlaceholders, proposeValues } from '../completion/propose-values.js';
import { proposeFile, proposeListItems } from '../completion/snippets.js';
import type { Meaning } from '../meaning/meaning.js';
import { meaningsOf } from '../meaning/meanings-of.js';
import { schemaAt } from '../meaning/schema-at.js';
import { asMap, isConditionSchema } from '../meaning/schema-of-key.js';
import { type CaretContext, caretContext } from '../text/caret-context.js';
import type { DocumentInSet } from '../workspace/workspace.js';

/** What can stand at a position. */
export function completion(context: DocumentInSet, position: Position, hasSnippets: boolean): CompletionItem[] {
  const { document } = context;
  const caret = caretContext(document, position);
  if (caret === undefined) return [];
  const items = (proposals: readonly Proposal[], typed: number, rest: number) =>
    toItems(proposals, around(position, typed, rest), hasSnippets);
  const schema = schemaAt(document.kind, caret.keys);
  if (schema !== undefined && isAboutKeys(caret, schema)) return keyItems(context, caret, position, hasSnippets);
  const meaning = meaningOf(context, caret);
  const grammar = meaning?.what === 'value' ? meaning.grammar : undefined;
  if (grammar === 'version-range' || grammar === 'version') {
    const part = rangePartAt(caret.before, caret.after);
    const { catalogue } = context.snapshot.reading.sound;
    return items(proposeRange(catalogue, context.snapshot.now, caret.quote, part), part.typed, part.rest);
  }
  if (grammar === 'throttle-reply' || grammar === 'block-reply') {
    const typed = /\{[^{}]*$/.exec(caret.before)?.[0].length ?? 0;
    const rest = typed > 0 ? (/^[^{}\s]*\}?/.exec(caret.after)?.[0].length ?? 0) : 0;
    return items(proposePlaceholders(), typed, rest);
  }
  // Decorators stand before an operator.
  const typed = meaning?.what === 'operator' ? /[^:]*$/.exec(caret.before)?.[0].length : caret.before.length;
  return items(proposeValues(context, caret, meaning), typed ?? 0, restOfLine(caret.after));
}

/** A key is typed; or where a map is expected, its first one. */
function isAboutKeys({ isKey }: CaretContext, schema: NonNullable<ReturnType<typeof schemaAt>>): boolean {
  if (isKey) return true;
  const isMap = isConditionSchema(schema) || asMap(schema)['properties'] !== undefined;
  return isMap && asMap(schema) === (isConditionSchema(schema) ? asMap(schema) : schema);
}

function keyItems(
  context: DocumentInSet,
  caret: CaretContext,
  position: Position,
  hasSnippets: boolean,
): CompletionItem[] {
  const { document } = context;
  const { keys, isKey, map, before, after, quote, isFlow } = caret;
  const schema = schemaAt(document.kind, keys);
  if (schema === undefined) return [];
  const line = document.text.getText().split(/\r?\n|\r/)[position.line] ?? '';
  const style: KeyStyle = {
    isJson: document.isJson,
    isFlow,
    isQuoted: quoteBefore(line, position.character, before.length),
    hasColon: /^[\w.-]*["']?\s*:/.test(line.slice(position.character)),
  };
  const range = around(position, before.length, /^[\w.-]*/.exec(after)?.[0].length ?? 0);
  const proposals = [...proposeKeys(schema, isKey ? map : undefined, style)];
  const isBlock = !document.isJson && !isFlow && quote === undefined;
  if (isBlock && keys.length === 0 && (map?.entries.size ?? 1) <= 1) proposals.unshift(...proposeFile(context));
  return toItems(proposals, range, hasSnippets).concat(
    isBlock && !isKey ? listItems(context, caret, position, hasSnippets) : [],
  );
}

/** Behind `- ` the dash is there already, so that it is part of what is replaced. */
function listItems(
  context: DocumentInSet,
  { keys, before, after }: CaretContext,
  position: Position,
  hasSnippets: boolean,
): CompletionItem[] {
  if (typeof keys.at(-1) !== 'number') return [];
  const line = context.document.text.getText().split(/\r?\n|\r/)[position.line] ?? '';
  const dash = line.lastIndexOf('-', position.character - before.length);
  if (dash < 0) return [];
  const range = around(position, position.character - dash, restOfLine(after));
  const typed = line.slice(dash, position.character - before.length);
  return toItems(proposeListItems(String(keys.at(-2)), context), range, hasSnippets).map((item) => ({
    ...item,
    filterText: `${typed}${item.label}`,
  }));
}

function meaningOf({ document }: DocumentInSet, { root, node }: CaretContext): Meaning | undefined {
  const isHere = ({ start }: SourceRange) =>
    start.line === node.range.start.line && start.column === node.range.start.column;
  return meaningsOf(document.kind, root).find(({ what, range }) => what !== 'key' && isHere(range));
}

function around({ line, character }: Position, typed: number, rest: number): Range {
  return { start: { line, character: Math.max(0, character - typed) }, end: { line, character: character + rest } };
}

function restOfLine(after: string): number {
  return /^[\w.:-]*/.exec(after)?.[0].length ?? 0;
}

function quoteBefore(line: string, character: number, typed: number): boolean {
  return /["']/.test(line.charAt(character - typed - 1));
}
