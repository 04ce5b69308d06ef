import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { durationMillis } from '../policy/duration.js';
import { compareVersions, formatVersion, parseVersion, type Version } from '../policy/version.js';
import { countedVersion } from './counted-version.js';
import { DAY, daysLater, detectedRecord } from './sample-policies.fixture.js';
import type { ServerRecord } from './server-record.js';

const WINDOW = durationMillis(7 * DAY);

/** A record with versions that were last seen so many days after day 0. */
function seen(versions: Readonly<Record<string, number>>): ServerRecord {
  return detectedRecord({
    versions: Object.entries(versions).map(([version, day]) => ({
      version,
      firstSeen: daysLater(0),
      lastSeen: daysLater(day),
      evidence: { id: version },
    })),
  });
}

function counted(record: ServerRecord | undefined, told: string | undefined, day: number): string | undefined {
  const version = countedVersion(record, told === undefined ? undefined : parseVersion(told), daysLater(day), WINDOW);
  return version === undefined ? undefined : formatVersion(version);
}

describe('the version that counts', () => {
  it.each([
    ['nothing seen, nothing told', {}, undefined, 0, undefined],
    ['told alone', {}, '15.1.2507.39', 0, '15.1.2507.39'],
    ['seen alone', { '15.1.2507.9': 0 }, undefined, 400, '15.1.2507.9'],
    [
      'the higher of two seen, compared as numbers',
      { '15.1.2507.9': 5, '15.1.2507.39': 3 },
      undefined,
      5,
      '15.1.2507.39',
    ],
    ['one odd old header does not lower it', { '15.1.2507.39': 0 }, '8.3.83.0', 6, '15.1.2507.39'],
    ['an update counts at once', { '8.3.83.0': 5 }, '15.1.2507.39', 5, '15.1.2507.39'],
    ['evidence within the window', { '15.1.2507.39': 0, '8.3.83.0': 6.999 }, undefined, 30, '15.1.2507.39'],
    ['evidence as old as the window', { '15.1.2507.39': 0, '8.3.83.0': 7 }, undefined, 7, '8.3.83.0'],
    ['evidence that has aged out by what is told now', { '15.1.2507.39': 0 }, '8.3.83.0', 7, '8.3.83.0'],
    ['silence ages nothing', { '15.1.2507.39': 0, '8.3.83.0': 3 }, undefined, 1000, '15.1.2507.39'],
    ['what cannot be read as a version', { garbage: 5, '8.3.83.0': 5 }, undefined, 5, '8.3.83.0'],
    ['nothing but what cannot be read', { garbage: 5 }, undefined, 5, undefined],
  ] as const)('%s', (_what, versions, told, day, expected) => {
    expect(counted(seen(versions), told, day)).toBe(expected);
  });

  it('is what is told where nothing is remembered', () => {
    expect(counted(undefined, '8.3', 0)).toBe('8.3.0.0');
    expect(counted(undefined, undefined, 0)).toBeUndefined();
  });

  it('is never below what is told now', () => {
    const versions = fc.constantFrom('8.3.83.0', '14.3.123.4', '15.1.2507.9', '15.1.2507.39');
    fc.assert(
      fc.property(fc.dictionary(versions, fc.nat(20)), versions, fc.nat(20), (remembered, told, day) => {
        const version = counted(seen(remembered), told, day) ?? '';
        expect(compareVersions(parseVersion(version) as Version, parseVersion(told) as Version)).toBeGreaterThanOrEqual(
          0,
        );
      }),
    );
  });
});
