import { RE2JS, RE2JSException } from 're2js';
import { didYouMean, nearestWord } from './did-you-mean.js';
import { isDomain, normalizeDomain } from './domain.js';
import { parseDuration } from './duration.js';
import type { FactDefinition } from './fact.js';
import type { FindingCode } from './finding.js';
import { parseInstant } from './instant.js';
import { type Network, parseNetwork } from './network.js';
import { UNQUOTED_VERSION_MESSAGE } from './unquoted-version.js';
import {
  domainProblem,
  durationProblem,
  instantProblem,
  networkProblem,
  rangeProblem,
  type ValueProblem,
} from './value-problem.js';
import type { Version } from './version.js';
import { parseVersionRange, type VersionRange } from './version-range.js';

/** A regular expression in RE2 syntax, which takes time in proportion to the text. */
export interface Pattern {
  readonly source: string;
  /** Whether the expression is found anywhere in the text. */
  readonly test: (text: string) => boolean;
}

/** The right side of a comparison, read at load into what its operator needs. */
export type Operand = VersionRange | Pattern | Network | string | number | boolean | readonly Operand[];

/** What an operator takes on its right side. `value`: one value of the fact's own type. */
export type OperandKind =
  | 'version-range'
  | 'instant'
  | 'duration'
  | 'networks'
  | 'domains'
  | 'pattern'
  | 'text'
  | 'value'
  | 'values'
  | 'number'
  | 'boolean';

/** What stands on the right side, in words. */
export const OPERAND_WORDS: Readonly<Record<OperandKind, string>> = {
  'version-range': 'a version range',
  instant: 'an instant',
  duration: 'a duration',
  networks: 'a network, or a list of them',
  domains: 'a domain, or a list of them',
  pattern: 'a regular expression in RE2 syntax',
  text: 'a text',
  value: 'one value',
  values: 'a list of values',
  number: 'a number',
  boolean: 'true or false',
};

/** A JSON value of a document whose maps have no meaning here. */
export type PlainOperand =
  | string
  | number
  | boolean
  | null
  | readonly PlainOperand[]
  | { readonly [key: string]: unknown };

/** Why a value cannot be the right side; `path` leads to the item of a list, `offset` into its text. */
export interface OperandProblem {
  readonly code: FindingCode;
  readonly message: string;
  readonly hint?: string;
  readonly path: readonly number[];
  readonly offset?: number;
  readonly length?: number;
  /** What is right instead of the item, or of the part of its text. */
  readonly replacement?: string;
  /** The whole text as it is right, where only a part of it is wrong. */
  readonly rewritten?: string;
}

export type OperandResult<O extends Operand = Operand> = { readonly ok: true; readonly operand: O } | OperandFailure;
type OperandFailure = { readonly ok: false; readonly problem: OperandProblem };

/** What reading an operand asks of the catalogue. */
export interface BuildNames {
  readonly buildNames: readonly string[];
  buildNamed(name: string): { readonly version: Version } | undefined;
  /** Whether a build of exactly this version is listed; undefined where it belongs to no product. */
  lists(version: Version): boolean | undefined;
}

/** Reads the right side of a comparison. */
export function readOperand(
  kind: OperandKind,
  fact: FactDefinition,
  plain: PlainOperand,
  builds: BuildNames,
): OperandResult {
  switch (kind) {
    case 'version-range':
      return readVersionRange(plain, builds);
    case 'instant':
      return readParsed(plain, parseInstant, instantProblem);
    case 'duration':
      return readParsed(plain, parseDuration, durationProblem);
    case 'networks':
      return readOneOrMore(plain, readNetwork);
    case 'domains':
      return readOneOrMore(plain, readDomain);
    case 'pattern':
      return readPattern(plain);
    case 'text':
      if (typeof plain !== 'string') return wrongType('Text', plain);
      return good(fact.type === 'domain' ? plain.toLowerCase() : plain);
    case 'value':
      return readValue(fact, plain);
    case 'values':
      return Array.isArray(plain) ? readList(plain, (item) => readValue(fact, item)) : wrongType('A list', plain);
    case 'number':
      return typeof plain === 'number' && Number.isFinite(plain) ? good(plain) : wrongType('A number', plain);
    case 'boolean':
      return typeof plain === 'boolean' ? good(plain) : wrongType('true or false', plain);
  }
}

/** Reads a list, item by item; an empty one is refused, since it would never or always hold. */
export function readList(items: readonly PlainOperand[], read: (item: PlainOperand) => OperandResult): OperandResult {
  if (items.length === 0) return bad('condition-value', 'The list is empty; at least one value was expected.');
  const operands: Operand[] = [];
  for (const [index, item] of items.entries()) {
    const result = read(item);
    if (!result.ok) return { ok: false, problem: { ...result.problem, path: [index, ...result.problem.path] } };
    operands.push(result.operand);
  }
  return good(operands);
}

function good(operand: Operand): OperandResult {
  return { ok: true, operand };
}

