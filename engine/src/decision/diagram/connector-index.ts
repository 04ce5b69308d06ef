import type { Facts } from '../../policy/fact.js';
import type { Connector } from '../../policy/policy-set.js';
import { isForTheRest } from '../../policy/read-connectors.js';
import { ADDRESSES, type AddressKey, addressAbove, compareAddresses } from './ordered-values.js';

/** Finds the connector of a connection as `connectorOf` does, by hash and binary search. */
export class ConnectorIndex {
  readonly #byFingerprint = new Map<string, number>();
  readonly #byName = new Map<string, number>();
  readonly #byDomain = new Map<string, number>();
  readonly #countNotAbove: (address: AddressKey) => number;
  /** Connector of the addresses below the first edge, then of those from each edge on; -1 for none. */
  readonly #byStretch: readonly number[];
  readonly #rest: number;

  constructor(connectors: readonly Connector[]) {
    for (const [index, { tlsFingerprints, tlsNames }] of connectors.entries()) {
      for (const fingerprint of tlsFingerprints) setFirst(this.#byFingerprint, fingerprint, index);
      for (const name of tlsNames) {
        if (name.startsWith('*.')) setFirst(this.#byDomain, name.slice(2), index);
        else setFirst(this.#byName, name, index);
      }
    }
    const rest = connectors.findIndex(isForTheRest);
    this.#rest = rest < 0 ? connectors.length : rest;
    const [edges, owners] = stretchesOf(connectors);
    this.#countNotAbove = ADDRESSES.counter(edges);
    this.#byStretch = [-1, ...owners];
  }

  /** Index of the connector; the number of connectors stands for the built-in one for the Internet. */
  find(facts: Facts): number {
    const fingerprint = facts['tls.fingerprint'];
    if (fingerprint !== undefined && this.#byFingerprint.size > 0) {
      const found = this.#byFingerprint.get(fingerprint.toUpperCase());
      if (found !== undefined) return found;
    }
    const name = facts['tls.verified'] === false ? undefined : facts['tls.name'];
    const named = name === undefined ? undefined : this.#byCertificateName(name);
    if (named !== undefined) return named;
    const address = facts['client.address'];
    const found = address === undefined ? -1 : (this.#byStretch[this.#countNotAbove(address)] as number);
    return found >= 0 ? found : this.#rest;
  }

  #byCertificateName(name: string): number | undefined {
    const exact = this.#byName.get(name);
    if (exact !== undefined || this.#byDomain.size === 0) return exact;
    for (let dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
      const found = this.#byDomain.get(name.slice(dot + 1));
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
