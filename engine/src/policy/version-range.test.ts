import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatVersion, parseVersion, type Version, version } from './version.js';
import { parseVersionRange, rangeContains } from './version-range.js';

const AUG24 = version(15, 1, 2507, 42);
const lookup = (name: string): Version | undefined => (name === 'CU23 Aug24SU' ? AUG24 : undefined);

function contains(range: string, text: string): boolean {
  const result = parseVersionRange(range, lookup);
  if (!result.ok) throw new Error(result.problem.message);
  return rangeContains(result.range, parseVersion(text) as Version);
}

describe('parseVersion', () => {
  it.each([
    ['8', '8.0.0.0'],
    ['15.1', '15.1.0.0'],
    ['15.01.2507.039', '15.1.2507.39'],
    ['14.03.0123.003', '14.3.123.3'],
  ])('reads %s as %s', (text, expected) => {
    expect(formatVersion(parseVersion(text) as Version)).toBe(expected);
  });

  it.each(['', '15.', '.1', '1.2.3.4.5', '15.1a', '-1', '1e3', '12345678901', ' 15'])('refuses %j', (text) => {
    expect(parseVersion(text)).toBeUndefined();
  });
});

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
});
