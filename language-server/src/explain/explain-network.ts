import { ipAddressOf, type Network, parseNetwork } from '@sluice/engine/policy/network.js';
import type { Connector } from '@sluice/engine/policy/policy-set.js';
import { code, paragraphs } from './markdown.js';
import { listedFirst } from './words.js';

/** Connectors that are named. */
const MAX_CONNECTORS = 10;

/** How large a network is, and which connectors have a part of it; undefined for a text that is no network. */
export function explainNetwork(text: string, connectors: readonly Connector[]): string | undefined {
  const network = parseNetwork(text);
  if (network === undefined || network === 'host-bits') return undefined;
  const { family, first, last } = network;
  const [lowest, highest] = [ipAddressOf(family, first).text, ipAddressOf(family, last).text];
  const span = first === last ? code(lowest) : `${code(lowest)} to ${code(highest)}`;
  const sharing = connectors.filter(({ networks }) => networks.some((each) => overlaps(each, network)));
  const names = listedFirst(
    sharing.map(({ name }) => code(name)),
    MAX_CONNECTORS,
  );
  return paragraphs(
    `**${network.text}**, IPv${family}: ${sizeWords(network)}, ${span}`,
    sharing.length === 0 ? undefined : `Networks of these connectors lie in it, or hold it: ${names}`,
  );
}

function sizeWords({ first, last, prefixBits, family }: Network): string {
  const count = last - first + 1n;
  if (count === 1n) return '1 address';
  if (family === 4) return `${count.toLocaleString('en')} addresses`;
  return count < 1_000_000n ? `${count.toLocaleString('en')} addresses` : `2^${128 - prefixBits} addresses`;
}

function overlaps(a: Network, b: Network): boolean {
  return a.family === b.family && a.first <= b.last && b.first <= a.last;
}
