import type { Facts } from '../policy/fact.js';
import type { Connector } from '../policy/policy-set.js';

/**
 * The name by which a connector tells the server apart, as far as is known.
 *
 * @param headerServer host of the topmost `Received:` field, where the headers were seen and the connector trusts them
 * @returns undefined before the headers, where the connector goes by them
 */
export function serverNameOf(
  connector: Connector,
  facts: Facts,
  stage: 'before-headers' | 'after-headers',
  headerServer?: string,
): string | undefined {
  if (facts['server.name'] !== undefined) return facts['server.name'];
  if (connector.identity === 'received-by' && headerServer !== undefined) return headerServer;
  if (connector.identity === 'received-by' && stage === 'before-headers') return undefined;
  return ownName(connector, facts) ?? peerName(facts);
}

function ownName({ identity }: Connector, facts: Facts): string | undefined {
  if (identity === 'helo') return facts.helo;
  if (identity === 'tls-name') return facts['tls.name'];
  if (identity === 'tls-fingerprint') return facts['tls.fingerprint'];
  return undefined;
}

/** What is left where the connector's own way to tell servers apart has nothing to go by: the address. */
function peerName(facts: Facts): string {
  return facts['client.address']?.text ?? facts.helo ?? 'unknown';
}
