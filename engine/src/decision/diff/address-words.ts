import { ipAddressOf, parseNetwork } from '../../policy/network.js';
import { type AddressKey, addressAbove, compareAddresses } from '../diagram/ordered-values.js';

const WIDTH = { 4: 32, 6: 128 } as const;

/** Addresses from one up to another, in words: as a network where they are one. IPv4 stands below IPv6. */
export function addressWords({ from, to }: { readonly from?: AddressKey; readonly to?: AddressKey }): string {
  const first = from ?? { family: 4, bits: 0n };
  if (to === undefined) return from === undefined ? 'any' : `from ${textOf(first)} on`;
  const network = networkOf(first, to);
  if (network !== undefined) return network;
  const last: AddressKey =
    to.bits === 0n ? { family: 4, bits: (1n << 32n) - 1n } : { family: to.family, bits: to.bits - 1n };
  return compareAddresses(first, last) === 0 ? textOf(first) : `${textOf(first)}–${textOf(last)}`;
}

function networkOf(first: AddressKey, above: AddressKey): string | undefined {
  for (let prefix = WIDTH[first.family]; prefix >= 0; prefix--) {
    const network = parseNetwork(`${textOf(first)}/${prefix}`);
    if (network === undefined || network === 'host-bits') return undefined;
    const end = addressAbove(network);
    if (end !== undefined && compareAddresses(end, above) === 0) {
      return prefix === WIDTH[first.family] ? textOf(first) : network.text;
    }
  }
  return undefined;
}

function textOf({ family, bits }: AddressKey): string {
  return ipAddressOf(family, bits).text;
}
