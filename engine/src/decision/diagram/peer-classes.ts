import type { Facts } from '../../policy/fact.js';
import { type IpAddress, ipAddressOf } from '../../policy/network.js';
import type { Comparison, PolicySet } from '../../policy/policy-set.js';
import { ConnectorIndex, connectorTables } from './connector-index.js';
import { opaqueSamples } from './opaque-samples.js';
import { ADDRESSES, type AddressKey, addressAbove } from './ordered-values.js';

/** Clients that every policy set takes in by the same connector. */
export interface PeerClass {
  /** Index of the connector in each policy set; the number of its connectors stands for the built-in one. */
  readonly connectors: readonly number[];
  /** Together they hold one client of every sort that connectors and comparisons can tell apart. */
  readonly boxes: readonly PeerBox[];
}

/** Any of these addresses together with any of these certificates; undefined stands for none. */
export interface PeerBox {
  readonly fingerprints: readonly (string | undefined)[];
  readonly names: readonly (string | undefined)[];
  readonly verified: readonly (boolean | undefined)[];
  readonly addresses: readonly (IpAddress | undefined)[];
}

/** For each policy set the connector that a certificate or an address leads to; -1 where something else has to tell. */
type Profile = readonly number[];

interface ProfileGroup<V> {
  readonly profile: Profile;
  readonly values: readonly V[];
}

/**
 * Sorts all possible clients by the connectors by which the policy sets take them in: by fingerprint, else by the name in
 * a certificate that is not known to be false, else by address.
 */
export function peerClasses(policySets: readonly PolicySet[], comparisons: readonly Comparison[]): PeerClass[] {
  const indexes = policySets.map((policySet) => new ConnectorIndex(connectorTables(policySet.connectors)));
  const rest = indexes.map((index) => index.find({}));
  const profileOf = (facts: Facts): Profile =>
    indexes.map((index, set) => {
      const found = index.find(facts);
      return found === rest[set] ? -1 : found;
    });
  const fingerprints = sampleFingerprints(policySets, comparisons);
  const names = sampleNames(policySets, comparisons);
  const byFingerprint = grouped(fingerprints, (each) =>
    profileOf(each === undefined ? {} : { 'tls.fingerprint': each }),
  );
  const byName = grouped(names, (each) => profileOf(each === undefined ? {} : { 'tls.name': each }));
  const addresses = sampleAddresses(policySets, comparisons);
  const byAddress = grouped(addresses, (each) => profileOf(each === undefined ? {} : { 'client.address': each }));
  const classes = new Map<string, { readonly connectors: readonly number[]; readonly boxes: PeerBox[] }>();
  const add = (profile: Profile, box: PeerBox) => {
    const connectors = profile.map((connector, set) => (connector >= 0 ? connector : (rest[set] as number)));
    const key = connectors.join();
    const known = classes.get(key);
    if (known === undefined) classes.set(key, { connectors, boxes: [box] });
    else known.boxes.push(box);
  };
  const addByAddress = (profile: Profile, box: Omit<PeerBox, 'addresses'>) => {
    if (isDecided(profile)) return add(profile, { ...box, addresses });
    for (const group of byAddress) add(orElse(profile, group.profile), { ...box, addresses: group.values });
  };
  for (const { profile, values } of byFingerprint) {
    if (isDecided(profile)) {
      add(profile, { fingerprints: values, names, verified: [undefined, true, false], addresses });
      continue;
    }
    for (const group of byName) {
      const box = { fingerprints: values, names: group.values, verified: [undefined, true] };
      addByAddress(orElse(profile, group.profile), box);
    }
    addByAddress(profile, { fingerprints: values, names, verified: [false] });
  }
  return [...classes.values()];
}

function isDecided(profile: Profile): boolean {
  return !profile.includes(-1);
}

function orElse(profile: Profile, other: Profile): Profile {
  return profile.map((connector, set) => (connector >= 0 ? connector : (other[set] as number)));
}

function grouped<V>(values: readonly V[], profileOf: (value: V) => Profile): ProfileGroup<V>[] {
  const groups = new Map<string, { readonly profile: Profile; readonly values: V[] }>();
  for (const value of values) {
    const profile = profileOf(value);
    const key = profile.join();
    const known = groups.get(key);
    if (known === undefined) groups.set(key, { profile, values: [value] });
    else known.values.push(value);
  }
  return [...groups.values()];
}

/** One address of each stretch between the edges of networks, and none. */
function sampleAddresses(
  policySets: readonly PolicySet[],
  comparisons: readonly Comparison[],
): (IpAddress | undefined)[] {
  const named = comparisons.flatMap(({ fact, operand }) =>
    fact === 'client.address' && 'value' in operand ? [operand.value].flat(4) : [],
  );
  const networks = [
    ...policySets.flatMap(({ connectors }) => connectors.flatMap((connector) => connector.networks)),
    ...named.filter((each) => typeof each === 'object' && 'prefixBits' in each),
  ];
  const edges = networks.flatMap((network): AddressKey[] => {
    const above = addressAbove(network);
    return [{ family: network.family, bits: network.first }, ...(above === undefined ? [] : [above])];
  });
  const outside: AddressKey = { family: 4, bits: 0n };
  const distinct = new Map([outside, ...edges].map((edge) => [`${edge.family}/${edge.bits}`, edge]));
  const sorted = [...distinct.values()].sort(ADDRESSES.compare);
  return [undefined, ...sorted.map(({ family, bits }) => ipAddressOf(family, bits))];
}

/** Connectors take fingerprints in any case, comparisons as they are written. */
function sampleFingerprints(policySets: readonly PolicySet[], comparisons: readonly Comparison[]) {
  const known = policySets.flatMap(({ connectors }) => connectors.flatMap((each) => each.tlsFingerprints));
  const compared = opaqueSamples('tls.fingerprint', comparisons);
  const isAsked = comparisons.some(({ fact }) => fact === 'tls.fingerprint');
  const variants = isAsked ? known.flatMap((each) => [each, each.toLowerCase()]) : known;
  return [undefined, ...(isAsked ? [otherThan([...known, ...compared])] : []), ...new Set([...variants, ...compared])];
}

function sampleNames(policySets: readonly PolicySet[], comparisons: readonly Comparison[]) {
  const patterns = policySets.flatMap(({ connectors }) => connectors.flatMap((each) => each.tlsNames));
  const compared = opaqueSamples('tls.name', comparisons);
  const taken = new Set([...patterns, ...compared]);
  const known = patterns.map((pattern) => {
    let name = pattern.replace(/^\*/, 'any');
    while (pattern.startsWith('*') && taken.has(name)) name = `any.${name}`;
    return name;
  });
  const isAsked = comparisons.some(({ fact }) => fact === 'tls.name');
  return [undefined, ...(isAsked ? [otherThan([...known, ...compared])] : []), ...new Set([...known, ...compared])];
}

/** A name that is none of the others and lies below none of their domains. */
function otherThan(values: readonly string[]): string {
  let topLevel = 'invalid';
  while (values.some((value) => value === topLevel || value.endsWith(`.${topLevel}`))) topLevel += 'x';
  return `other.${topLevel}`;
}
