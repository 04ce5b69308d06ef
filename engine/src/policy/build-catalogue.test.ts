import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { BuildCatalogue } from './build-catalogue.js';
import { durationMillis, formatDuration } from './duration.js';
import { formatInstant } from './instant.js';
import { instantOf, policySetOf } from './policy-text.fixture.js';
import { compareVersions, parseVersion, type Version, version } from './version.js';
import { rangeContains } from './version-range.js';

/** The catalogue of the sample policies: the real one of Exchange. */
const EXCHANGE = catalogueOf(readFileSync(new URL('../../../policies/exchange.builds.yaml', import.meta.url), 'utf8'));

function catalogueOf(text: string): BuildCatalogue {
  return policySetOf({ 'x.builds.yaml': text }).catalogue;
}

function find(text: string) {
  return EXCHANGE.find(parseVersion(text) as Version);
}

describe('the catalogue of Exchange', () => {
  it.each([
    ['8.3.517.0', 'Exchange Server 2007', 'Exchange Server 2007 SP3 RU23', true],
    ['14.03.0123.004', 'Exchange Server 2010', 'Exchange Server 2010 SP3', true],
    ['15.0.1497.48', 'Exchange Server 2013', 'Exchange Server 2013 CU23 Mar23SU', true],
    ['15.1.2507.61', 'Exchange Server 2016', 'Exchange Server 2016 CU23 Oct25SU', true],
    ['15.2.1748.39', 'Exchange Server 2019', 'Exchange Server 2019 CU15 Oct25SU', true],
    ['15.2.2562.17', 'Exchange Server SE', 'Exchange Server SE RTM', true],
    // An update that Microsoft never published.
    ['15.1.2507.36', 'Exchange Server 2016', 'Exchange Server 2016 CU23 Nov23SU', false],
    // Newer than the newest that is known.
    ['15.1.2507.999', 'Exchange Server 2016', 'Exchange Server 2016 CU23 Sep26SUv2', false],
    ['15.2.2562.999', 'Exchange Server SE', 'Exchange Server SE RTM Sep26SUv2', false],
    // Below the lowest of its lane: still that cumulative update, not the one before.
    ['15.1.2507.1', 'Exchange Server 2016', 'Exchange Server 2016 CU23', false],
    // Exchange 2007 and 2010 stamp lower revisions than they have.
    ['8.3.83.0', 'Exchange Server 2007', 'Exchange Server 2007 SP3', false],
    ['14.3.123.3', 'Exchange Server 2010', 'Exchange Server 2010 SP3', false],
    ['14.3.224.0', 'Exchange Server 2010', 'Exchange Server 2010 SP3 RU8v1', false],
    // Between two rollups of a service pack.
    ['14.3.442.5', 'Exchange Server 2010', 'Exchange Server 2010 SP3 RU26', false],
    ['14.3.450.0', 'Exchange Server 2010', 'Exchange Server 2010 SP3 RU26', false],
    ['8.3.600.0', 'Exchange Server 2007', 'Exchange Server 2007 SP3 RU23', false],
  ])('takes %s for %s, %s (exactly: %s)', (text, product, build, exact) => {
    const entry = find(text);
    expect([entry?.product.name, entry?.build?.name, entry?.exact]).toEqual([product, build, exact]);
  });

  it.each([
    ['15.2.2561.999', 'Exchange Server 2019'],
    ['15.2.2562', 'Exchange Server SE'],
    ['15.2.999999.1', 'Exchange Server SE'],
  ])('splits 15.2 between 2019 and SE: %s is %s', (text, product) => {
    expect(find(text)?.product.name).toBe(product);
  });

  it.each(['9.0', '15.3', '16.0.1', '3.0'])('knows no product of version %s', (text) => {
    expect(find(text)).toBeUndefined();
    expect(EXCHANGE.lists(parseVersion(text) as Version)).toBeUndefined();
  });

  it('knows the product of a cumulative update that it does not list, but no build', () => {
    expect(find('15.1.9999.1')).toMatchObject({ product: { name: 'Exchange Server 2016' }, exact: false });
    expect(find('15.1.9999.1')?.build).toBeUndefined();
  });

  it('finds each of its builds by version and by name', () => {
    for (const build of EXCHANGE.products.flatMap((product) => product.builds)) {
      expect(EXCHANGE.find(build.version)).toMatchObject({ build: { name: build.name }, exact: true });
      expect(EXCHANGE.buildNamed(build.name)).toBe(build);
      expect(EXCHANGE.lists(build.version)).toBe(true);
    }
    expect(EXCHANGE.buildNames.length).toBeGreaterThanOrEqual(452);
  });

  it('has builds in the order of their versions, within the versions of their product', () => {
    for (const { builds, versions } of EXCHANGE.products) {
      for (const [index, build] of builds.entries()) {
        const before = builds[index - 1];
        if (before !== undefined) expect(compareVersions(before.version, build.version)).toBeLessThan(0);
        expect(rangeContains(versions, build.version)).toBe(true);
      }
    }
  });

  it('has no build that was released before an older one of its lane', () => {
    for (const { builds } of EXCHANGE.products.filter(({ laneParts }) => laneParts === 3)) {
      for (const [index, { name, version: own, released }] of builds.entries()) {
        const before = builds[index - 1];
        if (released === undefined || before?.released === undefined || before.version[2] !== own[2]) continue;
        expect([name, released >= before.released]).toEqual([name, true]);
      }
    }
  });

  it.each([
    ['15.1.2507.61', '2025-10-13', '2025-09-08T00:00:00Z'],
    ['15.1.2507.61', '2025-10-14', '2025-10-14T00:00:00Z'],
    ['15.1.2507.9', '2026-02-09T23:59:59Z', '2025-12-09T00:00:00Z'],
    ['15.2.1544.36', '2026-12-31', '2026-09-08T00:00:00Z'],
    ['14.3.123.4', '2026-12-31', '2021-03-02T00:00:00Z'],
    ['15.1.2507.61', '2000-01-01', undefined],
  ])('knows for %s at %s the newest release of its lane: %s', (text, at, expected) => {
    const newest = find(text)?.newestReleaseAt(instantOf(at));
    expect(newest === undefined ? undefined : formatInstant(newest)).toBe(expected);
  });

  it('tells apart what is the newest of its lane', () => {
    expect(find('15.1.2507.75')?.isNewest).toBe(true);
    expect(find('15.1.2507.999')?.isNewest).toBe(true);
    expect(find('15.1.2507.73')?.isNewest).toBe(false);
    expect(find('15.1.2507.73')?.newest).toBe(find('15.1.2507.75')?.build);
  });
});

