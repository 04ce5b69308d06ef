import type { MapNode } from '@sluice/engine/policy/document-node.js';
import type { Schema } from '@sluice/engine/policy/schema.js';
import { CompletionItemKind } from 'vscode-languageserver';
import { explainKey } from '../explain/explain-key.js';
import { asMap, asScalar, isConditionSchema, isRequiredKey, schemaOfItems } from '../meaning/schema-of-key.js';
import type { Proposal } from './proposal.js';

/** How a key is written at the caret. */
export interface KeyStyle {
  readonly isJson: boolean;
  readonly isFlow: boolean;
  /** Whether quotes stand around it already. */
  readonly isQuoted: boolean;
  /** Whether a colon follows already. */
  readonly hasColon: boolean;
}

const COMPARISON_KEYS: readonly string[] = ['fact', 'operator', 'value'];

/** The keys that a map of the schema can still have, required ones first. */
export function proposeKeys(schema: Schema, map: MapNode | undefined, style: KeyStyle): Proposal[] {
  const properties = (asMap(schema)['properties'] ?? {}) as Readonly<Record<string, Schema>>;
  const present = new Set(map?.entries.keys());
  const names = Object.entries(properties)
    // What nothing fits is known only to be refused.
    .filter(([name, below]) => !present.has(name) && below['not'] === undefined && fits(schema, name, present))
    .map(([name]) => name);
  return [
    ...names.filter((name) => isRequiredKey(schema, name)),
    ...names.filter((name) => !isRequiredKey(schema, name)),
  ].map((name) => {
    const below = properties[name] as Schema;
    const isRequired = isRequiredKey(schema, name);
    return {
      label: name,
      kind: CompletionItemKind.Property,
      ...writtenKey(name, below, style),
      documentation: explainKey(name, below, isRequired),
      ...(isRequired ? { detail: 'required', isPreferred: true } : {}),
    };
  });
}

/** A condition is either a comparison or one of all, any, not and condition. */
function fits(schema: Schema, name: string, present: ReadonlySet<string>): boolean {
  if (!isConditionSchema(schema)) return true;
  if ([...present].some((key) => key in KNOWN)) return false;
  const isComparison = COMPARISON_KEYS.some((key) => present.has(key));
  return isComparison ? COMPARISON_KEYS.includes(name) : name !== 'operator' && name !== 'value';
}

const KNOWN: Readonly<Record<string, true>> = { all: true, any: true, not: true, condition: true };

function writtenKey(name: string, schema: Schema, style: KeyStyle): { text: string; snippet?: string } {
  const { isJson, isFlow, isQuoted, hasColon } = style;
  const key = isJson && !isQuoted ? `"${name}"` : name;
  if (hasColon) return { text: key };
  // Within quotes the closing one comes behind the caret.
  if (isQuoted) return { text: key };
  const isText = schema['type'] === 'string';
  const isList = schema['type'] === 'array';
  const isMap = isConditionSchema(schema) || (schema['type'] === 'object' && asScalar(schema) === schema);
  const text = `${key}: `;
  if (isJson || isFlow) {
    if (isList) return { text, snippet: `${key}: [$0]` };
    if (isMap) return { text, snippet: `${key}: {$0}` };
    return isJson && isText ? { text, snippet: `${key}: "$0"` } : { text };
  }
  if (isList) {
    const item = schemaOfItems(schema);
    return { text: `${key}:`, snippet: `${key}:\n  - ${item === undefined ? '' : '$0'}` };
  }
  return isMap ? { text: `${key}:`, snippet: `${key}:\n  $0` } : { text };
}
