import type { MapNode } from '@sluice/engine/policy/document-node.js';
import type { Schema } from '@sluice/engine/policy/schema.js';
import { CompletionItemKind } from 'vscode-languageserver';
import { explainKey } from '../explain/explain-key.js';
import { asMap, asScalar, isConditionSchema, isRequiredKey, schemaOfItems } from '../meaning/schema-of-key.js';
import { operandOf } from './operand-of.js';
import type { Proposal } from './proposal.js';
import { Hole, type Template } from './template.js';

const COMPARISON_KEYS: readonly string[] = ['fact', 'operator', 'value'];
const COMBINING_KEYS: readonly string[] = ['all', 'any', 'not', 'condition'];

/**
 * The keys that a map of the schema can still have, required ones first, each with what belongs behind it.
 *
 * @param isRoot whether it is the outermost map of a condition, which is no bare comparison
 */
export function proposeKeys(schema: Schema, map: MapNode | undefined, isRoot: boolean): Proposal[] {
  const properties = (asMap(schema)['properties'] ?? {}) as Readonly<Record<string, Schema>>;
  const present = new Set(map?.entries.keys());
  const names = Object.entries(properties)
    // What nothing fits is known only to be refused.
    .filter(([name, below]) => !present.has(name) && below['not'] === undefined && fits(schema, name, present, isRoot))
    .map(([name]) => name);
  const [required, optional] = [true, false].map((is) => names.filter((each) => isRequiredKey(schema, each) === is));
  return [...(required ?? []), ...(optional ?? [])].map((name) => {
    const below = properties[name] as Schema;
    const isRequired = isRequiredKey(schema, name);
    const isOperand = isConditionSchema(schema) && name === 'value';
    return {
      label: name,
      kind: CompletionItemKind.Property,
      put: { what: 'entries', entries: { [name]: isOperand ? operandTemplate(map) : templateOf(below) } },
      documentation: explainKey(name, below, isRequired),
      ...(isRequired ? { detail: 'required', isPreferred: true } : {}),
    };
  });
}

/** On the right side of a comparison a map can only name another fact. */
export function proposeReferenceKey(map: MapNode | undefined): Proposal[] {
  const others = [...(map?.entries.keys() ?? [])].filter((key) => key === 'fact');
  if (others.length > 0) return [];
  const documentation = '**fact**: another fact, with which the first one is compared.';
  const put = { what: 'entries', entries: { fact: new Hole() } } as const;
  return [{ label: 'fact', kind: CompletionItemKind.Property, put, documentation }];
}

/** A condition is either a comparison or one of all, any, not and condition. */
function fits(schema: Schema, name: string, present: ReadonlySet<string>, isRoot: boolean): boolean {
  if (!isConditionSchema(schema)) return true;
  if (COMBINING_KEYS.some((key) => present.has(key))) return false;
  const isComparison = COMPARISON_KEYS.some((key) => present.has(key));
  return COMPARISON_KEYS.includes(name) ? isComparison || (name === 'fact' && !isRoot) : !isComparison;
}

/** Texts that plain YAML would often read as something else. */
const QUOTED_GRAMMARS: ReadonlySet<unknown> = new Set(['version', 'version-range', 'throttle-reply', 'block-reply']);

function templateOf(schema: Schema): Template {
  const { type, enum: values, 'x-grammar': grammar } = schema;
  if (isConditionSchema(schema)) return new Hole('', { shape: 'map' });
  // Where a text may stand in the place of a map, that is the usual one.
  if (asScalar(schema) !== schema) return templateOf(asScalar(schema));
  if (Array.isArray(values)) {
    const words = values.filter((value) => value !== null);
    return templateOfWords(words.map(String), typeof words[0] === 'string');
  }
  if (type === 'array') {
    const items = schemaOfItems(schema);
    const isOfTexts = items !== undefined && items['type'] === 'string';
    return isOfTexts ? [new Hole()] : new Hole('', { shape: 'list' });
  }
  if (type === 'object') return new Hole('', { shape: 'map' });
  return new Hole('', { shape: takesText(type) ? 'text' : 'bare', isQuoted: QUOTED_GRAMMARS.has(grammar) });
}

/** Whether a text may stand there, null beside it or not. */
function takesText(type: unknown): boolean {
  return type === 'string' || (Array.isArray(type) && type.includes('string'));
}

/** Words that are few are offered at once; longer lists are completed with an explanation each. */
function templateOfWords(words: readonly string[], isText: boolean): Template {
  const shape = isText ? 'text' : 'bare';
  return words.length > 4 ? new Hole('', { shape }) : new Hole(words[0], { choices: words, shape });
}

/** What belongs behind `value:`, by the fact and the operator. */
function operandTemplate(map: MapNode | undefined): Template {
  const operand = operandOf(map);
  if (operand === undefined) return new Hole('', { shape: 'bare' });
  const { fact, kind, listDepth } = operand;
  const isNumber = kind === 'number' || fact.type === 'number';
  const single =
    kind === 'boolean'
      ? new Hole('true', { choices: ['true', 'false'], shape: 'bare' })
      : new Hole('', { shape: isNumber ? 'bare' : 'text', isQuoted: kind === 'version-range' || kind === 'pattern' });
  return listDepth > 0 ? [single] : single;
}