describe('a catalogue', () => {
  const catalogue = catalogueOf(`
products:
  - name: Postfix
    versions: 3.x
    laneParts: 2
    builds:
      - { name: Postfix 3.8.2, version: 3.8.2, released: 2023-09-02 }
      - { name: Postfix 3.8.1, version: 3.8.1, released: 2023-06-06 }
      - { name: Postfix 3.9.0, version: 3.9.0 }
  - name: Empty
    versions: "4"
    builds: []
`);

  it('has the builds in the order of their versions, whatever that of the file', () => {
    expect(catalogue.products[0]?.builds.map(({ name }) => name)).toEqual([
      'Postfix 3.8.1',
      'Postfix 3.8.2',
      'Postfix 3.9.0',
    ]);
  });

  it('is right without dates and without builds', () => {
    expect(catalogue.find(version(3, 9, 5))).toMatchObject({ build: { name: 'Postfix 3.9.0' }, exact: false });
    expect(catalogue.find(version(3, 9, 5))?.newestReleaseAt(instantOf('2026-01-01'))).toBeUndefined();
    expect(catalogue.find(version(4, 1))).toMatchObject({ product: { name: 'Empty' }, isNewest: false });
    expect(catalogue.buildNamed('Postfix 9')).toBeUndefined();
  });

  it('measures how far behind a build is within its lane alone', () => {
    const entry = catalogue.find(version(3, 8, 1));
    const newest = entry?.newestReleaseAt(instantOf('2026-01-01')) ?? 0;
    expect(formatDuration(durationMillis(newest - (entry?.build?.released ?? 0)))).toBe('88d');
  });
});
