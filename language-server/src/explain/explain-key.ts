import type { Schema } from '@sluice/engine/policy/schema.js';
import { asMap, asScalar, isConditionSchema, schemaOfItems } from '../meaning/schema-of-key.js';
import { code, paragraphs } from './markdown.js';

/** Words of a list that are shown one by one. */
const MAX_WORDS = 12;

/** What a key is for, and what stands behind it. */
export function explainKey(key: string, schema: Schema, isRequired: boolean): string {
  return paragraphs(
    `**${key}**${isRequired ? ', required' : ''}`,
    descriptionOf(schema) ?? descriptionOf(asMap(schema)),
    shapeWords(schema),
  );
}

/** What a value of the schema looks like; undefined where its description says it all. */
function shapeWords(schema: Schema): string | undefined {
  if (isConditionSchema(schema)) return undefined;
  if (asScalar(schema) !== schema) return descriptionOf(asScalar(schema));
  const { type, enum: values, examples, properties } = schema;
  if (Array.isArray(values)) return choiceWords(values);
  if (type === 'integer') {
    return `A whole number from ${numberWords(schema['minimum'])} to ${numberWords(schema['maximum'])}`;
  }
  if (Array.isArray(examples)) return `For example ${examples.map(wordOf).join(' or ')}`;
  if (type === 'array') return listWords(schema);
  if (typeof properties !== 'object' || properties === null) return undefined;
  return `Keys: ${Object.keys(properties).map(code).join(', ')}`;
}

function choiceWords(values: readonly unknown[]): string | undefined {
  const isTelling = values.length > 1 && values.length <= MAX_WORDS;
  return isTelling ? `One of: ${values.map(wordOf).join(', ')}` : undefined;
}

function listWords(schema: Schema): string {
  const items = schemaOfItems(schema);
  const each = items === undefined || isConditionSchema(items) ? undefined : descriptionOf(items);
  return `A list${schema['minItems'] === 1 ? ' of at least one item' : ''}${each === undefined ? '' : `. Each: ${each}`}`;
}

function descriptionOf(schema: Schema): string | undefined {
  return typeof schema['description'] === 'string' ? schema['description'] : undefined;
}

function wordOf(value: unknown): string {
  return code(String(value));
}

function numberWords(value: unknown): string {
  return Number(value).toLocaleString('en');
}
