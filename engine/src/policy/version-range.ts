import { compareVersions, parseVersion, successorOf, type Version, version } from './version.js';

/** Versions from `from` on, up to but without `to`; without `to` there is no end. */
export interface VersionInterval {
  readonly from: Version;
  readonly to?: Version;
}

/** A set of versions: sorted, disjoint intervals, and the text they were read from. */
export interface VersionRange {
  readonly text: string;
  readonly intervals: readonly VersionInterval[];
}

/** A place in a range's text that cannot be read; `offset` and `length` count UTF-16 units from the text's start. */
export interface VersionRangeProblem {
  readonly code: 'version-range-syntax' | 'version-range-empty' | 'build-unknown';
  readonly message: string;
  readonly offset: number;
  readonly length: number;
  /** The build name that no catalogue has, where `code` is `build-unknown`. */
  readonly buildName?: string;
}

/** What to do about the problems of a range that have one remedy. */
export const RANGE_HINTS: Partial<Record<VersionRangeProblem['code'], string>> = {
  'version-range-syntax': 'For example 8.x, <15.1.2507.39, >=15.0 <15.1 or 8.x || 14.x.',
  'version-range-empty': 'A space means and, || means or: write ||, or exchange the versions.',
};

export type VersionRangeResult =
  | { readonly ok: true; readonly range: VersionRange }
  | { readonly ok: false; readonly problem: VersionRangeProblem };

/** Finds the version of a build by its name in the catalogue. */
export type BuildLookup = (name: string) => Version | undefined;

/** A part of a range as it is written. */
export interface VersionRangeToken {
  readonly kind: 'comparator' | 'operand' | 'name' | 'or' | 'hyphen';
  /** Without the quotes of a name. */
  readonly text: string;
  readonly offset: number;
  /** With the quotes of a name. */
  readonly length: number;
}

type Token = VersionRangeToken;

interface Operand {
  readonly low: Version;
  /** First version above all that the operand stands for. */
  readonly above: Version | undefined;
}

const LOWEST = version(0);
const TOKEN = /\s*(?:(\|\|)|(<=|>=|<|>|=)|"([^"]*)"|'([^']*)'|(-)(?=\s)|([^\s<>=|"']+))/y;
const PARTIAL = /^(\d{1,9})(?:\.(\d{1,9}|[xX*])(?:\.(\d{1,9}|[xX*])(?:\.(\d{1,9}|[xX*]))?)?)?$/;
const WILDCARD = /^[xX*]$/;

/**
 * Reads a version range.
 *
 * `8.x`, `15.1.2507.x` and partial versions such as `15.1` stand for all versions that begin so (as in npm's semver);
 * `<`, `<=`, `>`, `>=`, `=` compare; `14.3.123 - 14.3.496` includes both ends; a space means *and*, `||` means *or*;
 * a build's name from the catalogue stands in quotes: `< "Exchange Server 2016 CU23 Aug24SU"`.
 */
export function parseVersionRange(text: string, lookupBuild: BuildLookup = () => undefined): VersionRangeResult {
  try {
    const tokens = tokenize(text);
    const intervals: VersionInterval[] = [];
    let alternative: Token[] = [];
    for (const token of [...tokens, { kind: 'or', text: '||', offset: text.length, length: 0 } as const]) {
      if (token.kind !== 'or') {
        alternative.push(token);
        continue;
      }
      if (alternative.length === 0) {
        throw new RangeProblemError(
          'version-range-syntax',
          'A version or a comparison was expected here.',
          token.offset,
          0,
        );
      }
      const interval = readAlternative(alternative, lookupBuild);
      if (interval !== undefined) intervals.push(interval);
      alternative = [];
    }
    if (intervals.length === 0) {
      throw new RangeProblemError('version-range-empty', `No version can be in the range ${text}.`, 0, text.length);
    }
    return { ok: true, range: { text, intervals: mergeIntervals(intervals) } };
  } catch (error) {
    if (error instanceof RangeProblemError) return { ok: false, problem: error.problem };
    throw error;
  }
}

/** Whether the range holds the version: a binary search over its intervals. */
export function rangeContains(range: VersionRange, value: Version): boolean {
  let low = 0;
  let high = range.intervals.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const interval = range.intervals[middle];
    if (interval === undefined) return false;
    if (compareVersions(value, interval.from) < 0) high = middle - 1;
    else if (interval.to !== undefined && compareVersions(value, interval.to) >= 0) low = middle + 1;
    else return true;
  }
  return false;
}

/** Sorts intervals and joins those that touch or overlap. */
export function mergeIntervals(intervals: readonly VersionInterval[]): VersionInterval[] {
  const sorted = [...intervals].sort((a, b) => compareVersions(a.from, b.from));
  const merged: VersionInterval[] = [];
  for (const interval of sorted) {
    const last = merged.at(-1);
    if (last === undefined || (last.to !== undefined && compareVersions(interval.from, last.to) > 0)) {
      merged.push(interval);
    } else if (last.to !== undefined && (interval.to === undefined || compareVersions(interval.to, last.to) > 0)) {
      merged[merged.length - 1] = bounded(last.from, interval.to);
    }
  }
  return merged;
}

