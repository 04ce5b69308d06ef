import type { IpAddress, Network } from '../../policy/network.js';
import { compareVersions, type Version } from '../../policy/version.js';

/** An order of values, with a search through sorted ones that suits them. */
export interface Order<V> {
  readonly compare: (a: V, b: V) => number;
  /** Makes a function that counts the edges that are not above a value. */
  readonly counter: (edges: readonly V[]) => (value: V) => number;
}

export type AddressKey = Pick<IpAddress, 'family' | 'bits'>;

export const NUMBERS: Order<number> = {
  compare: (a, b) => a - b,
  counter: (edges) => {
    const flat = Float64Array.from(edges);
    return (value) => countNumbersNotAbove(flat, value);
  },
};

/** Versions lie flat, four numbers each, so that a search touches little memory. */
export const VERSIONS: Order<Version> = {
  compare: compareVersions,
  counter: (edges) => {
    const flat = Float64Array.from(edges.flat());
    return ([major, minor, build, revision]) => {
      let low = 0;
      let high = edges.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        const at = middle << 2;
        const difference =
          (flat[at] as number) - major ||
          (flat[at + 1] as number) - minor ||
          (flat[at + 2] as number) - build ||
          (flat[at + 3] as number) - revision;
        if (difference <= 0) low = middle + 1;
        else high = middle;
      }
      return low;
    };
  },
};

/** IPv4 before IPv6, then by number; IPv4 is compared as plain numbers. */
export const ADDRESSES: Order<AddressKey> = {
  compare: compareAddresses,
  counter: (edges) => {
    const flat = Float64Array.from(edges.filter((edge) => edge.family === 4).map((edge) => Number(edge.bits)));
    const long = edges.filter((edge) => edge.family === 6);
    return ({ family, bits }) => {
      if (family === 4) return countNumbersNotAbove(flat, Number(bits));
      let low = 0;
      let high = long.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((long[middle] as AddressKey).bits <= bits) low = middle + 1;
        else high = middle;
      }
      return flat.length + low;
    };
  },
};

/** The least address above a network; undefined for the one that holds the highest IPv6 address. */
export function addressAbove({ family, last }: Network): AddressKey | undefined {
  const highest = (1n << (family === 4 ? 32n : 128n)) - 1n;
  if (last < highest) return { family, bits: last + 1n };
  return family === 4 ? { family: 6, bits: 0n } : undefined;
}

/** Orders addresses: IPv4 before IPv6, then by number. */
export function compareAddresses(a: AddressKey, b: AddressKey): number {
  if (a.family !== b.family) return a.family - b.family;
  return a.bits < b.bits ? -1 : a.bits > b.bits ? 1 : 0;
}

const view = new DataView(new ArrayBuffer(8));

/** The least number above a finite one (IEEE 754 binary64). */
export function numberAbove(value: number): number {
  if (value === 0) return Number.MIN_VALUE;
  view.setFloat64(0, value);
  view.setBigInt64(0, view.getBigInt64(0) + (value > 0 ? 1n : -1n));
  return view.getFloat64(0);
}

function countNumbersNotAbove(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
