import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { naiveInNetwork } from './naive-operators.fixture.js';
import { type IpAddress, ipAddressOf, type Network, networkContains, parseIpAddress, parseNetwork } from './network.js';

describe('an address', () => {
  it.each([
    ['192.0.2.1', 4, '192.0.2.1'],
    ['255.255.255.255', 4, '255.255.255.255'],
    ['2001:DB8:0:0:0::1', 6, '2001:db8::1'],
    ['::', 6, '::'],
    ['::ffff:192.0.2.1', 4, '192.0.2.1'],
    ['::ffff:c000:201', 4, '192.0.2.1'],
    ['fe80::1%eth0', 6, 'fe80::1'],
    ['64:ff9b::192.0.2.1', 6, '64:ff9b::c000:201'],
  ])('%s is of family %d and written %s', (text, family, expected) => {
    expect(parseIpAddress(text)).toMatchObject({ family, text: expected });
  });

  it.each([
    '',
    '%',
    'localhost',
    '192.0.2',
    '192.0.2.256',
    '192.0.2.01',
    '0xc0.0.2.1',
    '3221225985',
    '192.0.2.1:25',
    '[2001:db8::1]',
    '1::2::3',
    '2001:db8::12345',
    '::ffff:192.0.2.256',
    ' 192.0.2.1',
  ])('%j is none', (text) => {
    expect(parseIpAddress(text)).toBeUndefined();
  });

  it('is read as it was written', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
        const address = parseIpAddress(text);
        expect(parseIpAddress(address?.text ?? '')).toEqual(address);
      }),
    );
  });

  it('is made of its bits', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 32n - 1n }), (bits) => {
        expect(ipAddressOf(4, bits)).toMatchObject({ family: 4, bits });
      }),
    );
    expect(ipAddressOf(6, 0x20010db8n << 96n).text).toBe('2001:db8::');
  });
});

describe('a network', () => {
  it.each([
    ['192.0.2.0/24', '192.0.2.0/24'],
    ['192.0.2.1', '192.0.2.1/32'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['2001:DB8::/32', '2001:db8::/32'],
    ['2001:db8::1', '2001:db8::1/128'],
    ['::/0', '::/0'],
    ['::ffff:192.0.2.0/120', '192.0.2.0/24'],
    ['::ffff:0:0/96', '0.0.0.0/0'],
    ['::ffff:192.0.2.1', '192.0.2.1/32'],
  ])('%s is %s', (text, expected) => {
    expect(parseNetwork(text)).toMatchObject({ text: expected });
  });

  it.each([
    '',
    '/24',
    '192.0.2.0/',
    '192.0.2.0/33',
    '192.0.2.0/-1',
    '192.0.2.0/24/1',
    '192.0.2.0/255.255.255.0',
    '192.0.2.*',
    '2001:db8::/129',
    '::ffff:0:0/95',
    '::ffff:192.0.2.0/24',
    'fe80::%eth0/64',
    'example.org',
  ])('%j is none', (text) => {
    expect(parseNetwork(text)).toBeUndefined();
  });

  it.each(['192.0.2.1/24', '192.0.2.128/24', '2001:db8::1/64', '::ffff:192.0.2.1/120', '128.0.0.0/0'])(
    '%s has bits set behind its prefix',
    (text) => {
      expect(parseNetwork(text)).toBe('host-bits');
    },
  );

  it.each([
    ['192.0.2.0/25', '192.0.2.127', true],
    ['192.0.2.0/25', '192.0.2.128', false],
    ['192.0.2.0/24', '192.0.1.255', false],
    ['192.0.2.0/24', '::ffff:192.0.2.9', true],
    ['::ffff:192.0.2.0/120', '192.0.2.9', true],
    ['0.0.0.0/0', '2001:db8::1', false],
    ['::/0', '192.0.2.1', false],
    ['::/0', '2001:db8::1', true],
    ['2001:db8::/48', '2001:db8:0:ffff:ffff:ffff:ffff:ffff', true],
    ['2001:db8::/48', '2001:db8:1::', false],
  ])('%s: holds %s? %s', (network, address, expected) => {
    expect(networkContains(parseNetwork(network) as Network, parseIpAddress(address) as IpAddress)).toBe(expected);
  });

  it('holds what ipaddr.js says that it holds', () => {
    const v4 = fc.tuple(fc.integer({ min: 0, max: 32 }), fc.constant(4 as const), fc.bigInt(0n, 2n ** 32n - 1n));
    const v6 = fc.tuple(fc.integer({ min: 0, max: 128 }), fc.constant(6 as const), fc.bigInt(0n, 2n ** 128n - 1n));
    const anyNetwork = fc.oneof(v4, v6);
    fc.assert(
      fc.property(
        anyNetwork,
        fc.integer({ min: -2, max: 2 }),
        fc.boolean(),
        ([prefixBits, family, bits], step, atEnd) => {
          const width = family === 4 ? 32n : 128n;
          const size = 1n << (width - BigInt(prefixBits));
          const first = (bits / size) * size;
          const network = parseNetwork(`${ipAddressOf(family, first).text}/${prefixBits}`);
          if (typeof network !== 'object' || network.family !== family) return;
          const near = (atEnd ? first + size - 1n : first) + BigInt(step);
          // An IPv4-mapped address is read as the IPv4 address that it stands for.
          const isMapped = family === 6 && near >> 32n === 0xffffn;
          if (near < 0n || near >= 1n << width || isMapped) return;
          const address = ipAddressOf(family, near);
          expect(networkContains(network, address)).toBe(naiveInNetwork(address.text, [network.text]));
        },
      ),
    );
  });
});
