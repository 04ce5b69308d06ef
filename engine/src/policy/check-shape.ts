import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { didYouMean } from './did-you-mean.js';
import { type DocumentNode, nodeAt, plainValue } from './document-node.js';
import { type Finding, type FindingCode, finding } from './finding.js';
import { type Schema, type SchemaKind, schemaOf } from './schema.js';

/** Most findings that one file gives for its shape. */
const MAX_SHAPE_FINDINGS = 200;

const ajv = new Ajv({ allErrors: true, verbose: true, strict: true, allowUnionTypes: true, strictTypes: false });
ajv.addVocabulary(['x-finding']);
const validators = new Map<SchemaKind, ValidateFunction>();

/** Checks a document against the JSON Schema of its kind; each violation is a finding at its place. */
export function checkShape(kind: SchemaKind, root: DocumentNode): Finding[] {
  const validate = validators.get(kind) ?? ajv.compile(schemaOf(kind));
  validators.set(kind, validate);
  return violations(validate, root);
}

/** Checks a document against a schema of its own. */
export function checkAgainst(schema: Schema, root: DocumentNode): Finding[] {
  return violations(ajv.compile(schema), root);
}

function violations(validate: ValidateFunction, root: DocumentNode): Finding[] {
  if (validate(plainValue(root))) return [];
  const found = new Map<string, Finding>();
  for (const error of validate.errors ?? []) {
    if (error.keyword === 'if') continue;
    const one = findingOf(error, root);
    const { line, column } = one.range.start;
    found.set(`${line}:${column}:${one.code}:${one.message}`, one);
    if (found.size >= MAX_SHAPE_FINDINGS) break;
  }
  return [...found.values()];
}

function findingOf(error: ErrorObject, root: DocumentNode): Finding {
  const node = nodeAt(root, error.instancePath);
  const declared = (error.parentSchema as Schema | undefined)?.['x-finding'];
  const params = error.params as Record<string, unknown>;
  switch (error.keyword) {
    case 'additionalProperties':
      return unknownKey(String(params['additionalProperty']), node, error);
    case 'required':
    case 'dependencies': {
      const missing = String(params['missingProperty']);
      return finding('key-missing', startOf(node), `The key ${missing} is missing here.`, describe(error, missing));
    }
    case 'type':
      return finding('type-wrong', node, `${typeName(params['type'])} was expected here, not ${found(node)}.`);
    case 'enum': {
      const allowed = (params['allowedValues'] as unknown[]).map(String);
      const value = node.kind === 'scalar' ? String(node.value) : found(node);
      const code = declared ?? 'value-unknown';
      const message = code === 'fact-unknown' ? `There is no fact ${value}.` : `${value} is not allowed here.`;
      return finding(code, node, message, didYouMean(value, allowed));
    }
    case 'minItems':
      return finding(
        declared ?? 'list-empty',
        node,
        EMPTY_MESSAGE[declared ?? ''] ?? 'At least one item was expected here.',
      );
    case 'not':
      return finding(declared ?? 'value-unknown', node, PATH_MESSAGE, PATH_HINT);
    case 'pattern':
      return finding(declared ?? 'value-unknown', node, `${found(node)} is not allowed here.`, ownDescription(error));
    default:
      return finding(declared ?? 'value-out-of-range', node, `The value ${error.message ?? 'is out of range'}.`);
  }
}

const EMPTY_MESSAGE: Partial<Record<FindingCode | '', string>> = {
  'condition-empty': 'An empty list of conditions would always hold; at least one was expected.',
};
const PATH_MESSAGE = 'A path is not part of the language: json-rules-engine would run scripts in it.';
const PATH_HINT = 'All facts are plain values; compare the fact itself.';

function unknownKey(key: string, node: DocumentNode, error: ErrorObject): Finding {
  const known = Object.keys((error.parentSchema as { properties?: object } | undefined)?.properties ?? {});
  const at = node.kind === 'map' ? (node.entries.get(key)?.keySpan ?? node) : node;
  return finding('key-unknown', at, `The key ${key} is not known here.`, didYouMean(key, known));
}

/** What is missing is not in the file: the finding points to where its map begins. */
function startOf(node: DocumentNode) {
  const { start } = node.range;
  return { file: node.file, range: { start, end: { line: start.line, column: start.column + 1 } } };
}

function describe(error: ErrorObject, key: string): string | undefined {
  const properties = (error.parentSchema as { properties?: Record<string, Schema> } | undefined)?.properties;
  return properties?.[key]?.['description'] as string | undefined;
}

function ownDescription(error: ErrorObject): string | undefined {
  return (error.parentSchema as Schema | undefined)?.['description'] as string | undefined;
}

function typeName(type: unknown): string {
  const names: Record<string, string> = { object: 'A map', array: 'A list', string: 'Text', integer: 'A whole number' };
  return names[String(type)] ?? String(type);
}

/** What stands at a place, in a word or two. */
function found(node: DocumentNode): string {
  if (node.kind !== 'scalar') return `a ${node.kind}`;
  return node.value === null ? 'nothing' : JSON.stringify(node.value);
}
