import { describe, expect, it } from 'vitest';
import { BuildCatalogue } from '../../policy/build-catalogue.js';
import { parseIpAddress } from '../../policy/network.js';
import { policySetOf } from '../../policy/policy-text.fixture.js';
import { parseVersion, type Version } from '../../policy/version.js';
import { addressWords } from './address-words.js';
import { knownBuildsIn, versionWords } from './version-words.js';

const { catalogue } = policySetOf({
  'a.builds.yaml': `products:
  - name: Exchange Server 2016
    versions: 15.1.x
    builds:
      - { name: CU22, version: "15.1.2375.7" }
      - { name: CU23, version: "15.1.2507.6" }
`,
});

function v(text: string): Version {
  return parseVersion(text) as Version;
}

describe('versions in words', () => {
  it.each([
    [[{}], 'server.version known'],
    [[{ to: v('15.1.2375.7') }], 'server.version before CU22 (15.1.2375.7)'],
    [[{ from: v('0'), to: v('8') }], 'server.version before 8'],
    [[{ from: v('15.1.2507.6') }], 'server.version from CU23 (15.1.2507.6) on'],
    [[{ from: v('8'), to: v('9') }], 'server.version 8.x'],
    [[{ from: v('15.1'), to: v('15.2') }], 'server.version 15.1.x'],
    [[{ from: v('15.1.2507'), to: v('15.1.2508') }], 'server.version 15.1.2507.x'],
    [[{ from: v('15.1.2507.6'), to: v('15.1.2507.7') }], 'server.version CU23 (15.1.2507.6)'],
    [[{ from: v('15.1'), to: v('15.1.2507.6') }], 'server.version from 15.1 to before CU23 (15.1.2507.6)'],
  ])('%j are %s', (intervals, words) => {
    expect(versionWords({ isAbsentIn: false, intervals }, [catalogue])).toBe(words);
  });

  it('tell that the version may not be known', () => {
    expect(versionWords({ isAbsentIn: true, intervals: [] }, [])).toBe('server.version not known');
    expect(versionWords({ isAbsentIn: true, intervals: [{ from: v('9') }] }, [])).toBe(
      'server.version from 9 on or not known',
    );
  });

  it('name how many known builds lie within, and which', () => {
    expect(knownBuildsIn([{ from: v('15.1') }], [catalogue])).toStrictEqual({
      count: 2,
      first: { name: 'CU22', version: '15.1.2375.7' },
      last: { name: 'CU23', version: '15.1.2507.6' },
    });
    expect(knownBuildsIn([{ to: v('15.1') }], [catalogue])).toStrictEqual({ count: 0 });
    expect(knownBuildsIn([{}], [new BuildCatalogue([])])).toBeUndefined();
  });
});

describe('addresses in words', () => {
  it.each([
    [undefined, undefined, 'any'],
    [undefined, '10.0.0.0', '0.0.0.0–9.255.255.255'],
    ['192.0.2.0', '192.0.3.0', '192.0.2.0/24'],
    ['192.0.2.1', '192.0.2.2', '192.0.2.1'],
    ['192.0.2.1', '192.0.2.4', '192.0.2.1–192.0.2.3'],
    [undefined, '::', '0.0.0.0/0'],
    ['192.0.2.0', '::', '192.0.2.0–255.255.255.255'],
    ['2001:db8::', '2001:db9::', '2001:db8::/32'],
    ['2001:db8::', undefined, 'from 2001:db8:: on'],
  ])('from %s up to %s are %s', (from, to, words) => {
    const edges = {
      ...(from === undefined ? {} : { from: keyOf(from) }),
      ...(to === undefined ? {} : { to: keyOf(to) }),
    };
    expect(addressWords(edges)).toBe(words);
  });
});

function keyOf(text: string) {
  const address = parseIpAddress(text);
  if (address === undefined) throw new Error(`${text} is no address`);
  return address;
}
