import type { Facts } from '../../policy/fact.js';
import type { EpochMillis } from '../../policy/instant.js';
import { factsFromText, senderDomain } from '../facts-from-text.js';
import { addressOfEndpoint } from './endpoint.js';
import type { MailOutcome } from './log-record.js';
import { outcomeOfReply } from './smtp-reply.js';

/** What a line of a session says that facts follow from. */
export type SessionEvent =
  | { readonly kind: 'helo' | 'mail' | 'proxy' | 'reply' | 'tls' | 'subject'; readonly text: string }
  | { readonly kind: 'recipient' | 'command' | 'own-certificate' | 'remote-certificate' }
  | { readonly kind: 'certificate-status'; readonly isVerified: boolean };

/** Most events that are kept of one session. */
const MAX_EVENTS = 1024;

/** Reads what one line says, of which the texts are bounded; undefined where nothing that facts follow from. */
export function readSessionEvent(sign: string, data: string, context: string): SessionEvent | undefined {
  if (sign === '<') return readCommand(data);
  if (sign === '>') return /^\d{3}/.test(data) ? { kind: 'reply', text: data.slice(0, 64) } : undefined;
  return sign === '*' ? readInformation(data, context) : undefined;
}

function readCommand(text: string): SessionEvent {
  const helo = /^(?:EHLO|HELO)\s+(\S+)/i.exec(text)?.[1];
  if (helo !== undefined) return { kind: 'helo', text: helo };
  if (/^MAIL FROM:/i.test(text)) return { kind: 'mail', text: text.slice('MAIL FROM:'.length).trim() };
  if (/^RCPT TO:/i.test(text)) return { kind: 'recipient' };
  return /^XPROXY(?:FROM)?\s/i.test(text) ? { kind: 'proxy', text } : { kind: 'command' };
}

function readInformation(data: string, context: string): SessionEvent | undefined {
  const protocol = /\bSP_PROT_([A-Z0-9_]+?)_SERVER\b/.exec(context)?.[1];
  if (protocol !== undefined) return { kind: 'tls', text: tlsProtocol(protocol) };
  if (context.startsWith('Sending certificate')) return { kind: 'own-certificate' };
  if (/^(?:Remote|Received) certificate/.test(context)) {
    return data === '' ? { kind: 'remote-certificate' } : { kind: 'subject', text: `remote ${data}` };
  }
  if (context.startsWith('Certificate subject')) return { kind: 'subject', text: data };
  const status = /^Client certificate chain validation status: '(\w+)'|Status='(\w+)'/.exec(context);
  if (status === null) return undefined;
  return { kind: 'certificate-status', isVerified: status[1] === 'Valid' || status[2] === 'Success' };
}

/** `TLS1_2` is `TLSv1.2`, as the gateways tell it; 1.0 has no minor number there. */
function tlsProtocol(name: string): string {
  const [, major, minor] = /^TLS(\d)(?:_(\d))?$/.exec(name) ?? [];
  if (major === undefined) return name.replace(/^SSL(\d)$/, 'SSLv$1');
  return minor === undefined || minor === '0' ? `TLSv${major}` : `TLSv${major}.${minor}`;
}

/** One session of an SMTP server, of which the lines come one by one, mostly in their order. */
export class ReceiveSession {
  readonly id: string;
  readonly #remoteEndpoint: string;
  readonly #events: (SessionEvent & { readonly sequence: number })[] = [];
  #firstSequence: number;
  /** Instant of its first line. */
  at: EpochMillis;
  hasStart = false;
  /** Where its last line stands. */
  file = '';
  line = 0;

  constructor(id: string, remoteEndpoint: string, sequence: number, at: EpochMillis) {
    this.id = id;
    this.#remoteEndpoint = remoteEndpoint;
    this.#firstSequence = sequence;
    this.at = at;
  }

