import { type DocumentNode, entryOf, itemsOf, textEntry, textItems, textOf } from './document-node.js';
import { isDomain, normalizeDomain } from './domain.js';
import { CONNECTOR_TYPES, type ConnectorType } from './fact.js';
import { relatedTo } from './finding.js';
import { type Network, parseNetwork } from './network.js';
import { type Connector, SERVER_IDENTITIES, type ServerIdentity } from './policy-set.js';
import type { Report } from './report.js';
import { spanOf } from './source.js';
import { networkProblem, tlsNameProblem } from './value-problem.js';

/** Reads the connectors of a `*.connectors.yaml`. */
export function readConnectors(root: DocumentNode, report: Report): Connector[] {
  return itemsOf(entryOf(root, 'connectors')).flatMap((node) => readConnector(node, report) ?? []);
}

function readConnector(node: DocumentNode, report: Report): Connector | undefined {
  const name = textEntry(node, 'name');
  const type = textEntry(node, 'type') as ConnectorType | undefined;
  const match = entryOf(node, 'match');
  const networks = textItems(entryOf(match, 'networks')).flatMap((each) => readNetwork(each, report) ?? []);
  const tlsNames = textItems(entryOf(match, 'tlsNames')).flatMap((each) => readTlsName(each, report) ?? []);
  const tlsFingerprints = textItems(entryOf(match, 'tlsFingerprints')).map(({ text }) => text.toUpperCase());
  const isOpen = ['networks', 'tlsNames', 'tlsFingerprints'].every((key) => itemsOf(entryOf(match, key)).length === 0);
  if (isOpen && type !== undefined && type !== 'Internet') {
    const message = `The connector${name === undefined ? '' : ` ${name}`} matches nothing; only one of type Internet can be for all the rest.`;
    report.add('connector-open', node, message, 'Add match: with networks, tlsNames or tlsFingerprints.');
  }
  if (name === undefined || type === undefined || !CONNECTOR_TYPES.includes(type)) return undefined;
  const identity = textOf(entryOf(node, 'identity')) as ServerIdentity | undefined;
  return {
    name,
    type,
    networks,
    tlsNames,
    tlsFingerprints,
    identity:
      identity !== undefined && SERVER_IDENTITIES.includes(identity) ? identity : isOpen ? 'address' : 'received-by',
    tags: textItems(entryOf(node, 'tags')).map(({ text }) => text),
    source: spanOf(node),
  };
}

function readNetwork({ text, node }: { text: string; node: DocumentNode }, report: Report): Network | undefined {
  const network = parseNetwork(text);
  if (network !== undefined && network !== 'host-bits') return network;
  report.addAt(node, networkProblem(text, network));
  return undefined;
}

function readTlsName({ text, node }: { text: string; node: DocumentNode }, report: Report): string | undefined {
  const name = normalizeDomain(text);
  if (isDomain(name.replace(/^\*\./, ''))) return name;
  report.addAt(node, tlsNameProblem(text));
  return undefined;
}

/** Checks that no connection can come in by two connectors with equal right. */
export function checkConnectors(connectors: readonly Connector[], report: Report): void {
  const claimed = new Map<string, Connector>();
  for (const connector of connectors) {
    const claims = [
      ...connector.networks.map((network) => `the network ${network.text}`),
      ...connector.tlsNames.map((name) => `the certificate name ${name}`),
      ...connector.tlsFingerprints.map((fingerprint) => `the fingerprint ${fingerprint}`),
      ...(isForTheRest(connector) ? ['all the rest'] : []),
    ];
    for (const claim of claims) {
      const other = claimed.get(claim);
      if (other === undefined) claimed.set(claim, connector);
      else {
        const message = `The connectors ${other.name} and ${connector.name} both claim ${claim}.`;
        const related = relatedTo(other.source, `The connector ${other.name}.`);
        report.add('connector-overlap', connector.source, message, 'Leave it to one of them.', related);
      }
    }
  }
}

/** Whether the connector is the one for everyone whom no other connector matches. */
export function isForTheRest({ type, networks, tlsNames, tlsFingerprints }: Connector): boolean {
  return type === 'Internet' && networks.length + tlsNames.length + tlsFingerprints.length === 0;
}
