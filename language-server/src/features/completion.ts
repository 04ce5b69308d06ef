import type { Schema } from '@sluice/engine/policy/schema.js';
import type { SourceRange } from '@sluice/engine/policy/source.js';
import type { CompletionItem, Position } from 'vscode-languageserver';
import { asOnlyItem, type Proposal } from '../completion/proposal.js';
import { proposeKeys, proposeReferenceKey } from '../completion/propose-keys.js';
import { proposeValues } from '../completion/propose-values.js';
import { proposeComparison, proposeFile, proposeListItems } from '../completion/snippets.js';
import { spotOf } from '../completion/spot.js';
import { toItems } from '../completion/to-items.js';
import type { Meaning } from '../meaning/meaning.js';
import { meaningsOf } from '../meaning/meanings-of.js';
import { schemaAt } from '../meaning/schema-at.js';
import { asMap, asScalar, isConditionSchema, schemaOfItems } from '../meaning/schema-of-key.js';
import { type CaretContext, caretContext } from '../text/caret-context.js';
import type { DocumentInSet } from '../workspace/workspace.js';

/**
 * What can stand at a position, with an explanation each.
 *
 * @param hasSnippets whether the client has snippets, in which places are left to be filled in
 */
export function completion(context: DocumentInSet, position: Position, hasSnippets: boolean): CompletionItem[] {
  const { document } = context;
  const caret = caretContext(document, position);
  if (caret === undefined) return [];
  const spot = spotOf(context, caret, document.text.offsetAt(position));
  const proposals = caret.isKey ? proposeEntries(context, caret) : proposeValue(context, caret);
  return toItems(proposals, spot, document, hasSnippets);
}

function proposeEntries(context: DocumentInSet, { keys, maps }: CaretContext): Proposal[] {
  const map = maps.at(-1);
  const schema = schemaAt(context.document.kind, keys);
  if (schema === undefined) return [];
  if (keys.at(-1) === 'value' && maps.at(-2)?.entries.has('fact')) return proposeReferenceKey(map);
  // What is typed at the caret is an entry itself.
  const isEmpty = (map?.entries.size ?? 0) <= 1;
  const isRoot = isRootCondition(context, keys, schema);
  return [
    ...(isEmpty && keys.length === 0 ? proposeFile(context) : []),
    ...(isEmpty && isConditionSchema(schema) && !isRoot ? [proposeComparison()] : []),
    ...proposeKeys(schema, map, isRoot),
  ];
}

function proposeValue(context: DocumentInSet, caret: CaretContext): Proposal[] {
  const schema = schemaAt(context.document.kind, caret.keys);
  const meaning = meaningOf(context, caret);
  if (schema === undefined || meaning?.what !== 'value' || meaning.schema === undefined) {
    return proposeValues(context, caret, meaning);
  }
  return proposeBySchema(context, caret, schema, { ...meaning, schema: asScalar(schema) });
}

/** What a value of a schema can begin with: entries of a map, items of a list, or a single value. */
function proposeBySchema(
  context: DocumentInSet,
  caret: CaretContext,
  schema: Schema,
  meaning: Extract<Meaning, { readonly what: 'value' }>,
): Proposal[] {
  const items = schemaOfItems(schema);
  if (items !== undefined) {
    const within = { ...caret, keys: [...caret.keys, 0] };
    return proposeBySchema(context, within, items, { ...meaning, schema: asScalar(items) }).map(asOnlyItem);
  }
  const isScalar = asMap(schema)['properties'] === undefined;
  if (isScalar) return proposeValues(context, caret, meaning);
  const { keys } = caret;
  const isRoot = isRootCondition(context, keys, schema);
  return [
    ...(keys.length === 0 ? proposeFile(context) : []),
    ...(typeof keys.at(-1) === 'number' ? proposeListItems(String(keys.at(-2)), context) : []),
    ...(isConditionSchema(schema) && !isRoot ? [proposeComparison()] : []),
    ...(asScalar(schema) === schema ? [] : proposeValues(context, caret, meaning)),
    ...proposeKeys(schema, undefined, isRoot),
  ];
}

/** The condition of a policy, an exemption or a shared condition; those nested in it may be bare comparisons. */
function isRootCondition({ document }: DocumentInSet, keys: CaretContext['keys'], schema: Schema): boolean {
  const around = schemaAt(document.kind, keys.slice(0, -1));
  return isConditionSchema(schema) && typeof keys.at(-1) === 'string' && !(around && isConditionSchema(around));
}

function meaningOf({ document }: DocumentInSet, { root, node }: CaretContext): Meaning | undefined {
  const isHere = ({ start }: SourceRange) =>
    start.line === node.range.start.line && start.column === node.range.start.column;
  return meaningsOf(document.kind, root).find(({ what, range }) => what !== 'key' && isHere(range));
}
