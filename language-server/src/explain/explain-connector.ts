import { INTERNET_CONNECTOR, trustsHeaders } from '@sluice/engine/decision/connector.js';
import type { Connector } from '@sluice/engine/policy/policy-set.js';
import { code, paragraphs, plain } from './markdown.js';
import { listedFirst } from './words.js';

/** Networks or names of one connector that are shown. */
const MAX_SHOWN = 10;

/** A connector: whom it is for, and how their servers are told apart. */
export function explainConnector(connector: Connector, description: string | undefined): string {
  const { name, type, identity, tags } = connector;
  const trust = trustsHeaders(connector)
    ? 'Versions in headers are believed here.'
    : 'Versions in headers are not believed here.';
  return paragraphs(
    `**${name}**, a connector of type ${type}${connector === INTERNET_CONNECTOR ? ', there without being declared' : ''}`,
    plain(description ?? ''),
    matchLines(connector),
    `Servers are told apart by ${code(identity)}. ${trust}`,
    tags.length === 0 ? undefined : `Tags: ${tags.map(code).join(', ')}`,
  );
}

function matchLines({ networks, tlsNames, tlsFingerprints }: Connector): string {
  const lists = [
    ['Networks', networks.map(({ text }) => text)],
    ['Certificate names', tlsNames],
    ['Certificate fingerprints', tlsFingerprints],
  ] as const;
  const lines = lists.flatMap(([title, items]) =>
    items.length === 0 ? [] : [`- ${title}: ${listedFirst(items.map(code), MAX_SHOWN)}`],
  );
  return lines.length === 0 ? 'For everyone whom no other connector matches.' : lines.join('\n');
}
