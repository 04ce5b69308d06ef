import type { IpAddress, Network } from '../../policy/network.js';
import { compareVersions, type Version, version } from '../../policy/version.js';

/** An order of values, with a search through sorted ones that suits them. */
export interface Order<V> {
  readonly compare: (a: V, b: V) => number;
  /** Sorts edges, each once. */
  readonly sortOnce: (edges: readonly V[]) => readonly V[];
  /** Sorted edges as the search takes them. */
  readonly pack: (edges: readonly V[]) => PackedEdges;
  /** Makes a function that counts the edges that are not above a value. */
  readonly counter: (packed: PackedEdges) => (value: V) => number;
}

/** Edges in little memory, and as they can be sent to another thread: numbers where they fit, else the versions themselves. */
export type PackedEdges = Float64Array | readonly Version[] | PackedAddresses;

/** IPv4 addresses, then IPv6 addresses. */
export interface PackedAddresses {
  readonly flat: Float64Array;
  readonly long: readonly bigint[];
}

export type AddressKey = Pick<IpAddress, 'family' | 'bits'>;

export const NUMBERS: Order<number> = {
  compare: (a, b) => a - b,
  sortOnce: (edges) => [...sortNumbersOnce(Float64Array.from(edges))],
  pack: (edges) => Float64Array.from(edges),
  counter: (packed) => {
    const flat = packed as Float64Array;
    return (value) => countNumbersNotAbove(flat, value);
  },
};

/** Versions are compared as one number each where their parts are small enough, as those of all known products are. */
export const VERSIONS: Order<Version> = {
  compare: compareVersions,
  sortOnce: (edges) => {
    const packed = packVersions(edges);
    return packed === undefined ? sortOnce(edges, compareVersions) : Array.from(sortNumbersOnce(packed), unpackVersion);
  },
  pack: (edges) => packVersions(edges) ?? edges,
  counter: (packed) => {
    if (!(packed instanceof Float64Array)) {
      const edges = packed as readonly Version[];
      return (version) => countVersionsNotAbove(edges, version);
    }
    return (version) => countNumbersNotAbove(packed, packVersionDown(version));
  },
};

/** A version in 53 bits, 8 + 8 + 20 + 17, which keeps the order; -1 where it does not fit. */
function packVersion(version: Version): number {
  const [major, minor, build, revision] = version;
  const fits = major <= MOST.major && minor <= MOST.minor && build <= MOST.build && revision <= MOST.revision;
  return fits ? packVersionDown(version) : -1;
}

/** The same; where a version does not fit, the highest below it that does. */
export function packVersionDown([major, minor, build, revision]: Version): number {
  if (major > MOST.major) return pack(MOST.major, MOST.minor, MOST.build, MOST.revision);
  if (minor > MOST.minor) return pack(major, MOST.minor, MOST.build, MOST.revision);
  if (build > MOST.build) return pack(major, minor, MOST.build, MOST.revision);
  return pack(major, minor, build, Math.min(revision, MOST.revision));
}

const MOST = { major: 0xff, minor: 0xff, build: 0xfffff, revision: 0x1ffff } as const;

function pack(major: number, minor: number, build: number, revision: number): number {
  return ((major * 0x100 + minor) * 0x100000 + build) * 0x20000 + revision;
}

function unpackVersion(packed: number): Version {
  const upper = Math.floor(packed / 0x20000);
  const product = Math.floor(upper / 0x100000);
  return version(product >> 8, product & 0xff, upper % 0x100000, packed % 0x20000);
}

function sortNumbersOnce(numbers: Float64Array): Float64Array {
  const sorted = numbers.sort();
  return sorted.filter((number, index) => index === 0 || sorted[index - 1] !== number);
}

function sortOnce<V>(edges: readonly V[], compare: (a: V, b: V) => number): readonly V[] {
  const sorted = [...edges].sort(compare);
  return sorted.filter((edge, index) => index === 0 || compare(sorted[index - 1] as V, edge) !== 0);
}

/** The versions as one number each; undefined where one of them does not fit. */
export function packVersions(versions: readonly Version[]): Float64Array | undefined {
  const packed = Float64Array.from(versions, packVersion);
  return packed.includes(-1) ? undefined : packed;
}

function countVersionsNotAbove(edges: readonly Version[], value: Version): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareVersions(edges[middle] as Version, value) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** IPv4 before IPv6, then by number; IPv4 is compared as plain numbers. */
export const ADDRESSES: Order<AddressKey> = {
  compare: compareAddresses,
  sortOnce: (edges) => sortOnce(edges, compareAddresses),
  pack: (edges) => ({
    flat: Float64Array.from(edges.filter((edge) => edge.family === 4).map((edge) => Number(edge.bits))),
    long: edges.filter((edge) => edge.family === 6).map((edge) => edge.bits),
  }),
  counter: (packed) => {
    const { flat, long } = packed as PackedAddresses;
    return ({ family, bits }) => {
      if (family === 4) return countNumbersNotAbove(flat, Number(bits));
      let low = 0;
      let high = long.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((long[middle] as bigint) <= bits) low = middle + 1;
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