function bad(code: FindingCode, message: string, hint?: string, replacement?: string): OperandFailure {
  const problem = { code, message, path: [], ...(hint === undefined ? {} : { hint }) };
  return { ok: false, problem: replacement === undefined ? problem : { ...problem, replacement } };
}

function wrongValue(problem: ValueProblem): OperandResult {
  return { ok: false, problem: { ...problem, path: [] } };
}

/** Names what was expected and what stands there. */
function wrongType(expected: string, plain: PlainOperand): OperandFailure {
  const found =
    plain === null
      ? 'nothing'
      : Array.isArray(plain)
        ? 'a list'
        : typeof plain === 'object'
          ? 'a map'
          : JSON.stringify(plain);
  return bad('condition-value', `${expected} was expected here, not ${found}.`);
}

function readParsed(
  plain: PlainOperand,
  parse: (text: string) => number | undefined,
  problemOf: (text: string) => ValueProblem,
): OperandResult {
  const text = typeof plain === 'number' ? String(plain) : plain;
  if (typeof text !== 'string') return wrongType('Text', plain);
  const parsed = typeof plain === 'string' ? parse(plain) : undefined;
  return parsed === undefined ? wrongValue(problemOf(text)) : good(parsed);
}

function readOneOrMore(plain: PlainOperand, read: (item: PlainOperand) => OperandResult): OperandResult {
  if (Array.isArray(plain)) return readList(plain, read);
  const result = read(plain);
  return result.ok ? good([result.operand]) : result;
}

function readVersionRange(plain: PlainOperand, builds: BuildNames): OperandResult {
  if (typeof plain === 'number') return bad('version-unquoted', UNQUOTED_VERSION_MESSAGE);
  if (typeof plain !== 'string') return wrongType('A version range', plain);
  const result = parseVersionRange(plain, (name) => builds.buildNamed(name)?.version);
  if (result.ok) return good(result.range);
  const { buildName, ...problem } = result.problem;
  if (buildName === undefined) return { ok: false, problem: { ...rangeProblem(plain, problem), path: [] } };
  const hint = didYouMean(buildName, builds.buildNames);
  const replacement = nearestWord(buildName, builds.buildNames);
  const nearest = { ...(hint === undefined ? {} : { hint }), ...(replacement === undefined ? {} : { replacement }) };
  const inQuotes = { offset: problem.offset + 1, length: problem.length - 2 };
  return { ok: false, problem: { ...problem, ...inQuotes, ...nearest, path: [] } };
}

function readNetwork(plain: PlainOperand): OperandResult {
  if (typeof plain !== 'string') return wrongType('A network', plain);
  const network = parseNetwork(plain);
  return network === undefined || network === 'host-bits' ? wrongValue(networkProblem(plain, network)) : good(network);
}

function readDomain(plain: PlainOperand): OperandResult {
  if (typeof plain !== 'string') return wrongType('A domain', plain);
  const domain = normalizeDomain(plain);
  return isDomain(domain) ? good(domain) : wrongValue(domainProblem(plain));
}

/** Reads a regular expression. */
export function readPattern(plain: PlainOperand): OperandResult<Pattern> {
  if (typeof plain !== 'string') return wrongType('A regular expression', plain);
  if (plain.length > MAX_PATTERN_LENGTH) {
    const message = `The regular expression has ${plain.length} characters; at most ${MAX_PATTERN_LENGTH} are read.`;
    return bad('regex-syntax', message, 'Split it into several comparisons below any.');
  }
  try {
    return { ok: true, operand: patternOf(plain) };
  } catch (error) {
    if (!(error instanceof RE2JSException) && !(error instanceof RangeError)) throw error;
    return bad(
      'regex-syntax',
      `This is no regular expression in RE2 syntax: ${error.message.replace(/^error parsing regexp: /, '')}.`,
      REGEX_HINT,
    );
  }
}

/**
 * A regular expression in RE2 syntax, made ready.
 *
 * @throws RE2JSException, RangeError where it is none
 */
export function patternOf(source: string): Pattern {
  const compiled = RE2JS.compile(source);
  return { source, test: (text) => compiled.matcher(text).find() };
}

/** Longest regular expression, in UTF-16 units. */
const MAX_PATTERN_LENGTH = 1000;
const REGEX_HINT = 'RE2 has no look-around and no back references; see https://github.com/google/re2/wiki/Syntax.';

function readValue(fact: FactDefinition, plain: PlainOperand): OperandResult {
  if (fact.type === 'number') return readOperand('number', fact, plain, NO_BUILDS);
  if (fact.type === 'boolean') return readOperand('boolean', fact, plain, NO_BUILDS);
  if (typeof plain !== 'string') return wrongType('Text', plain);
  if (fact.type === 'domain') return readDomain(plain);
  if (fact.type !== 'enum' || fact.values?.includes(plain)) return good(plain);
  const values = fact.values ?? [];
  const nearest = nearestWord(plain, values);
  return bad('condition-value', `${fact.name} is never "${plain}".`, didYouMean(plain, values), nearest);
}

const NO_BUILDS: BuildNames = { buildNames: [], buildNamed: () => undefined, lists: () => undefined };
