import type { Facts } from '../../policy/fact.js';
import { factsFromText, senderDomain, verifiedClientName } from '../facts-from-text.js';
import { OctetCache } from './octet-cache.js';

/** A client by its address and its verified name, as far as they are known. */
export type Client = Pick<Facts, 'client.address' | 'client.name'>;

/** What is known of a session's encryption. */
export type Tls = Pick<Facts, 'tls.protocol' | 'tls.verified'>;

/** What a mail server's log tells of a session and its mail. */
export interface KnownOfMail {
  readonly client: Client | undefined;
  readonly tls?: Tls | undefined;
  readonly helo?: string | undefined;
  readonly senderDomain?: string | undefined;
  readonly size?: number | undefined;
  readonly recipients?: number | undefined;
}

/** The facts of what is known, in one shape for all, so that what takes them stays fast. */
export function mailFacts({ client, tls, helo, senderDomain, size, recipients }: KnownOfMail): Facts {
  return {
    'client.address': client?.['client.address'],
    'client.name': client?.['client.name'],
    helo,
    'sender.domain': senderDomain,
    'tls.protocol': tls?.['tls.protocol'],
    'tls.verified': tls?.['tls.verified'],
    'message.size': size,
    'message.recipients': recipients,
  };
}

/** Makes a client of its name and address, as a mail server wrote them. */
export function clientOf(name: string | undefined, address: string): Client {
  const bare = /^ipv6:/i.test(address) ? address.slice('ipv6:'.length) : address;
  return factsFromText({ 'client.address': bare, 'client.name': verifiedClientName(name) });
}

/** A client as `name[address]`. */
export function parseClient(text: string): Client {
  const bracket = text.lastIndexOf('[');
  const end = text.indexOf(']', bracket);
  return clientOf(text.slice(0, bracket).trimEnd(), text.slice(bracket + 1, end < 0 ? undefined : end));
}

/** What is known of encryption by protocol, such as `TLSv1.3`, and certificate. */
export function tlsOf(protocol: string, isVerified: boolean | undefined): Tls {
  return { ...factsFromText({ 'tls.protocol': protocol }), 'tls.verified': isVerified };
}

/** The fact of a name given in HELO. */
export function heloFact(text: string): string | undefined {
  return factsFromText({ helo: text }).helo;
}

/** The fact of a sender's domain, from the address. */
export function senderFact(address: string): string | undefined {
  return factsFromText({ 'sender.domain': senderDomain(address) })['sender.domain'];
}

/** Remembers the facts of what a log repeats. */
export class MailFactCaches {
  /** Of `name[address]`. */
  readonly clients = new OctetCache(parseClient);
  /** Of a sender's address, without angle brackets. */
  readonly senders = new OctetCache(senderFact);
  readonly helos = new OctetCache(heloFact);
}
