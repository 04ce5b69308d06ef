import { isInDomain } from '../policy/domain.js';
import type { Facts } from '../policy/fact.js';
import { networkContains } from '../policy/network.js';
import { type Connector, INTERNET_CONNECTOR_NAME } from '../policy/policy-set.js';
import { isForTheRest } from '../policy/read-connectors.js';

/** The connector by which everyone comes in whom no other one matches, where none is declared for them. */
export const INTERNET_CONNECTOR: Connector = {
  name: INTERNET_CONNECTOR_NAME,
  type: 'Internet',
  networks: [],
  tlsNames: [],
  tlsFingerprints: [],
  identity: 'address',
  tags: [],
  source: { file: '', range: { start: { line: 1, column: 1 }, end: { line: 1, column: 1 } } },
};

/**
 * The connector that a connection comes in by: the one that a gateway named, else the one with the fingerprint of its
 * certificate, else with the verified name in it (itself, else the longest `*.` above it), else with the longest network
 * that holds its address, else the first of a type that was told, else Internet's.
 */
export function connectorOf(connectors: readonly Connector[], facts: Facts): Connector {
  const named = facts['connector.name'];
  return (
    (named === undefined ? undefined : connectors.find((each) => each.name === named)) ??
    byFingerprint(connectors, facts['tls.fingerprint']) ??
    (facts['tls.verified'] === false ? undefined : byTlsName(connectors, facts['tls.name'])) ??
    byNetwork(connectors, facts['client.address']) ??
    connectors.find((each) => each.type === facts['connector.type']) ??
    connectors.find(isForTheRest) ??
    INTERNET_CONNECTOR
  );
}

/** The connector at an index; the number of connectors stands for the built-in one for the Internet. */
export function connectorAt(connectors: readonly Connector[], index: number): Connector {
  return connectors[index] ?? INTERNET_CONNECTOR;
}

/** The facts that a connector gives. */
export function connectorFacts({ name, type, tags }: Connector): Facts {
  return { 'connector.name': name, 'connector.type': type, 'server.tags': tags };
}

/** Whether a version that a header tells counts: only where certificate or network show who the peer is. */
export function trustsHeaders(connector: Connector): boolean {
  return connector.networks.length + connector.tlsNames.length + connector.tlsFingerprints.length > 0;
}

function byFingerprint(connectors: readonly Connector[], fingerprint: string | undefined): Connector | undefined {
  if (fingerprint === undefined) return undefined;
  return connectors.find((each) => each.tlsFingerprints.includes(fingerprint.toUpperCase()));
}

function byTlsName(connectors: readonly Connector[], name: string | undefined): Connector | undefined {
  if (name === undefined) return undefined;
  const exact = connectors.find((each) => each.tlsNames.includes(name));
  if (exact !== undefined) return exact;
  let longest: Connector | undefined;
  let longestLength = 0;
  for (const connector of connectors) {
    for (const pattern of connector.tlsNames) {
      const isLonger = pattern.startsWith('*.') && pattern.length > longestLength;
      if (!isLonger || !isBelow(name, pattern.slice(2))) continue;
      longest = connector;
      longestLength = pattern.length;
    }
  }
  return longest;
}

function isBelow(name: string, domain: string): boolean {
  return name !== domain && isInDomain(name, domain);
}

function byNetwork(connectors: readonly Connector[], address: Facts['client.address']): Connector | undefined {
  if (address === undefined) return undefined;
  let longest: Connector | undefined;
  let longestPrefixBits = -1;
  for (const connector of connectors) {
    for (const network of connector.networks) {
      if (network.prefixBits <= longestPrefixBits || !networkContains(network, address)) continue;
      longest = connector;
      longestPrefixBits = network.prefixBits;
    }
  }
  return longest;
}
