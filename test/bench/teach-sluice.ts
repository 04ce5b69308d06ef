import type { Population } from './population.js';
import { KNOWN_PEERS, knownServers, type PostfixSender } from './postfix-requests.js';

/** Makes servers known to a service through its HTTP gateway, as earlier mail would have. */
export async function teachSluice(httpPort: number, population: Population): Promise<void> {
  const servers = knownServers(population).map(({ address, helo, version }) => ({
    facts: { 'client.address': address, helo, 'server.version': version },
  }));
  const peers = KNOWN_PEERS.map((peer) => ({
    facts: { 'client.address': peer.address, helo: peer.helo },
    headers: receivedField(peer),
  }));
  const response = await fetch(`http://127.0.0.1:${httpPort}/v1/decisions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify([...servers, ...peers]),
  });
  if (!response.ok) throw new Error(`the service answers ${response.status}: ${await response.text()}`);
  const decisions = (await response.json()) as readonly { readonly decision?: { readonly policy?: string } }[];
  const undetected = decisions.filter(({ decision }) => decision?.policy === undefined).length;
  if (undetected > 0) throw new Error(`${undetected} of ${decisions.length} servers were not detected`);
}

/** A header of an Exchange Server 2016 that is out of date. */
function receivedField({ address, helo }: PostfixSender): string {
  return `Received: from ${helo} (${address}) by ${helo} (${address}) with Microsoft SMTP Server id 15.1.2507.9; Tue, 8 Sep 2026 08:00:00 +0000`;
}
