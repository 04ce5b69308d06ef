import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { didYouMean, nearestWord } from './did-you-mean.js';
import {
  type DocumentNode,
  type MapEntry,
  nodeAt,
  numberOf,
  plainValue,
  type ScalarNode,
  textOf,
} from './document-node.js';
import { type Finding, type FindingCode, type Fix, finding, fixed } from './finding.js';
import { NAME_RULE, nearestName } from './name.js';
import { rewriteScalar } from './rewrite-scalar.js';
import { type Schema, type SchemaKind, schemaOf } from './schema.js';
import { headOf, type SourceSpan } from './source.js';
import { UNQUOTED_VERSION_MESSAGE, unquotedVersionHint } from './unquoted-version.js';

/** Most findings that one file gives for its shape. */
const MAX_SHAPE_FINDINGS = 200;

const ajv = new Ajv({ allErrors: true, verbose: true, strict: true, allowUnionTypes: true, strictTypes: false });
ajv.addVocabulary(['x-finding', 'x-grammar']);
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
  const errors = (validate.errors ?? []).filter(({ keyword }) => keyword !== 'if');
  const mistyped = new Set(errors.filter(({ keyword }) => keyword === 'type').map(({ instancePath }) => instancePath));
  const found = new Map<string, Finding>();
  for (const error of errors) {
    if (error.keyword !== 'type' && mistyped.has(error.instancePath)) continue;
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
      const message = `The key ${missing} is missing here.`;
      return finding('key-missing', headOf(node), message, describe(error, missing), { missingKey: missing });
    }
    case 'type':
      return declared === 'version-unquoted' && numberOf(node) !== undefined
        ? unquotedVersion(node)
        : wrongType(node, String(params['type']), error.parentSchema as Schema);
    case 'enum':
      return unknownValue(node, params['allowedValues'] as Scalar[], declared, ownDescription(error));
    case 'minItems': {
      const code = declared ?? 'list-empty';
      return finding(code, node, 'The list is empty; at least one item was expected.', EMPTY_HINT);
    }
    case 'not':
      return finding(declared ?? 'value-unknown', node, PATH_MESSAGE, PATH_HINT);
    case 'pattern':
      return declared === 'name-syntax'
        ? wrongName(node)
        : finding(declared ?? 'value-unknown', node, `${found(node)} is not allowed here.`, ownDescription(error));
    default:
      return finding(
        declared ?? 'value-out-of-range',
        node,
        limitMessage(error),
        undefined,
        fixed(limitFix(node, error)),
      );
  }
}

const EMPTY_HINT = 'Add an item; where the key is not required it can be left out.';
const PATH_MESSAGE = 'A path is not part of the language: json-rules-engine would run scripts in it.';
const PATH_HINT = 'All facts are plain values; compare the fact itself.';

type Scalar = string | number | boolean;

function unquotedVersion(node: DocumentNode): Finding {
  const raw = node.kind === 'scalar' ? node.raw : '';
  const fix = { range: node.range, text: JSON.stringify(raw) };
  return finding('version-unquoted', node, UNQUOTED_VERSION_MESSAGE, unquotedVersionHint(raw), { fix });
}

