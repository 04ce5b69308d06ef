import {
  naiveDomain,
  naiveDuration,
  naiveInDomain,
  naiveInNetwork,
  naiveInstant,
  naiveVersionIn,
} from '../policy/naive-operators.fixture.js';

/** A condition as it stands in a policy file. */
export type WrittenCondition =
  | { readonly all: readonly WrittenCondition[] }
  | { readonly any: readonly WrittenCondition[] }
  | { readonly not: WrittenCondition }
  | { readonly condition: string }
  | WrittenComparison;

export interface WrittenComparison {
  readonly fact: string;
  readonly operator: string;
  readonly value: unknown;
}

/** What a naive evaluation goes by: everything as it is written. */
export interface WrittenWorld {
  /** Facts as gateways tell them; absent ones are left out. */
  readonly facts: Readonly<Record<string, string>>;
  /** Types of the facts by their names. */
  readonly types: Readonly<Record<string, string>>;
  readonly conditions: Readonly<Record<string, WrittenCondition>>;
  /** Versions of builds by their names. */
  readonly builds: Readonly<Record<string, string>>;
  /** Told of every comparison, so that a test can see that all came out both ways. */
  readonly onComparison: (comparison: WrittenComparison, result: boolean) => void;
}

/** Evaluates a condition from its text, every part of it, with no code of the language. */
export function naiveHolds(condition: WrittenCondition, world: WrittenWorld): boolean {
  if ('all' in condition) return !condition.all.map((each) => naiveHolds(each, world)).includes(false);
  if ('any' in condition) return condition.any.map((each) => naiveHolds(each, world)).includes(true);
  if ('not' in condition) return !naiveHolds(condition.not, world);
  if ('condition' in condition) {
    const named = world.conditions[condition.condition];
    if (named === undefined) throw new Error(`no condition ${condition.condition}`);
    return naiveHolds(named, world);
  }
  const result = naiveComparison(condition, world);
  world.onComparison(condition, result);
  return result;
}

function naiveComparison({ fact, operator, value }: WrittenComparison, world: WrittenWorld): boolean {
  const left = world.facts[fact];
  const type = world.types[fact] ?? '';
  if (operator === 'exists') return (left !== undefined) === value;
  if (left === undefined) return false;
  const words = operator.split(':');
  if (typeof value === 'object' && value !== null && 'fact' in value) {
    const other = world.facts[String(value.fact)];
    if (other === undefined) return false;
    const otherType = world.types[String(value.fact)] ?? '';
    return decorated(words, naiveValue(left, type), naiveValue(other, otherType), type, world);
  }
  const right = type === 'domain' && words.at(-1) !== 'matches' ? normalized(value) : value;
  return decorated(words, naiveValue(left, type), right, type, world);
}

function normalized(value: unknown): unknown {
  return Array.isArray(value) ? value.map(normalized) : naiveDomain(String(value));
}

/** A fact's text, or the items of a list. */
function naiveValue(text: string, type: string): string | string[] {
  if (type === 'list') return text === '' ? [] : text.split(',').map((item) => item.trim());
  return type === 'domain' ? naiveDomain(text) : text;
}

function decorated(
  words: readonly string[],
  left: unknown,
  right: unknown,
  type: string,
  world: WrittenWorld,
): boolean {
  const [word = '', ...rest] = words;
  if (word === 'not') return !decorated(rest, left, right, type, world);
  const lefts = left as unknown[];
  const rights = right as unknown[];
  if (word === 'someFact') return lefts.some((item) => decorated(rest, item, right, 'text', world));
  if (word === 'everyFact') return lefts.every((item) => decorated(rest, item, right, 'text', world));
  if (word === 'someValue') return rights.some((item) => decorated(rest, left, item, type, world));
  if (word === 'everyValue') return rights.every((item) => decorated(rest, left, item, type, world));
  return plain(word, left, right, type, world);
}

function plain(operator: string, left: unknown, right: unknown, type: string, world: WrittenWorld): boolean {
  const text = String(left);
  const texts = [right].flat().map(String);
  const same = (other: unknown) => (type === 'number' ? Number(text) === Number(other) : text === String(other));
  switch (operator) {
    case 'versionIn':
      return naiveVersionIn(String(right), text, world.builds);
    case 'versionNotIn':
      return !naiveVersionIn(String(right), text, world.builds);
    case 'before':
      return naiveInstant(text) < naiveInstant(String(right));
    case 'after':
      return !(naiveInstant(text) < naiveInstant(String(right)));
    case 'longerThan':
      return naiveDuration(text) > naiveDuration(String(right));
    case 'shorterThan':
      return naiveDuration(text) < naiveDuration(String(right));
    case 'inNetwork':
      return naiveInNetwork(text, texts);
    case 'notInNetwork':
      return !naiveInNetwork(text, texts);
    case 'inDomain':
      return naiveInDomain(text, texts);
    case 'notInDomain':
      return !naiveInDomain(text, texts);
    case 'equal':
      return same(right);
    case 'notEqual':
      return !same(right);
    case 'in':
      return texts.some((each) => same(each));
    case 'notIn':
      return !texts.some((each) => same(each));
    case 'contains':
      return naiveContains(left, String(right));
    case 'doesNotContain':
      return !naiveContains(left, String(right));
    case 'matches':
      return new RegExp(String(right)).test(text);
    case 'lessThan':
      return Number(text) < Number(right);
    case 'lessThanInclusive':
      return Number(text) <= Number(right);
    case 'greaterThan':
      return Number(text) > Number(right);
    case 'greaterThanInclusive':
      return Number(text) >= Number(right);
    default:
      throw new Error(`the naive evaluation has no operator ${operator}; add it`);
  }
}

function naiveContains(left: unknown, part: string): boolean {
  if (Array.isArray(left)) return left.some((item) => item === part);
  return String(left).split(part).length > 1;
}
