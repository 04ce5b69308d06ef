import type { Facts } from '../../policy/fact.js';
import { ipAddressOf } from '../../policy/network.js';
import type { Comparison, PolicySet } from '../../policy/policy-set.js';
import { ConnectorIndex } from './connector-index.js';
import { ADDRESSES, type AddressKey, addressAbove } from './ordered-values.js';

/** Clients that every policy set takes in by the same connector. */
export interface PeerClass {
  /** Index of the connector in each policy set; the number of its connectors stands for the built-in one. */
  readonly connectors: readonly number[];
  /** Facts of clients of this class, each with another certificate or address. */
  readonly samples: readonly Facts[];
}

/** Most samples that are kept of a class. */
const MAX_SAMPLES = 2_000;

/** Sorts all possible clients by the connectors by which the policy sets take them in. */
export function peerClasses(policySets: readonly PolicySet[], comparisons: readonly Comparison[]): PeerClass[] {
  const indexes = policySets.map((policySet) => new ConnectorIndex(policySet.connectors));
  const classes = new Map<string, { connectors: readonly number[]; samples: Facts[] }>();
  const addresses = sampleAddresses(policySets, comparisons);
  for (const certificate of certificates(policySets, comparisons)) {
    for (const address of addresses) {
      const facts = address === undefined ? certificate : { ...certificate, 'client.address': address };
      const connectors = indexes.map((index) => index.find(facts));
      const key = connectors.join();
      const known = classes.get(key);
      if (known === undefined) classes.set(key, { connectors, samples: [facts] });
      else if (known.samples.length < MAX_SAMPLES) known.samples.push(facts);
    }
  }
  return [...classes.values()];
}

/** One address of each stretch between the edges of networks, and none. */
function sampleAddresses(policySets: readonly PolicySet[], comparisons: readonly Comparison[]) {
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
  return [...sorted.map(({ family, bits }) => ipAddressOf(family, bits)), undefined];
}

function certificates(policySets: readonly PolicySet[], comparisons: readonly Comparison[]): Facts[] {
  const connectors = policySets.flatMap((policySet) => policySet.connectors);
  const names = [...connectors.flatMap((each) => each.tlsNames), ...textsOf('tls.name', comparisons)];
  const fingerprints = [
    ...connectors.flatMap((each) => each.tlsFingerprints),
    ...textsOf('tls.fingerprint', comparisons),
  ];
  return [
    {},
    { 'tls.verified': false },
    { 'tls.verified': true },
    ...[...new Set(names)].map((name): Facts => ({ 'tls.verified': true, 'tls.name': name.replace(/^\*/, 'any') })),
    ...[...new Set(fingerprints)].map((fingerprint): Facts => ({ 'tls.fingerprint': fingerprint })),
  ];
}

function textsOf(fact: Comparison['fact'], comparisons: readonly Comparison[]): string[] {
  return comparisons
    .flatMap((each) => (each.fact === fact && 'value' in each.operand ? [each.operand.value].flat(4) : []))
    .filter((operand) => typeof operand === 'string');
}
