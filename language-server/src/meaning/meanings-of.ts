import { parseOperator } from '@sluice/engine/policy/decorator.js';
import {
  type DocumentNode,
  entryOf,
  type MapNode,
  type ScalarNode,
  textEntry,
} from '@sluice/engine/policy/document-node.js';
import { type FactDefinition, factNamed } from '@sluice/engine/policy/fact.js';
import type { FileKind } from '@sluice/engine/policy/file-kind.js';
import type { OperandKind } from '@sluice/engine/policy/operand.js';
import type { Schema } from '@sluice/engine/policy/schema.js';
import type { Meaning, ValueGrammar } from './meaning.js';
import {
  asScalar,
  isConditionSchema,
  isRequiredKey,
  schemaOfFile,
  schemaOfItems,
  schemaOfKey,
} from './schema-of-key.js';

/** What the keys and values of a document are, in the order of the text; what is not known is left out. */
export function meaningsOf(kind: FileKind, root: DocumentNode): Meaning[] {
  const schema = schemaOfFile(kind);
  return schema === undefined ? [] : [...inValue(root, schema)];
}

function* inValue(node: DocumentNode, schema: Schema): Iterable<Meaning> {
  if (node.kind === 'scalar') return yield valueMeaning(node, asScalar(schema));
  if (node.kind === 'list') {
    const items = schemaOfItems(schema);
    if (items !== undefined) for (const item of node.items) yield* inValue(item, items);
    return;
  }
  for (const entry of node.entries.values()) {
    const below = schemaOfKey(schema, entry.key);
    if (below === undefined) continue;
    const { range } = entry.keySpan;
    yield { what: 'key', entry, schema: below, isRequired: isRequiredKey(schema, entry.key), range };
    if (isConditionSchema(schema) && COMPARED.has(entry.key)) yield* inComparison(node, entry.key, entry.value);
    else yield* inValue(entry.value, below);
  }
}

function valueMeaning(node: ScalarNode, schema: Schema): Meaning {
  const { range } = node;
  const grammar: ValueGrammar | undefined = schema['x-grammar'] ?? (schema['enum'] === undefined ? undefined : 'enum');
  return { what: 'value', node, schema, range, ...(grammar === undefined ? {} : { grammar }) };
}

const COMPARED: ReadonlySet<string> = new Set(['fact', 'operator', 'value']);

function* inComparison(comparison: MapNode, key: string, value: DocumentNode): Iterable<Meaning> {
  const fact = factNamed(textEntry(comparison, 'fact') ?? '');
  if (key === 'value') return yield* inOperand(value, fact, textEntry(comparison, 'operator') ?? '');
  if (value.kind !== 'scalar') return;
  const { range } = value;
  if (key === 'fact') yield { what: 'fact', node: value, range };
  else yield { what: 'operator', node: value, range, ...(fact === undefined ? {} : { fact }) };
}

function* inOperand(node: DocumentNode, fact: FactDefinition | undefined, operator: string): Iterable<Meaning> {
  if (node.kind === 'list') {
    for (const item of node.items) yield* inOperand(item, fact, operator);
    return;
  }
  if (node.kind === 'scalar') {
    const { range } = node;
    if (fact === undefined) return yield { what: 'value', node, range };
    const grammar = grammarOf(fact, operator);
    return yield { what: 'value', node, range, fact, ...(grammar === undefined ? {} : { grammar }) };
  }
  const other = entryOf(node, 'fact');
  if (other?.kind === 'scalar') yield { what: 'fact', node: other, range: other.range };
}

const GRAMMARS: Partial<Record<OperandKind, ValueGrammar>> = {
  'version-range': 'version-range',
  instant: 'instant',
  duration: 'duration',
  networks: 'network',
  domains: 'domain',
  pattern: 'pattern',
};

const GRAMMARS_OF_TYPES: Partial<Record<FactDefinition['type'], ValueGrammar>> = {
  version: 'version-range',
  instant: 'instant',
  duration: 'duration',
  network: 'network',
  domain: 'domain',
  enum: 'enum',
};

/** By the operator, or by the fact alone where the operator is not written yet. */
function grammarOf(fact: FactDefinition, text: string): ValueGrammar | undefined {
  const parsed = parseOperator(text);
  if ('code' in parsed) return GRAMMARS_OF_TYPES[fact.type];
  const kind = parsed.operator.fits[fact.type];
  if (kind === undefined || kind === 'value' || kind === 'values') return GRAMMARS_OF_TYPES[fact.type];
  return GRAMMARS[kind];
}
