import type { FileKind } from '@sluice/engine/policy/file-kind.js';
import { SCHEMA_KINDS, type Schema, type SchemaKind, schemaOf } from '@sluice/engine/policy/schema.js';

const SCHEMAS = new Map<FileKind, Schema>(SCHEMA_KINDS.map((kind: SchemaKind) => [kind, schemaOf(kind)]));
const CONDITION = '#/definitions/condition';

/** The schema of a whole file; undefined for a kind without one. */
export function schemaOfFile(kind: FileKind): Schema | undefined {
  return SCHEMAS.get(kind);
}

/** The schema of the value under a key of a map; undefined for a key that is not known there. */
export function schemaOfKey(schema: Schema, key: string): Schema | undefined {
  const properties = asMap(schema)['properties'] as Readonly<Record<string, Schema>> | undefined;
  return properties !== undefined && Object.hasOwn(properties, key) ? properties[key] : undefined;
}

/** The schema of the items of a list. */
export function schemaOfItems(schema: Schema): Schema | undefined {
  return schema['items'] as Schema | undefined;
}

/** Whether a value of the schema is a condition. */
export function isConditionSchema(schema: Schema): boolean {
  return schema['$ref'] === CONDITION;
}

/** Whether a map of the schema has to have the key. */
export function isRequiredKey(schema: Schema, key: string): boolean {
  return ((asMap(schema)['required'] ?? []) as readonly string[]).includes(key);
}

/** The keywords that a map meets: those of a shared definition, and of `then` where a map may stand beside a text. */
export function asMap(schema: Schema): Schema {
  if (isConditionSchema(schema)) return DEFINITION;
  return (schema['then'] as Schema | undefined) ?? schema;
}

/** The keywords that a text or number meets. */
export function asScalar(schema: Schema): Schema {
  return (schema['else'] as Schema | undefined) ?? schema;
}

const DEFINITION = (schemaOf('policy')['definitions'] as { readonly condition: Schema }).condition;
