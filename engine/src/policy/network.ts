import ipaddr from 'ipaddr.js';

/** An IPv4 or IPv6 address; an IPv4-mapped IPv6 address (`::ffff:192.0.2.1`) is the IPv4 address that it carries. */
export interface IpAddress {
  readonly family: 4 | 6;
  /** The address as a number of 32 or 128 bits. */
  readonly bits: bigint;
  /** The canonical text (RFC 5952 for IPv6). */
  readonly text: string;
}

/** The addresses from `first` to `last`, both included. */
export interface Network {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
  /** Length of the prefix in bits, 0 to 32 or 128. */
  readonly prefixBits: number;
  /** The network in canonical text: `192.0.2.0/24`. */
  readonly text: string;
}

/** Reads an address without a port; a zone (`fe80::1%eth0`) is dropped. Undefined where the text is no address. */
export function parseIpAddress(text: string): IpAddress | undefined {
  const usual = parseUsualIpv4(text);
  if (usual !== undefined) return usual;
  const bare = text.replace(/%[^%]*$/, '');
  if (!ipaddr.IPv4.isValidFourPartDecimal(bare) && !ipaddr.IPv6.isValid(bare)) return undefined;
  return toIpAddress(ipaddr.process(bare));
}

/**
 * Reads a network in CIDR notation, or a single address as the network of that address alone.
 *
 * @returns `host-bits` where the address has bits set beyond the prefix (`192.0.2.1/24`), undefined where it is no network
 */
export function parseNetwork(text: string): Network | 'host-bits' | undefined {
  const [addressText = '', prefixText, ...rest] = text.split('/');
  if (rest.length > 0 || addressText.includes('%')) return undefined;
  const address = parseIpAddress(addressText);
  if (address === undefined) return undefined;
  const width = address.family === 4 ? 32 : 128;
  const written = addressText.includes(':') ? 128 : 32;
  if (prefixText !== undefined && !/^\d{1,3}$/.test(prefixText)) return undefined;
  const prefixBits = prefixText === undefined ? width : Number(prefixText) - (written - width);
  if (prefixBits < 0 || prefixBits > width) return undefined;
  const hosts = (1n << BigInt(width - prefixBits)) - 1n;
  if ((address.bits & hosts) !== 0n) return 'host-bits';
  const canonical = `${address.text}/${prefixBits}`;
  return { family: address.family, first: address.bits, last: address.bits | hosts, prefixBits, text: canonical };
}

/** The network of that prefix in which an address lies: `192.0.2.0/24` for `192.0.2.1/24`; undefined where it is none. */
export function enclosingNetwork(text: string): string | undefined {
  const network = parseNetwork(text);
  if (network !== 'host-bits') return network?.text;
  const [addressText = '', prefixText = ''] = text.split('/');
  const address = parseIpAddress(addressText);
  if (address === undefined) return undefined;
  const width = address.family === 4 ? 32 : 128;
  const prefixBits = Number(prefixText) - ((addressText.includes(':') ? 128 : 32) - width);
  const hosts = BigInt(width - prefixBits);
  return `${ipAddressOf(address.family, (address.bits >> hosts) << hosts).text}/${prefixBits}`;
}

/** Whether the address lies in the network. */
export function networkContains(network: Network, address: IpAddress): boolean {
  return network.family === address.family && address.bits >= network.first && address.bits <= network.last;
}

/** The address with this number; `bits` has 32 or 128 bits by its family. */
export function ipAddressOf(family: 4 | 6, bits: bigint): IpAddress {
  const bytes = Array.from({ length: family === 4 ? 4 : 16 }, (_, index, width = family === 4 ? 4 : 16) =>
    Number((bits >> BigInt(8 * (width - 1 - index))) & 0xffn),
  );
  return toIpAddress(ipaddr.fromByteArray(bytes));
}

/** Reads four decimal numbers without leading zeros, as nearly every address is written; the library takes 20 times as long. */
function parseUsualIpv4(text: string): IpAddress | undefined {
  let bits = 0;
  let dots = 0;
  let octet = -1;
  for (let index = 0; index < text.length; index++) {
    const digit = text.charCodeAt(index) - ZERO;
    if (digit >= 0 && digit <= 9 && octet !== 0) octet = octet < 0 ? digit : octet * 10 + digit;
    else if (text[index] === '.' && octet >= 0) {
      bits = bits * 256 + octet;
      dots++;
      octet = -1;
    } else return undefined;
    if (octet > 255) return undefined;
  }
  return dots === 3 && octet >= 0 ? { family: 4, bits: BigInt(bits * 256 + octet), text } : undefined;
}

const ZERO = 0x30;

function toIpAddress(address: ipaddr.IPv4 | ipaddr.IPv6): IpAddress {
  const bits = address.toByteArray().reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return address.kind() === 'ipv4'
    ? { family: 4, bits, text: address.toString() }
    : { family: 6, bits, text: (address as ipaddr.IPv6).toRFC5952String() };
}
