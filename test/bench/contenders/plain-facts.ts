import type { Case, PlainFacts, Population } from '../population.js';
import { PART_FACTORS, packVersion } from '../population.js';
import { lastNotAbove } from './last-not-above.js';

/**
 * Makes what a library without versions and addresses needs of a case, by plain code: the connector by the address, the
 * version by the record, unless the facts name both.
 */
export function plainFactsOf(population: Population): (each: Case) => PlainFacts {
  const { connectors, name } = population;
  // The networks of the connectors do not overlap and are in order.
  const firsts = Float64Array.from(connectors, ({ network }) => firstAddress(network));
  return ({ facts, record }) => {
    const address = Number(facts['client.address']?.bits ?? 0n);
    if (name !== 'told') {
      const connector = connectors[lastNotAbove(firsts, address)]?.name ?? 'internet';
      return { connector, version: packText(record.versions[0]?.version ?? ''), address };
    }
    const version = facts['server.version'];
    return {
      connector: facts['connector.name'] ?? 'internet',
      version: version === undefined ? -1 : packVersion(version),
      address,
    };
  };
}

function firstAddress(network: string): number {
  const [address = ''] = network.split('/');
  return address.split('.').reduce((number, octet) => number * 256 + Number(octet), 0);
}

/** Packs a version of four parts letter by letter, several times as fast as by a regular expression. */
function packText(text: string): number {
  let packed = 0;
  let part = 0;
  let index = 0;
  for (let position = 0; position <= text.length; position++) {
    const digit = text.charCodeAt(position) - 0x30;
    if (digit >= 0 && digit <= 9) {
      part = part * 10 + digit;
      continue;
    }
    packed = packed * (PART_FACTORS[index++] ?? 1) + part;
    part = 0;
  }
  return packed;
}
