import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compareVersions,
  formatVersion,
  laneOf,
  MAX_VERSION_PART,
  parseVersion,
  predecessorOf,
  successorOf,
  type Version,
  version,
} from './version.js';

const part = fc.oneof(fc.nat(3), fc.nat(3000), fc.nat(MAX_VERSION_PART));
const versions: fc.Arbitrary<Version> = fc.tuple(part, part, part, part).map((parts) => version(...parts));

describe('a version', () => {
  it.each([
    ['8', '8.0.0.0'],
    ['15.1', '15.1.0.0'],
    ['15.01.2507.039', '15.1.2507.39'],
    ['14.03.0123.003', '14.3.123.3'],
    ['000000008.0.0.0', '8.0.0.0'],
  ])('%s is %s', (text, expected) => {
    expect(formatVersion(parseVersion(text) as Version)).toBe(expected);
  });

  it.each(['', '15.', '.1', '1..2', '1.2.3.4.5', '15.1a', '-1', '+1', '1e3', '0x8', '1234567890', ' 15', '15\n', '８'])(
    '%j is none',
    (text) => {
      expect(parseVersion(text)).toBeUndefined();
    },
  );

  it('is read as it was written, zero-padded or not', () => {
    fc.assert(
      fc.property(versions, (value) => {
        expect(parseVersion(formatVersion(value))).toEqual(value);
        expect(parseVersion(value.map((each) => String(each).padStart(9, '0')).join('.'))).toEqual(value);
      }),
    );
  });

  it.each([
    ['15.1.2507.9', '15.1.2507.39'],
    ['9', '10'],
    ['15.1.2507.39', '15.2'],
    ['15.0.9999.9999', '15.1'],
  ])('%s is older than %s', (older, newer) => {
    expect(compareVersions(parseVersion(older) as Version, parseVersion(newer) as Version)).toBeLessThan(0);
    expect(compareVersions(parseVersion(newer) as Version, parseVersion(older) as Version)).toBeGreaterThan(0);
  });

  it('compares like its parts in base 10^9', () => {
    const asNumber = (value: Version) => value.reduce((sum, each) => sum * 1_000_000_000n + BigInt(each), 0n);
    fc.assert(
      fc.property(versions, versions, (a, b) => {
        const difference = asNumber(a) - asNumber(b);
        expect(Math.sign(compareVersions(a, b))).toBe(difference < 0n ? -1 : difference > 0n ? 1 : 0);
      }),
    );
  });

  it.each([
    [version(15, 1, 2507, 39), 4, version(15, 1, 2507, 40)],
    [version(15, 1, 2507, 39), 3, version(15, 1, 2508)],
    [version(15, 1, 2507, 39), 1, version(16)],
    [version(15, 1, 2507, MAX_VERSION_PART), 4, version(15, 1, 2508)],
    [version(15, MAX_VERSION_PART), 2, version(16)],
    [version(MAX_VERSION_PART), 1, undefined],
  ] as const)('%j is followed by the right one at part %d', (value, parts, expected) => {
    expect(successorOf(value, parts)).toEqual(expected);
  });

  it.each([
    [version(15, 1, 2507, 39), version(15, 1, 2507, 38)],
    [version(15, 1), version(15, 0, MAX_VERSION_PART, MAX_VERSION_PART)],
    [version(0), undefined],
  ])('%j follows the right one', (value, expected) => {
    expect(predecessorOf(value)).toEqual(expected);
  });

  it('is followed by the one that it comes before', () => {
    fc.assert(
      fc.property(versions, (value) => {
        const before = predecessorOf(value);
        if (before !== undefined) expect(successorOf(before)).toEqual(value);
      }),
    );
  });

  it('shares its lane with what differs in the last part only', () => {
    expect(laneOf(version(15, 1, 2507, 39))).toBe('15.1.2507');
  });
});
