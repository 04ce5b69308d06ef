import type { Facts } from '../../policy/fact.js';
import type { Connector } from '../../policy/policy-set.js';
import { isForTheRest } from '../../policy/read-connectors.js';
import { ADDRESSES, type AddressKey, addressAbove, compareAddresses, type PackedEdges } from './ordered-values.js';

/** What the index searches; it can be sent to another thread. The first of several connectors counts. */
export interface ConnectorTables {
  readonly byName: ReadonlyMap<string, number>;
  readonly byType: ReadonlyMap<string, number>;
  readonly byFingerprint: ReadonlyMap<string, number>;
  readonly byTlsName: ReadonlyMap<string, number>;
  /** By the domain above TLS names. */
  readonly byTlsDomain: ReadonlyMap<string, number>;
  readonly edges: PackedEdges;
  /** Connector of the addresses below the first edge, then of those from each edge on; -1 for none. */
  readonly byStretch: readonly number[];
  /** The connector of all others. */
  readonly rest: number;
}

/** Makes the tables of an index. */
export function connectorTables(connectors: readonly Connector[]): ConnectorTables {
  const byName = new Map<string, number>();
  const byType = new Map<string, number>();
  const byFingerprint = new Map<string, number>();
  const byTlsName = new Map<string, number>();
  const byTlsDomain = new Map<string, number>();
  for (const [index, { name, type, tlsFingerprints, tlsNames }] of connectors.entries()) {
    setFirst(byName, name, index);
    setFirst(byType, type, index);
    for (const fingerprint of tlsFingerprints) setFirst(byFingerprint, fingerprint, index);
    for (const tlsName of tlsNames) {
      if (tlsName.startsWith('*.')) setFirst(byTlsDomain, tlsName.slice(2), index);
      else setFirst(byTlsName, tlsName, index);
    }
  }
  const rest = connectors.findIndex(isForTheRest);
  const [edges, owners] = stretchesOf(connectors);
  return {
    byName,
    byType,
    byFingerprint,
    byTlsName,
    byTlsDomain,
    edges: ADDRESSES.pack(edges),
    byStretch: [-1, ...owners],
    rest: rest < 0 ? connectors.length : rest,
  };
}

/** Finds the connector of a connection as `connectorOf` does, by hash and binary search. */
export class ConnectorIndex {
  readonly #tables: ConnectorTables;
  readonly #countNotAbove: (address: AddressKey) => number;

  constructor(tables: ConnectorTables) {
    this.#tables = tables;
    this.#countNotAbove = ADDRESSES.counter(tables.edges);
  }

  /** Whether a connector of this name is declared. */
  has(name: string): boolean {
    return this.#tables.byName.has(name);
  }

  /** Index of the connector; the number of connectors stands for the built-in one for the Internet. */
  find(facts: Facts): number {
    const { byName, byType, byFingerprint, byStretch, rest } = this.#tables;
    const name = facts['connector.name'];
    const named = name === undefined ? undefined : byName.get(name);
    if (named !== undefined) return named;
    const fingerprint = facts['tls.fingerprint'];
    if (fingerprint !== undefined && byFingerprint.size > 0) {
      const found = byFingerprint.get(fingerprint.toUpperCase());
      if (found !== undefined) return found;
    }
    const tlsName = facts['tls.verified'] === false ? undefined : facts['tls.name'];
    const certified = tlsName === undefined ? undefined : this.#byTlsName(tlsName);
    if (certified !== undefined) return certified;
    const address = facts['client.address'];
    const found = address === undefined ? -1 : (byStretch[this.#countNotAbove(address)] as number);
    if (found >= 0) return found;
    const type = facts['connector.type'];
    return (type === undefined ? undefined : byType.get(type)) ?? rest;
  }

  #byTlsName(name: string): number | undefined {
    const { byTlsName, byTlsDomain } = this.#tables;
    const exact = byTlsName.get(name);
    if (exact !== undefined || byTlsDomain.size === 0) return exact;
    for (let dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
      const found = byTlsDomain.get(name.slice(dot + 1));
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

function setFirst(map: Map<string, number>, key: string, index: number): void {
  if (!map.has(key)) map.set(key, index);
}

/** Cuts the addresses at the edges of all networks; on each stretch the longest prefix wins. */
function stretchesOf(connectors: readonly Connector[]): [edges: readonly AddressKey[], owners: readonly number[]] {
  const networks = connectors
    .flatMap((connector, index) => connector.networks.map((network) => ({ network, index })))
    .sort(
      (a, b) => compareAddresses(start(a.network), start(b.network)) || a.network.prefixBits - b.network.prefixBits,
    );
  const edges: AddressKey[] = [];
  const owners: number[] = [];
  const cut = (at: AddressKey, owner: number) => {
    const last = edges.at(-1);
    if (last !== undefined && compareAddresses(last, at) === 0) owners[owners.length - 1] = owner;
    else {
      edges.push(at);
      owners.push(owner);
    }
  };
  const open: typeof networks = [];
  const closeBefore = (at: AddressKey | undefined) => {
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      const end = addressAbove(top.network);
      if (at !== undefined && (end === undefined || compareAddresses(end, at) > 0)) return;
      open.pop();
      if (end !== undefined) cut(end, open.at(-1)?.index ?? -1);
    }
  };
  for (const each of networks) {
    closeBefore(start(each.network));
    open.push(each);
    cut(start(each.network), each.index);
  }
  closeBefore(undefined);
  return [edges, owners];
}

function start({ family, first }: { readonly family: 4 | 6; readonly first: bigint }): AddressKey {
  return { family, bits: first };
}