  addLine(sequence: number, at: EpochMillis, event: SessionEvent | undefined): void {
    if (sequence < this.#firstSequence) {
      this.#firstSequence = sequence;
      this.at = at;
    }
    if (event !== undefined && this.#events.length < MAX_EVENTS) this.#events.push({ ...event, sequence });
  }

  /** What is known of the session once all its lines are there. */
  read(): { readonly facts: Facts; readonly outcome: MailOutcome | undefined } {
    // Numbers may repeat: lines of one number stay in the order of the log.
    const events = this.#events.toSorted((a, b) => a.sequence - b.sequence);
    const told = new ToldBySession();
    for (const event of events) told.take(event);
    return { facts: told.facts(this.#remoteEndpoint), outcome: told.outcome };
  }
}

class ToldBySession {
  #helo: string | undefined;
  #mail: string | undefined;
  #transactions = 0;
  #recipients = 0;
  #proxy = '';
  #protocol: string | undefined;
  #isRemoteCertificate = false;
  #name: string | undefined;
  #isVerified: boolean | undefined;
  /** Commands that wait for their reply, the oldest first. */
  readonly #unanswered: SessionEvent['kind'][] = [];
  outcome: MailOutcome | undefined;

  take(event: SessionEvent): void {
    switch (event.kind) {
      case 'helo':
        // After STARTTLS the client greets again, and that counts.
        this.#helo = event.text;
        break;
      case 'mail':
        this.#transactions++;
        this.#mail ??= event.text;
        break;
      case 'recipient':
        if (this.#transactions <= 1) this.#recipients++;
        break;
      case 'proxy':
        this.#proxy = event.text;
        break;
      case 'command':
        break;
      case 'reply':
        this.#takeReply(event.text);
        return;
      default:
        this.#takeTls(event);
        return;
    }
    this.#unanswered.push(event.kind);
  }

  /** @param remoteEndpoint of the connection, which is a front end's where that told the client it stands for */
  facts(remoteEndpoint: string): Facts {
    const mail = this.#mail ?? '';
    return factsFromText({
      'client.address': valueIn(this.#proxy, 'IP') ?? addressOfEndpoint(remoteEndpoint),
      helo: valueIn(this.#proxy, 'DOMAIN') ?? this.#helo,
      'sender.domain': senderDomain(/^<[^>]*>|^\S+/.exec(mail)?.[0] ?? ''),
      'message.size': /\sSIZE=(\d+)/i.exec(mail)?.[1],
      'message.recipients': this.#recipients === 0 ? undefined : String(this.#recipients),
      'tls.protocol': this.#protocol,
      'tls.verified': this.#isVerified === undefined ? undefined : String(this.#isVerified),
      'tls.name': this.#isVerified === false ? undefined : this.#name,
    });
  }

  #takeReply(text: string): void {
    const command = this.#unanswered.shift();
    if (command !== 'mail' && command !== 'recipient') return;
    const outcome = outcomeOfReply(text);
    if (outcome?.kind === 'rejected' && this.outcome?.kind !== 'rejected') this.outcome = outcome;
    if (outcome?.kind === 'accepted' && command === 'recipient') this.outcome ??= outcome;
  }

  #takeTls(event: SessionEvent): void {
    if (event.kind === 'tls') this.#protocol = event.text;
    else if (event.kind === 'certificate-status') this.#isVerified = event.isVerified && this.#isVerified !== false;
    else if (event.kind === 'own-certificate') this.#isRemoteCertificate = false;
    else if (event.kind === 'remote-certificate') this.#isRemoteCertificate = true;
    else if (event.kind === 'subject' && (this.#isRemoteCertificate || event.text.startsWith('remote '))) {
      this.#name = /(?:^|[\s,"])CN=([^,\s"]+)/i.exec(event.text)?.[1] ?? this.#name;
    }
  }
}

/** The value of `XPROXYFROM SID=08D… IP=192.0.2.1 PORT=25 DOMAIN=mail.corp.example`. */
function valueIn(command: string, key: string): string | undefined {
  if (command === '') return undefined;
  return new RegExp(`\\s${key}=(\\S+)`, 'i').exec(command)?.[1];
}
