import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { didYouMean, nearestWord } from './did-you-mean.js';
import { type DocumentNode, nodeAt, numberOf, plainValue, textOf } from './document-node.js';
import { type Finding, type FindingCode, finding } from './finding.js';
import { type Schema, type SchemaKind, schemaOf } from './schema.js';
import { UNQUOTED_VERSION_MESSAGE, unquotedVersionHint } from './unquoted-version.js';

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
      return finding('key-missing', startOf(node), `The key ${missing} is missing here.`, describe(error, missing));
    }
    case 'type':
      return declared === 'version-unquoted' && numberOf(node) !== undefined
        ? finding('version-unquoted', node, UNQUOTED_VERSION_MESSAGE, unquotedVersionHint(found(node)))
        : wrongType(node, String(params['type']));
    case 'enum':
      return unknownValue(node, (params['allowedValues'] as unknown[]).map(String), declared, ownDescription(error));
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
      return finding(declared ?? 'value-out-of-range', node, limitMessage(error));
  }
}

const EMPTY_HINT = 'Add an item; where the key is not required it can be left out.';
const PATH_MESSAGE = 'A path is not part of the language: json-rules-engine would run scripts in it.';
const PATH_HINT = 'All facts are plain values; compare the fact itself.';

function wrongType(node: DocumentNode, expected: string): Finding {
  const raw = node.kind === 'scalar' && node.value !== null ? node.raw : '';
  const isNumberInQuotes = expected === 'integer' && /^["']\d+["']$/.test(raw);
  const hint = isNumberInQuotes
    ? 'Remove the quotes.'
    : expected === 'string' && raw !== ''
      ? `Put it in quotes: "${shorten(raw)}".`
      : undefined;
  return finding('type-wrong', node, `${typeName(expected)} was expected here, not ${found(node)}.`, hint);
}

function unknownValue(
  node: DocumentNode,
  allowed: readonly string[],
  declared: FindingCode | undefined,
  description: string | undefined,
): Finding {
  const word = textOf(node) ?? found(node);
  if (declared === 'fact-unknown') {
    return finding(declared, node, `There is no fact ${shorten(word)}.`, didYouMean(word, allowed));
  }
  const nearest = nearestWord(word, allowed);
  const message = `${found(node)} is not allowed here; ${alternatives(allowed)} was expected.`;
  return finding(
    declared ?? 'value-unknown',
    node,
    message,
    nearest === undefined ? description : `Did you mean ${nearest}?`,
  );
}

function alternatives(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} or ${last}`;
}

function wrongName(node: DocumentNode): Finding {
  const message = `${found(node)} is no name; lower-case letters, digits and hyphens were expected, at most 64, a hyphen neither first nor last.`;
  const near = (textOf(node) ?? '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 64)
    .replace(/^-|-$/g, '');
  return finding('name-syntax', node, message, near === '' ? undefined : `For example ${near}.`);
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

function unknownKey(key: string, node: DocumentNode, error: ErrorObject): Finding {
  const known = Object.keys((error.parentSchema as { properties?: object } | undefined)?.properties ?? {});
  const at = node.kind === 'map' ? (node.entries.get(key)?.keySpan ?? node) : node;
  const hint = key === '<<' ? 'Merge keys are not part of the language; write the keys out.' : didYouMean(key, known);
  return finding('key-unknown', at, `The key ${shorten(key)} is not known here.`, hint);
}

/** What is missing is not in the file: the finding points to where its map begins. */
function startOf(node: DocumentNode) {
  const { start } = node.range;
  return { file: node.file, range: { start, end: { line: start.line, column: start.column + 1 } } };
}

function describe(error: ErrorObject, key: string): string | undefined {
  const properties = (error.parentSchema as { properties?: Record<string, Schema> } | undefined)?.properties;
  const description = properties?.[key]?.['description'];
  return description === undefined ? undefined : `${key}: ${description}`;
}

function ownDescription(error: ErrorObject): string | undefined {
  return (error.parentSchema as Schema | undefined)?.['description'] as string | undefined;
}

function typeName(type: unknown): string {
  const names: Record<string, string> = {
    object: 'A map',
    array: 'A list',
    string: 'Text',
    integer: 'A whole number',
    number: 'A number',
    boolean: 'true or false',
  };
  return names[String(type)] ?? String(type);
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