class RangeProblemError extends Error {
  readonly problem: VersionRangeProblem;
  constructor(code: VersionRangeProblem['code'], message: string, offset: number, length: number, buildName?: string) {
    super(message);
    this.problem = { code, message, offset, length, ...(buildName === undefined ? {} : { buildName }) };
  }
}

/** The parts of a range's text, as far as it can be read. */
export function versionRangeTokens(text: string): VersionRangeToken[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(text); match !== null; match = TOKEN.exec(text)) {
    const [whole, or, comparator, quoted, single, hyphen, operand] = match;
    const length = whole.trimStart().length;
    const at = { offset: TOKEN.lastIndex - length, length };
    const name = quoted ?? single;
    if (or !== undefined) tokens.push({ kind: 'or', text: or, ...at });
    else if (comparator !== undefined) tokens.push({ kind: 'comparator', text: comparator, ...at });
    else if (name !== undefined) tokens.push({ kind: 'name', text: name, ...at });
    else if (hyphen !== undefined) tokens.push({ kind: 'hyphen', text: hyphen, ...at });
    else tokens.push({ kind: 'operand', text: operand ?? '', ...at });
  }
  return tokens;
}

function tokenize(text: string): Token[] {
  const tokens = versionRangeTokens(text);
  const last = tokens.at(-1);
  const end = last === undefined ? 0 : last.offset + last.length;
  const unread = text.slice(end).search(/\S/);
  if (unread < 0) return tokens;
  throw new RangeProblemError('version-range-syntax', 'This cannot be read as part of a range.', end + unread, 1);
}

function readAlternative(tokens: readonly Token[], lookupBuild: BuildLookup): VersionInterval | undefined {
  const [first, second, third] = tokens;
  if (first !== undefined && second?.kind === 'hyphen') {
    if (third === undefined || tokens.length > 3) {
      const at = tokens[3] ?? second;
      const message = 'A hyphen range has one version on each side: 14.3.123 - 14.3.496.';
      throw new RangeProblemError('version-range-syntax', message, at.offset, at.text.length);
    }
    const to = readOperand(third, lookupBuild).above;
    return nonEmpty(readOperand(first, lookupBuild).low, to);
  }
  let from = LOWEST;
  let to: Version | undefined;
  const limit = (above: Version | undefined) => {
    if (above !== undefined && (to === undefined || compareVersions(above, to) < 0)) to = above;
  };
  let empty = false;
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index] as Token;
    let comparator = '=';
    let operandToken: Token | undefined = token;
    if (token.kind === 'comparator') {
      comparator = token.text;
      operandToken = tokens[++index];
    }
    if (operandToken === undefined || (operandToken.kind !== 'operand' && operandToken.kind !== 'name')) {
      const at = operandToken ?? token;
      throw new RangeProblemError('version-range-syntax', 'A version was expected here.', at.offset, at.text.length);
    }
    const { low, above } = readOperand(operandToken, lookupBuild);
    if (comparator === '<') {
      if (compareVersions(low, LOWEST) === 0) empty = true;
      limit(low);
    } else if (comparator === '<=') limit(above);
    else {
      const start = comparator === '>' ? above : low;
      if (start === undefined) empty = true;
      else if (compareVersions(start, from) > 0) from = start;
      if (comparator === '=') limit(above);
    }
  }
  return empty ? undefined : nonEmpty(from, to);
}

function readOperand(token: Token, lookupBuild: BuildLookup): Operand {
  if (token.kind === 'name') {
    const found = lookupBuild(token.text);
    if (found === undefined) {
      const message = `No catalogue has a build named "${token.text}".`;
      throw new RangeProblemError('build-unknown', message, token.offset, token.text.length + 2, token.text);
    }
    return { low: found, above: successorOf(found) };
  }
  if (WILDCARD.test(token.text)) return { low: LOWEST, above: undefined };
  const parts = PARTIAL.exec(token.text)
    ?.slice(1)
    .filter((part) => part !== undefined);
  if (token.kind !== 'operand' || parts === undefined) {
    const message = `"${token.text}" is no version; one to four numbers were expected, such as 15.1.2507.39 or 15.1.x.`;
    throw new RangeProblemError('version-range-syntax', message, token.offset, token.text.length);
  }
  const firstWildcard = parts.findIndex((part) => WILDCARD.test(part));
  const numbers = firstWildcard < 0 ? parts : parts.slice(0, firstWildcard);
  if (parts.slice(numbers.length).some((part) => !WILDCARD.test(part))) {
    const message = 'After an x only x can follow: 15.x, not 15.x.2507.';
    throw new RangeProblemError('version-range-syntax', message, token.offset, token.text.length);
  }
  const low = parseVersion(numbers.join('.')) as Version;
  return { low, above: successorOf(low, numbers.length as 1 | 2 | 3 | 4) };
}

function nonEmpty(from: Version, to: Version | undefined): VersionInterval | undefined {
  return to !== undefined && compareVersions(from, to) >= 0 ? undefined : bounded(from, to);
}

function bounded(from: Version, to: Version | undefined): VersionInterval {
  return to === undefined ? { from } : { from, to };
}
