import type { FileKind } from '@sluice/engine/policy/file-kind.js';
import type { Schema } from '@sluice/engine/policy/schema.js';
import { schemaOfFile, schemaOfItems, schemaOfKey } from './schema-of-key.js';

/** The schema of the value that keys and indices lead to; undefined where it is not known. */
export function schemaAt(kind: FileKind, keys: readonly (string | number)[]): Schema | undefined {
  return keys.reduce<Schema | undefined>((schema, key) => {
    if (schema === undefined) return undefined;
    return typeof key === 'number' ? schemaOfItems(schema) : schemaOfKey(schema, key);
  }, schemaOfFile(kind));
}