function wrongType(node: DocumentNode, expected: string, schema: Schema): Finding {
  const raw = node.kind === 'scalar' && node.value !== null ? node.raw : '';
  const isNumberInQuotes = expected === 'integer' && /^["']\d+["']$/.test(raw);
  const hint = isNumberInQuotes
    ? 'Remove the quotes.'
    : expected === 'string' && raw !== ''
      ? `Put it in quotes: "${shorten(raw)}".`
      : undefined;
  const text = raw === '' ? undefined : asType(expected, node as ScalarNode, schema);
  const fix = text === undefined ? undefined : { range: node.range, text };
  return finding('type-wrong', node, `${typeName(expected)} was expected here, not ${found(node)}.`, hint, fixed(fix));
}

/** Writes a scalar as a value of another type, where the schema takes it then. */
function asType(expected: string, { value, raw }: ScalarNode, schema: Schema): string | undefined {
  const text = String(value);
  switch (expected) {
    case 'string':
      return schema['x-grammar'] === undefined && new RegExp(String(schema['pattern'] ?? '')).test(raw)
        ? JSON.stringify(raw)
        : undefined;
    case 'integer':
      return /^\d{1,15}$/.test(text) ? text : undefined;
    case 'boolean':
      return /^(?:true|false)$/i.test(text) ? text.toLowerCase() : undefined;
    case 'array': {
      const isOfTexts = (schema['items'] as Schema | undefined)?.['type'] === 'string';
      // A text with a bracket or a comma is most likely a list of which a bracket is missing.
      const isOne = /^["']/.test(raw) || !/[[\]{},\r\n]/.test(raw);
      return isOfTexts && isOne && typeof value === 'string' ? `[${raw}]` : undefined;
    }
    default:
      return undefined;
  }
}

function unknownValue(
  node: DocumentNode,
  allowed: readonly Scalar[],
  declared: FindingCode | undefined,
  description: string | undefined,
): Finding {
  const words = allowed.map(String);
  const word = textOf(node) ?? found(node);
  const nearest = nearestWord(word, words);
  const value = allowed.length === 1 ? allowed[0] : typeof allowed[0] === 'string' ? nearest : undefined;
  const details = value === undefined ? {} : fixed(rewriteScalar(node, value));
  if (declared === 'fact-unknown') {
    return finding(declared, node, `There is no fact ${shorten(word)}.`, didYouMean(word, words), details);
  }
  const message = `${found(node)} is not allowed here; ${alternatives(words)} was expected.`;
  const hint = nearest === undefined ? description : `Did you mean ${nearest}?`;
  return finding(declared ?? 'value-unknown', node, message, hint, details);
}

function alternatives(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} or ${last}`;
}

function wrongName(node: DocumentNode): Finding {
  const near = nearestName(textOf(node) ?? '');
  const hint = near === undefined ? undefined : `For example ${near}.`;
  const details = near === undefined ? {} : fixed(rewriteScalar(node, near));
  return finding('name-syntax', node, `${found(node)} is no name; ${NAME_RULE}.`, hint, details);
}

function limitMessage({ keyword, params, message }: ErrorObject): string {
  const limit = String((params as Record<string, unknown>)['limit']);
  switch (keyword) {
    case 'minimum':
      return `The number is too small; at least ${limit} was expected.`;
    case 'maximum':
      return `The number is too large; at most ${limit} was expected.`;
    case 'minLength':
      return 'The text is empty; some text was expected.';
    case 'maxLength':
      return `The text is too long; at most ${limit} characters were expected.`;
    default:
      return `The value ${message ?? 'is out of range'}.`;
  }
}

/** The nearest number that is allowed. */
function limitFix(node: DocumentNode, { keyword, params }: ErrorObject): Fix | undefined {
  const limit = (params as Record<string, unknown>)['limit'];
  const isOfNumber = keyword === 'minimum' || keyword === 'maximum';
  return isOfNumber && typeof limit === 'number' ? rewriteScalar(node, limit) : undefined;
}

function unknownKey(key: string, node: DocumentNode, error: ErrorObject): Finding {
  const known = Object.keys((error.parentSchema as { properties?: object } | undefined)?.properties ?? {});
  const entries = node.kind === 'map' ? node.entries : new Map<string, MapEntry>();
  const at = entries.get(key)?.keySpan ?? node;
  const hint = key === '<<' ? 'Merge keys are not part of the language; write the keys out.' : didYouMean(key, known);
  const free = known.filter((each) => !entries.has(each));
  const nearest = nearestWord(key, free);
  const text =
    withColon(key, entries.get(key)?.value, free) ?? (nearest === undefined ? undefined : keyLike(at, key, nearest));
  const fix = text === undefined ? undefined : { range: at.range, text };
  return finding('key-unknown', at, `The key ${shorten(key)} is not known here.`, hint, fixed(fix));
}

/** In brackets, a key without its colon is read as one together with its value. */
function withColon(key: string, value: DocumentNode | undefined, known: readonly string[]): string | undefined {
  const [word = '', ...rest] = key.split(' ');
  const isAlone = value?.kind === 'scalar' && value.raw === '';
  return isAlone && rest.length > 0 && known.includes(word) ? `${word}: ${rest.join(' ')}` : undefined;
}

/** Writes a key in quotes where the one in its place has them. */
function keyLike({ range: { start, end } }: SourceSpan, written: string, key: string): string {
  const isQuoted = start.line !== end.line || end.column - start.column > written.length;
  return isQuoted ? JSON.stringify(key) : key;
}

function describe(error: ErrorObject, key: string): string | undefined {
  const properties = (error.parentSchema as { properties?: Record<string, Schema> } | undefined)?.properties;
  const description = properties?.[key]?.['description'];
  return description === undefined ? undefined : `${key}: ${description}`;
}

function ownDescription(error: ErrorObject): string | undefined {
  return (error.parentSchema as Schema | undefined)?.['description'] as string | undefined;
}

/** A type in words; of several, as Ajv joins them, one is expected. */
function typeName(types: string): string {
  const names: Record<string, string> = {
    object: 'A map',
    array: 'A list',
    string: 'Text',
    integer: 'A whole number',
    number: 'A number',
    boolean: 'true or false',
  };
  return types
    .split(',')
    .map((type) => names[type] ?? type)
    .join(' or ');
}

/** What stands at a place, in a word or two. */
function found(node: DocumentNode): string {
  if (node.kind !== 'scalar') return `a ${node.kind}`;
  if (node.value === null) return 'nothing';
  return shorten(typeof node.value === 'string' ? JSON.stringify(node.value) : node.raw);
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
