import { formatVersion } from '@sluice/engine';
import type { Population } from './population.js';

/** Requests that are asked in turn. */
const REQUEST_COUNT = 300;

/** A sender of the requests. */
export interface PostfixSender {
  readonly address: string;
  readonly helo: string;
}

/** A server that the service is told of before, with a version that is too old. */
export interface KnownServer extends PostfixSender {
  readonly version: string;
}

/** The servers that are known when the requests come: one a connector, below the first lane's floor. */
export function knownServers({ rules, connectors }: Population): KnownServer[] {
  return connectors.flatMap(({ name, network }) => {
    const rule = rules.find((each) => each.connector === name);
    if (rule === undefined) return [];
    const address = network.replace('.0.0/16', '.7.1');
    return [{ address, helo: `mail.${name}.example`, version: formatVersion(rule.versions.from) }];
  });
}

/** Peers of the sample's connector `on-premises`, whose servers the service knows by their headers. */
export const KNOWN_PEERS: readonly PostfixSender[] = Array.from({ length: 20 }, (_, index) => ({
  address: `192.0.2.${index + 1}`,
  helo: `mbx${index + 1}.contoso.example`,
}));

/** Requests as Postfix 3.7 writes them: a third by known servers, a third by known peers, a third by strangers. */
export function postfixRequests(known: readonly KnownServer[]): string[] {
  return Array.from({ length: REQUEST_COUNT }, (_, index) => requestOf(senderOf(known, index), index));
}

function senderOf(known: readonly KnownServer[], index: number): PostfixSender {
  const turn = Math.floor(index / 3);
  const candidates = [known, KNOWN_PEERS][index % 3];
  const stranger = { address: `203.0.113.${1 + (turn % 250)}`, helo: `mx${turn}.stranger.example` };
  return candidates?.[turn % candidates.length] ?? stranger;
}

function requestOf({ address, helo }: PostfixSender, index: number): string {
  const attributes = {
    request: 'smtpd_access_policy',
    protocol_state: 'RCPT',
    protocol_name: 'ESMTP',
    client_address: address,
    client_name: helo,
    client_port: String(20_000 + index),
    reverse_client_name: helo,
    server_address: '192.0.2.250',
    server_port: '25',
    helo_name: helo,
    sender: `someone@${helo}`,
    recipient: 'postmaster@contoso.example',
    recipient_count: '0',
    queue_id: '',
    instance: `1a2b.${index.toString(16)}.0`,
    size: '12345',
    etrn_domain: '',
    stress: '',
    sasl_method: '',
    sasl_username: '',
    sasl_sender: '',
    ccert_subject: '',
    ccert_issuer: '',
    ccert_fingerprint: '',
    ccert_pubkey_fingerprint: '',
    encryption_protocol: 'TLSv1.3',
    encryption_cipher: 'TLS_AES_256_GCM_SHA384',
    encryption_keysize: '256',
    policy_context: '',
  };
  const lines = Object.entries(attributes).map(([name, value]) => `${name}=${value}\n`);
  return `${lines.join('')}\n`;
}
