import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { naiveVersionIn } from './naive-operators.fixture.js';
import { compareVersions, parseVersion, type Version, version } from './version.js';
import {
  mergeIntervals,
  parseVersionRange,
  rangeContains,
  type VersionInterval,
  versionRangeTokens,
} from './version-range.js';

const AUG24 = version(15, 1, 2507, 42);
const BUILDS = { 'CU23 Aug24SU': '15.1.2507.42' };
const lookup = (name: string): Version | undefined => (name === 'CU23 Aug24SU' ? AUG24 : undefined);

function contains(range: string, text: string): boolean {
  const result = parseVersionRange(range, lookup);
  if (!result.ok) throw new Error(result.problem.message);
  return rangeContains(result.range, parseVersion(text) as Version);
}

describe('parseVersionRange', () => {
  it.each([
    ['8.x', ['8', '8.3.517.0', '8.999'], ['7.9', '9']],
    ['8', ['8.3.517.0'], ['9.0']],
    ['15.1.2507.x', ['15.1.2507.0', '15.1.2507.39'], ['15.1.2508', '15.1.2506.99']],
    ['<15.1.2507.39', ['15.1.2507.9', '15.1.2507.38', '8'], ['15.1.2507.39', '15.1.2507.40']],
    ['>=15.0 <15.1', ['15.0.0.0', '15.0.1497.48'], ['15.1.0.0', '14.3']],
    ['<=15.1', ['15.1.2507.75'], ['15.2']],
    ['>15.1', ['15.2'], ['15.1.2507.75']],
    ['14.3.123 - 14.3.496', ['14.3.123.0', '14.3.496.9'], ['14.3.122.9', '14.3.497']],
    ['8.x || 14.x', ['8.1', '14.3'], ['9', '15']],
    ['< "CU23 Aug24SU"', ['15.1.2507.41'], ['15.1.2507.42']],
    ["= 'CU23 Aug24SU'", ['15.1.2507.42'], ['15.1.2507.41', '15.1.2507.43']],
    ['15.01.2507.039', ['15.1.2507.39'], ['15.1.2507.38']],
    ['x', ['0', '999999999.999999999.999999999.999999999'], []],
    ['*', ['0', '15.1'], []],
    ['15.X', ['15.0', '15.9.9.9'], ['16', '14.9']],
    ['15.1.x.x', ['15.1.2507.39'], ['15.2', '15.0.9']],
    ['15.1.2507', ['15.1.2507.0', '15.1.2507.75'], ['15.1.2508']],
    ['>8.x', ['9', '14.3'], ['8.3.517.0', '8']],
    ['<=8.x', ['8.3.517.0', '7'], ['9']],
    ['>=15.1.x <15.1.2507.39', ['15.1.0.0', '15.1.2507.38'], ['15.0.9', '15.1.2507.39']],
    ['>= 15.0  < 15.1', ['15.0.5'], ['15.1']],
    ['>=15.0<15.1', ['15.0.5'], ['15.1']],
    ['8.x||14.x||15.0.x', ['8.1', '14.3', '15.0.1497.2'], ['9', '15.1']],
    ['>=15.2 <15.2.1544 || 15.2.1544.x', ['15.2.1543.9', '15.2.1544.36'], ['15.2.1545']],
    ['>"CU23 Aug24SU"', ['15.1.2507.43', '16'], ['15.1.2507.42']],
    ['<="CU23 Aug24SU"', ['15.1.2507.42', '8'], ['15.1.2507.43']],
    ['"CU23 Aug24SU" - 15.2', ['15.1.2507.42', '15.2.9.9'], ['15.1.2507.41', '15.3']],
    ['<15.1 || >=16 <15 || 17', ['14.3', '17.1'], ['15.1', '16']],
    ['<15.01.2507.039', ['15.1.2507.38'], ['15.1.2507.39', '15.1.2507.40']],
  ])('%s holds the right versions', (range, inside, outside) => {
    for (const text of inside) expect([text, contains(range, text)]).toEqual([text, true]);
    for (const text of outside) expect([text, contains(range, text)]).toEqual([text, false]);
  });

  it.each([
    ['', 'version-range-syntax', 0],
    ['8.x ||', 'version-range-syntax', 6],
    ['<', 'version-range-syntax', 0],
    ['15.1.2507.39.1', 'version-range-syntax', 0],
    ['>=15.0 <abc', 'version-range-syntax', 8],
    ['15.x.2507', 'version-range-syntax', 0],
    ['1 - 2 3', 'version-range-syntax', 6],
    ['>=16 <15', 'version-range-empty', 0],
    ['< "CU99"', 'build-unknown', 2],
    ['8.x | 9', 'version-range-syntax', 4],
    ['   ', 'version-range-syntax', 3],
    ['|| 8', 'version-range-syntax', 0],
    ['8 || || 9', 'version-range-syntax', 5],
    ['< <8', 'version-range-syntax', 2],
    ['8 <', 'version-range-syntax', 2],
    ['8 -', 'version-range-syntax', 2],
    ['- 8', 'version-range-syntax', 0],
    ['8-9', 'version-range-syntax', 0],
    ['15.1234567890', 'version-range-syntax', 0],
    ['~15.1', 'version-range-syntax', 0],
    ['<"CU23 Aug24SU', 'version-range-syntax', 1],
    ['!=8', 'version-range-syntax', 0],
    ['<0', 'version-range-empty', 0],
    ['>x', 'version-range-empty', 0],
    ['9 - 8', 'version-range-empty', 0],
    ['8 9', 'version-range-empty', 0],
    ['8.x || < ""', 'build-unknown', 9],
  ])('%j is refused as %s at %d', (range, code, offset) => {
    const result = parseVersionRange(range, lookup);
    expect(result.ok ? undefined : [result.problem.code, result.problem.offset]).toEqual([code, offset]);
  });

  it('compares as integers, part by part', () => {
    const part = fc.integer({ min: 0, max: 3000 });
    const versions = fc.tuple(part, part, part, part);
    fc.assert(
      fc.property(versions, versions, (a, b) => {
        const below = a.findIndex((value, index) => value !== b[index]);
        const expected = below >= 0 && (a[below] as number) < (b[below] as number);
        expect(contains(`<${b.join('.')}`, a.join('.'))).toBe(expected || false);
        expect(contains(`>=${b.join('.')}`, a.join('.'))).toBe(!expected);
      }),
    );
  });

  it('means what its text says', () => {
    const versionTexts = fc
      .array(fc.constantFrom('0', '1', '2', '10', '09'), { minLength: 1, maxLength: 4 })
      .map((parts) => parts.join('.'));
    const operands = fc.oneof(
      { arbitrary: versionTexts, weight: 6 },
      { arbitrary: versionTexts.map((text) => `${text.split('.').slice(0, 3).join('.')}.x`), weight: 2 },
      { arbitrary: fc.constant('"CU23 Aug24SU"'), weight: 1 },
    );
    const comparators = fc.constantFrom('', '<', '<=', '>', '>=', '=', '>= ');
    const comparison = fc.tuple(comparators, operands).map((parts) => parts.join(''));
    const hyphen = fc.tuple(operands, operands).map((ends) => ends.join(' - '));
    const alternative = fc.oneof(
      fc.array(comparison, { minLength: 1, maxLength: 3 }).map((all) => all.join(' ')),
      hyphen,
    );
    const ranges = fc.array(alternative, { minLength: 1, maxLength: 3 }).map((any) => any.join(' || '));
    const probes = fc.array(fc.oneof(versionTexts, fc.constantFrom('15.1.2507.41', '15.1.2507.42', '15.1.2507.43')), {
      minLength: 10,
      maxLength: 10,
    });
    fc.assert(
      fc.property(ranges, probes, (text, versionsAsked) => {
        const result = parseVersionRange(text, lookup);
        if (!result.ok) expect(result.problem.code).toBe('version-range-empty');
        for (const asked of versionsAsked) {
          const holds = result.ok && rangeContains(result.range, parseVersion(asked) as Version);
          expect([text, asked, holds]).toEqual([text, asked, naiveVersionIn(text, asked, BUILDS)]);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('never throws, whatever the text', () => {
    const pieces = fc.constantFrom(
      '8',
      '.',
      'x',
      '*',
      '<',
      '=',
      '>',
      '|',
      '||',
      '"',
      "'",
      '-',
      ' ',
      '\n',
      '99',
      'é',
      '15.1',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(pieces).map((all) => all.join('')),
        ),
        (text) => {
          const result = parseVersionRange(text, lookup);
          if (result.ok) return;
          const { offset, length } = result.problem;
          expect(offset).toBeGreaterThanOrEqual(0);
          expect(offset + length).toBeLessThanOrEqual(text.length);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('the intervals of a range', () => {
  it('are sorted and disjoint, and hold what the given ones hold', () => {
    const versions = fc.tuple(fc.nat(2), fc.nat(3)).map(([major, minor]) => version(major, minor));
    const intervals = fc
      .array(fc.tuple(versions, fc.option(versions, { nil: undefined })), { maxLength: 5 })
      .map((all): VersionInterval[] =>
        all.flatMap(([from, to]) =>
          to === undefined ? [{ from }] : compareVersions(from, to) < 0 ? [{ from, to }] : [],
        ),
      );
    fc.assert(
      fc.property(intervals, versions, (given, asked) => {
        const merged = mergeIntervals(given);
        for (const [index, { from }] of merged.entries()) {
          const before = merged[index - 1];
          if (before !== undefined) expect(compareVersions(before.to as Version, from)).toBeLessThan(0);
        }
        expect(rangeContains({ text: '', intervals: merged }, asked)).toBe(given.some((each) => lies(asked, each)));
      }),
      { numRuns: 1000 },
    );
  });
});

function lies(asked: Version, { from, to }: VersionInterval): boolean {
  return compareVersions(asked, from) >= 0 && (to === undefined || compareVersions(asked, to) < 0);
}

describe('the parts of a range', () => {
  it.each([
    ['>=15.0 <15.1', ['comparator >= 0', 'operand 15.0 2', 'comparator < 7', 'operand 15.1 8']],
    ['8.x || "a b"', ['operand 8.x 0', 'or || 4', 'name a b 7']],
    ["1 - 'x'", ['operand 1 0', 'hyphen - 2', 'name x 4']],
    ['  8.x <', ['operand 8.x 2', 'comparator < 6']],
    ['8.x | 9', ['operand 8.x 0']],
    ['', []],
  ])('of %j are told as far as it can be read', (text, expected) => {
    const parts = versionRangeTokens(text);
    expect(parts.map((each) => `${each.kind} ${each.text} ${each.offset}`)).toEqual(expected);
    for (const { kind, text: own, offset, length } of parts) {
      const written = text.slice(offset, offset + length);
      expect(kind === 'name' ? written.slice(1, -1) : written).toBe(own);
    }
  });
});
