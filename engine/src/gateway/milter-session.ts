import type { Enforcer, Verdict } from './enforcer.js';
import {
  type MilterClient,
  type MilterSender,
  milterConnection,
  readConnect,
  readSender,
} from './milter-connection.js';
import { MilterHeaders } from './milter-headers.js';
import { MilterMacros } from './milter-macros.js';
import { type MilterAgreement, negotiate, STEPS } from './milter-negotiation.js';
import { encodeMilterPacket, type MilterPacket } from './milter-packet.js';
import { replyLine, replyOf } from './reply-line.js';

/** What to do after a command: answer, say nothing, end the connection, or end it because the command was not allowed. */
export type MilterStep =
  | { readonly kind: 'reply'; readonly octets: Buffer }
  | { readonly kind: 'silent' }
  | { readonly kind: 'quit' }
  | { readonly kind: 'malformed'; readonly problem: string };

interface Message {
  readonly sender: MilterSender;
  readonly headers: MilterHeaders;
  recipients: number;
  judged: boolean;
}

const SILENT: MilterStep = { kind: 'silent' };
const CONTINUE: MilterStep = { kind: 'reply', octets: encodeMilterPacket('c') };
/** Ends the filter's part in a message, not in the session. */
const ACCEPT: MilterStep = { kind: 'reply', octets: encodeMilterPacket('a') };

/**
 * The milter protocol of one connection, apart from its socket (mfdef.h; libmilter's engine for the order of commands).
 *
 * Each message is judged twice: at MAIL, by what is remembered of the peer, and at the end of its headers, by them. A
 * refusal is answered there; a message that passed both is accepted before its body.
 */
export class MilterSession {
  readonly #enforcer: Enforcer;
  readonly #macros = new MilterMacros();
  #agreement: MilterAgreement | undefined;
  #client: MilterClient | undefined;
  #helo: string | undefined;
  #message: Message | undefined;

  constructor(enforcer: Enforcer) {
    this.#enforcer = enforcer;
  }

  /** Whether an SMTP session is under way: then the mail server counts on this connection until its client leaves. */
  get inSession(): boolean {
    return this.#client !== undefined;
  }

  /** Takes one command; not called again before its promise resolves. */
  async handle(packet: MilterPacket): Promise<MilterStep> {
    if (packet.command === 'Q') return { kind: 'quit' };
    if (packet.command === 'O') return this.#negotiate(packet.data);
    if (this.#agreement === undefined) return outOfOrder(packet, 'before the negotiation');
    switch (packet.command) {
      case 'D':
        this.#macros.define(packet.data);
        return SILENT;
      case 'C':
        return this.#connect(packet);
      case 'K':
        this.#endSession();
        return SILENT;
      case 'A':
        this.#endMessage();
        return SILENT;
    }
    if (this.#client === undefined) return outOfOrder(packet, 'before a connect');
    return this.#inSession(packet, this.#client);
  }

  #negotiate(data: Buffer): MilterStep {
    if (this.#client !== undefined) return { kind: 'malformed', problem: 'a negotiation within a session' };
    const result = negotiate(data);
    if (!result.ok) return { kind: 'malformed', problem: result.problem };
    this.#agreement = result.agreement;
    return { kind: 'reply', octets: result.reply };
  }

  #connect(packet: MilterPacket): MilterStep {
    if (this.#client !== undefined) return outOfOrder(packet, 'within a session');
    const client = readConnect(packet.data);
    if (client === undefined) return { kind: 'malformed', problem: 'a connect command that cannot be read' };
    this.#macros.forgetSession('C');
    this.#client = client;
    return this.#continueUnless(STEPS.noReplyToConnect);
  }

  #inSession(packet: MilterPacket, client: MilterClient): MilterStep | Promise<MilterStep> {
    switch (packet.command) {
      case 'H':
        this.#endMessage();
        this.#helo = packet.data.toString('utf8').replace(/\0.*$/s, '');
        return this.#continueUnless(STEPS.noReplyToHelo);
      case 'M':
        return this.#mail(packet, client);
      case 'U':
        return this.#continueUnless(STEPS.noReplyToUnknown);
    }
    if (this.#message === undefined) return outOfOrder(packet, 'outside a message');
    return this.#inMessage(packet, client, this.#message);
  }

  async #mail(packet: MilterPacket, client: MilterClient): Promise<MilterStep> {
    const sender = readSender(packet.data);
    if (sender === undefined) return { kind: 'malformed', problem: 'a MAIL command without an address' };
    this.#macros.forgetMessage('M');
    const message = { sender, headers: new MilterHeaders(), recipients: 0, judged: false };
    this.#message = message;
    const refusal = refusalOf(await this.#enforcer.judgeConnection(this.#connection(client, message)));
    if (refusal === undefined) return CONTINUE;
    this.#endMessage();
    return refusal;
  }

  #inMessage(packet: MilterPacket, client: MilterClient, message: Message): MilterStep | Promise<MilterStep> {
    switch (packet.command) {
      case 'R':
        message.recipients++;
        return this.#continueUnless(STEPS.noReplyToRecipient);
      case 'T':
        return this.#continueUnless(STEPS.noReplyToData);
      case 'L':
        if (message.judged) return outOfOrder(packet, 'after the end of the headers');
        if (!message.headers.add(packet.data)) {
          return { kind: 'malformed', problem: 'a header that is not name, NUL, value' };
        }
        return this.#continueUnless(STEPS.noReplyToHeader);
      case 'N':
        return this.#judge(client, message);
      case 'B':
        return CONTINUE;
      case 'E':
        return this.#endOfMessage(client, message);
      default:
        return outOfOrder(packet, 'which is not known');
    }
  }

  async #judge(client: MilterClient, message: Message): Promise<MilterStep> {
    if (message.judged) return CONTINUE;
    message.judged = true;
    const verdict = await this.#enforcer.judgeMessage(this.#connection(client, message), message.headers.fields);
    return refusalOf(verdict) ?? ACCEPT;
  }

  /** A mail server that leaves out the end of the headers is answered here. */
  async #endOfMessage(client: MilterClient, message: Message): Promise<MilterStep> {
    const step = await this.#judge(client, message);
    this.#endMessage();
    return step;
  }

  #connection(client: MilterClient, message: Message) {
    return milterConnection({
      client,
      helo: this.#helo,
      sender: message.sender,
      recipients: message.recipients,
      macros: this.#macros,
      choosesMacros: this.#agreement?.choosesMacros === true,
    });
  }

  #continueUnless(step: number): MilterStep {
    return ((this.#agreement?.steps ?? 0) & step) === 0 ? CONTINUE : SILENT;
  }

  #endMessage(): void {
    this.#message = undefined;
    this.#macros.forgetMessage();
  }

  #endSession(): void {
    this.#endMessage();
    this.#macros.forgetSession();
    this.#client = undefined;
    this.#helo = undefined;
  }
}

/** The answer that refuses: the reply line, ended by NUL, with `%` doubled, because Sendmail takes it for a format. */
function refusalOf(verdict: Verdict): MilterStep | undefined {
  const reply = replyOf(verdict);
  if (reply === undefined) return undefined;
  const text = `${replyLine(reply).replaceAll('%', '%%')}\0`;
  return { kind: 'reply', octets: encodeMilterPacket('y', Buffer.from(text, 'latin1')) };
}

function outOfOrder(packet: MilterPacket, where: string): MilterStep {
  const name = /[A-Za-z]/.test(packet.command) ? packet.command : `0x${packet.command.charCodeAt(0).toString(16)}`;
  return { kind: 'malformed', problem: `the command ${name} ${where}` };
}
