import { decodeXtext, factsFromText, senderDomain, verifiedClientName } from '../traffic/facts-from-text.js';
import type { Connection } from './enforcer.js';
import type { MilterMacros } from './milter-macros.js';
import { splitAtNul } from './milter-packet.js';

/** The client of an SMTP session, as the connect command tells it. */
export interface MilterClient {
  /** Name by verified reverse DNS; absent where there is none. */
  readonly name?: string;
  readonly address?: string;
}

/** The sender of a message with the parameters of MAIL FROM. */
export interface MilterSender {
  readonly address: string;
  /** Announced size in octets, digits (RFC 1870); absent where none was announced. */
  readonly size?: string;
}

/**
 * Reads the connect command: host name, NUL, address family (`U` unknown, `L` unix, `4`, `6`), and for all but the first
 * a port of 16 bits and the address, NUL.
 *
 * @returns undefined where the data has not this form
 */
export function readConnect(data: Buffer): MilterClient | undefined {
  const nul = data.indexOf(0);
  if (nul < 0) return undefined;
  const hostName = verifiedClientName(data.toString('utf8', 0, nul));
  const name = hostName === undefined ? {} : { name: hostName };
  const family = String.fromCharCode(data[nul + 1] ?? 0);
  if (family === 'U' || family === 'L') return name;
  const [address] = splitAtNul(data.subarray(nul + 4));
  if ((family !== '4' && family !== '6') || address === undefined) return undefined;
  return { ...name, address: address.replace(/^IPv6:/i, '') };
}

/** Reads the MAIL command: the address, then its parameters, each ended by NUL. */
export function readSender(data: Buffer): MilterSender | undefined {
  const [address, ...parameters] = splitAtNul(data);
  if (address === undefined) return undefined;
  const size = parameters.map((parameter) => /^SIZE=(\d+)$/i.exec(parameter)?.[1]).find((text) => text !== undefined);
  return size === undefined ? { address } : { address, size };
}

/** What a mail server told of a message's connection by now. */
export interface MilterKnowledge {
  readonly client: MilterClient;
  readonly helo: string | undefined;
  readonly sender: MilterSender;
  /** Recipients named so far. */
  readonly recipients: number;
  readonly macros: MilterMacros;
  /** Whether the mail server sends the macros that were asked for. */
  readonly choosesMacros: boolean;
}

/** The connection as facts. */
export function milterConnection(known: MilterKnowledge): Connection {
  const { client, sender, macros } = known;
  const queueId = macros.get('i');
  const certificate = verifiedCertificate(macros, known.choosesMacros);
  return {
    gateway: 'milter',
    facts: factsFromText({
      'client.address': client.address ?? macros.get('client_addr'),
      'client.name': client.name,
      helo: known.helo,
      'sender.domain': senderDomain(sender.address),
      'tls.protocol': macros.get('tls_version'),
      'tls.verified': String(certificate !== undefined),
      'tls.name': certificate?.name,
      'message.size': sender.size,
      'message.recipients': known.recipients > 0 ? String(known.recipients) : undefined,
    }),
    ...(queueId === undefined || queueId === '' ? {} : { queueId: queueId.slice(0, 128) }),
  };
}

/**
 * The client's certificate, if a trusted authority signed it.
 *
 * Sendmail tells the outcome in `{verify}`, and gives the subject of any certificate, as a distinguished name in xtext.
 * Postfix has no `{verify}`, and gives `{cert_subject}`, the common name, of trusted certificates alone. So without
 * `{verify}` a subject counts only where the mail server would have sent it, or says that it is Postfix.
 */
function verifiedCertificate(macros: MilterMacros, choosesMacros: boolean): { name?: string } | undefined {
  const subject = macros.get('cert_subject');
  const verify = macros.get('verify');
  if (verify !== undefined) return verify === 'OK' ? named(sendmailCommonName(macros, subject)) : undefined;
  const isPostfix = choosesMacros || macros.get('v')?.startsWith('Postfix') === true;
  return isPostfix && subject !== undefined && subject !== '' ? named(subject) : undefined;
}

function sendmailCommonName(macros: MilterMacros, subject = ''): string | undefined {
  const commonName = macros.get('cn_subject');
  if (commonName !== undefined) return decodeXtext(commonName);
  // Two common names cannot be told from one with a slash in another attribute: then there is no name.
  const [, name, ...others] = subject.split(/\/CN=/);
  return name === undefined || others.length > 0 ? undefined : decodeXtext(name.replace(/\/.*$/, ''));
}

function named(name: string | undefined): { name?: string } {
  return name === undefined ? {} : { name };
}
