import type { Facts } from '../../policy/fact.js';
import type { LineResult, LogFile, LogFormat, LogReader, LogReaderContext, UnreadableLine } from './log-format.js';
import { ACCEPTED, logRecord, type RecordSink, rejected } from './log-record.js';
import { MailFactCaches, mailFacts, parseClient, tlsOf } from './mail-facts.js';
import { OctetCache } from './octet-cache.js';
import { isWordAt, lastOctet, nextOctet, wholeNumber } from './octets.js';
import { PostfixQueue, type QueuedMail } from './postfix-queue.js';
import { isMessageStage, type PostfixRejection, parsePostfixRejection } from './postfix-rejection.js';
import { type SmtpdSession, SmtpdSessions } from './postfix-sessions.js';
import { QUEUE_ID_END, queueIdEnd } from './queue-id.js';
import { processKey, SyslogLines, syslogInstant } from './syslog-line.js';

/** The mail log of Postfix, as syslog or Postfix itself writes it. */
export const POSTFIX_LOG: LogFormat = {
  name: 'postfix',
  title: 'Postfix syslog',
  // HELO is told of mail that was rejected only.
  lacks: ['version', 'headers', 'helo'],
  recognises: (text) => SERVICE_LINE.test(text.slice(0, MAX_HEAD_LENGTH)),
  instantOf: syslogInstant,
  open: (context) => new PostfixReader(context),
};

const SERVICE_LINE =
  / [\w.-]+(?:\/[\w-]+)*\/(?:smtpd|postscreen|cleanup|qmgr|pickup|smtp|lmtp|local|virtual|pipe|bounce|error|anvil|master|scache|trivial-rewrite|dnsblog|tlsproxy|verify|proxymap|tlsmgr|flush|postfix-script|discard)\[\d+\]: /;
const MAX_HEAD_LENGTH = 512;

const word = (text: string) => Buffer.from(text, 'latin1');
const SMTPD = word('smtpd');
const POSTSCREEN = word('postscreen');
const CLEANUP = word('cleanup');
const QMGR = word('qmgr');
const PICKUP = word('pickup');
const CONNECT = word('connect from ');
const DISCONNECT = word('disconnect from ');
const LOST = word('lost connection after ');
const TIMEOUT = word('timeout after ');
const TLS_ESTABLISHED = word('TLS connection established from ');
/** What Postfix thinks of the client's certificate; before it did, TLS lines began with TLS. */
const TRUSTS = [
  { level: word('Anonymous '), isVerified: false },
  { level: word('Untrusted '), isVerified: false },
  { level: word('Trusted '), isVerified: true },
  { level: word('Verified '), isVerified: true },
  { level: word(''), isVerified: undefined },
];
const FROM_CLIENT = word(' from ');
const CLIENT = word('client=');
const FORWARDED_ID = 'orig_queue_id=';
const FORWARDED_CLIENT = 'orig_client=';
const FROM = word('from=<');
const REMOVED = word('removed');
const SIZE = word('>, size=');
const RECIPIENTS = word(', nrcpt=');
const MESSAGE_ID = word('message-id=');
const STATUS = word('>, status=');
const NO_QUEUE = word('NOQUEUE: ');
/** What is done with mail of which a line tells. */
const ACTIONS = [
  { octets: word('reject: '), isRejected: true },
  { octets: word('milter-reject: '), isRejected: true },
  { octets: word('proxy-reject: '), isRejected: true },
  { octets: word('reject_warning: '), isRejected: false },
];
const [COMMA, BLANK, CLOSE, GREATER] = [0x2c, 0x20, 0x5d, 0x3e];
const NO_SIZES: UnreadableLine = { why: 'a message without size and recipients' };
const NO_CLIENT: UnreadableLine = { why: 'a client that breaks off' };

class PostfixReader implements LogReader {
  readonly #sink: RecordSink;
  readonly #lines: SyslogLines;
  readonly #sessions: SmtpdSessions;
  readonly #queue: PostfixQueue;
  readonly #caches = new MailFactCaches();
  readonly #trusts = TRUSTS.map(({ level, isVerified }) => ({
    level,
    protocols: new OctetCache((protocol) => tlsOf(protocol, isVerified)),
  }));
  #file = '';

  constructor({ sink, unfinished, ...options }: LogReaderContext) {
    this.#sink = sink;
    this.#lines = new SyslogLines(options);
    this.#sessions = new SmtpdSessions(unfinished);
    this.#queue = new PostfixQueue(unfinished);
  }

  startFile(file: LogFile): void {
    this.#file = file.name;
    this.#lines.startFile(file);
  }

  readLine(octets: Buffer, start: number, end: number, line: number): LineResult {
    if (start === end) return 'passed-over';
    const problem = this.#lines.read(octets, start, end);
    if (problem !== undefined) return { why: problem };
    const { hostEnd, programStart, programEnd } = this.#lines;
    // Services of Postfix have its name and a slash before theirs.
    if (programStart === hostEnd + 1) return 'passed-over';
    switch (programEnd - programStart) {
      case QMGR.length:
        return this.#isProgram(octets, QMGR) ? this.#readQmgr(octets, end, line) : 'passed-over';
      case SMTPD.length:
        return this.#isProgram(octets, SMTPD) ? this.#readSmtpd(octets, end, line) : 'passed-over';
      case PICKUP.length:
        return this.#isProgram(octets, PICKUP) ? this.#readPickup(octets, end) : 'passed-over';
      case CLEANUP.length:
        return this.#isProgram(octets, CLEANUP) ? this.#readCleanup(octets, end, line) : 'passed-over';
      case POSTSCREEN.length:
        return this.#isProgram(octets, POSTSCREEN) ? this.#readPostscreen(octets, end, line) : 'passed-over';
      default:
        return 'passed-over';
    }
  }

  end(): void {
    this.#sessions.end();
    this.#queue.end();
  }

  #isProgram(octets: Buffer, name: Buffer): boolean {
    return isWordAt(octets, this.#lines.programStart, this.#lines.programEnd, name);
  }

  #process(octets: Buffer): number {
    return processKey(this.#lines.hostNumber(octets), this.#lines.pid);
  }

  #queueKey(octets: Buffer, start: number, end: number): string {
    const id = octets.toString('latin1', start, end);
    const host = this.#lines.hostNumber(octets);
    return host === 0 ? id : `${id} ${host}`;
  }

  #readSmtpd(octets: Buffer, end: number, line: number): LineResult {
    const at = this.#lines.textStart;
    if (isWordAt(octets, at, end, CONNECT)) return this.#connect(octets, at + CONNECT.length, end);
    if (isWordAt(octets, at, end, DISCONNECT)) return this.#disconnect(octets, at + DISCONNECT.length, end, line);
    if (isWordAt(octets, at, end, LOST) || isWordAt(octets, at, end, TIMEOUT)) {
      return this.#lose(octets, at, end, line);
    }
    const idEnd = queueIdEnd(octets, at, end);
    if (idEnd < 0) return this.#readTls(octets, at, end);
    const text = idEnd + QUEUE_ID_END.length;
    if (isWordAt(octets, text, end, CLIENT)) return this.#takeMail(octets, at, idEnd, end);
    return this.#readRejection(octets, at, idEnd, end, line);
  }

  #connect(octets: Buffer, start: number, end: number): LineResult {
    if (clientEnd(octets, start, end) < 0) return NO_CLIENT;
    this.#sessions.connect(this.#process(octets), this.#lines.at);
    return 'used';
  }

  /** `lost connection after EHLO from name[address]`, before the line that tells the end in any case. */
  #lose(octets: Buffer, start: number, end: number, line: number): LineResult {
    const from = octets.subarray(start, end).indexOf(FROM_CLIENT);
    const session = this.#sessions.get(this.#process(octets));
    if (session === undefined || from < 0) return 'passed-over';
    return this.#tellSession(session, octets, start + from + FROM_CLIENT.length, end, line);
  }

  #disconnect(octets: Buffer, start: number, end: number, line: number): LineResult {
    const session = this.#sessions.disconnect(this.#process(octets));
    if (session === undefined) return 'passed-over';
    return this.#tellSession(session, octets, start, end, line);
  }

  /** A connection of which nothing else was told is a record when it ends. */
  #tellSession(session: SmtpdSession, octets: Buffer, start: number, end: number, line: number): LineResult {
    if (session.isTold) return 'used';
    const close = clientEnd(octets, start, end);
    if (close < 0) return NO_CLIENT;
    session.isTold = true;
    const facts = mailFacts({ client: this.#caches.clients.of(octets, start, close), tls: session.tls });
    this.#sink(logRecord({ at: session.at, moment: 'connection', facts, file: this.#file, line }));
    return 'used';
  }

  #readTls(octets: Buffer, start: number, end: number): LineResult {
    for (const { level, protocols } of this.#trusts) {
      if (!isWordAt(octets, start, end, level)) continue;
      const established = start + level.length;
      if (!isWordAt(octets, established, end, TLS_ESTABLISHED)) continue;
      const close = clientEnd(octets, established + TLS_ESTABLISHED.length, end);
      const protocol = close < 0 ? end : nextOctet(octets, BLANK, close, end) + 1;
      const protocolEnd = nextOctet(octets, BLANK, protocol, end);
      if (protocolEnd >= end) return { why: 'a TLS session that breaks off' };
      const session = this.#sessions.get(this.#process(octets));
      if (session === undefined) return 'passed-over';
      session.tls = protocols.of(octets, protocol, protocolEnd);
      return 'used';
    }
    return 'passed-over';
  }

  /** `A785B308622AB: client=name[address], sasl_method=PLAIN, sasl_username=…, orig_queue_id=…, orig_client=…` */
  #takeMail(octets: Buffer, idStart: number, idEnd: number, end: number): LineResult {
    const start = idEnd + QUEUE_ID_END.length + CLIENT.length;
    const close = clientEnd(octets, start, end);
    if (close < 0) return NO_CLIENT;
    const session = this.#sessions.tell(this.#process(octets));
    if (isWordAt(octets, idStart, end, NO_QUEUE)) {
      // A filter before the queue gets the mail first; it refuses it, or hands it on to another process with an id.
      if (session !== undefined) session.client = this.#caches.clients.of(octets, start, close);
      return 'used';
    }
    const more = octets[close] === COMMA ? octets.toString('latin1', close, end) : '';
    const key = this.#queueKey(octets, idStart, idEnd);
    if (more.includes(FORWARDED_ID)) return this.#passOver(key);
    const forwarded = more.indexOf(FORWARDED_CLIENT);
    const isForwarded = forwarded >= 0;
    const client = isForwarded
      ? parseClient(more.slice(forwarded + FORWARDED_CLIENT.length))
      : this.#caches.clients.of(octets, start, close);
    this.#queue.receive(key, client, isForwarded ? undefined : session?.tls, this.#lines.at);
    return 'used';
  }

  /** Mail that came in before, by SMTP or else, is no record of its own. */
  #passOver(key: string): LineResult {
    this.#queue.passOver(key, this.#lines.at);
    return 'passed-over';
  }

  #readPickup(octets: Buffer, end: number): LineResult {
    const at = this.#lines.textStart;
    const idEnd = queueIdEnd(octets, at, end);
    return idEnd < 0 ? 'passed-over' : this.#passOver(this.#queueKey(octets, at, idEnd));
  }

  #readCleanup(octets: Buffer, end: number, line: number): LineResult {
    const at = this.#lines.textStart;
    const idEnd = queueIdEnd(octets, at, end);
    if (idEnd < 0) return 'passed-over';
    if (!isWordAt(octets, idEnd + QUEUE_ID_END.length, end, MESSAGE_ID)) {
      return this.#readRejection(octets, at, idEnd, end, line);
    }
    // Bounces and forwarded mail are made by Postfix itself: nobody but its cleanup tells of them.
    const key = this.#queueKey(octets, at, idEnd);
    return this.#queue.get(key) === undefined ? this.#passOver(key) : 'passed-over';
  }

  #readPostscreen(octets: Buffer, end: number, line: number): LineResult {
    const at = this.#lines.textStart;
    const idEnd = queueIdEnd(octets, at, end);
    return idEnd < 0 ? 'passed-over' : this.#readRejection(octets, at, idEnd, end, line);
  }

  /** `3F2A5C3D4E: from=<user@example.com>, size=1234, nrcpt=1 (queue active)` */
  #readQmgr(octets: Buffer, end: number, line: number): LineResult {
    const idStart = this.#lines.textStart;
    const idEnd = queueIdEnd(octets, idStart, end);
    if (idEnd < 0) return 'passed-over';
    const text = idEnd + QUEUE_ID_END.length;
    if (isWordAt(octets, text, end, REMOVED)) {
      this.#queue.remove(this.#queueKey(octets, idStart, idEnd));
      return 'passed-over';
    }
    if (!isWordAt(octets, text, end, FROM)) return 'passed-over';
    // A sender may have any characters but the last of these.
    const senderEnd = lastOctet(octets, GREATER, text, end);
    if (isWordAt(octets, senderEnd, end, STATUS)) return 'passed-over';
    const sizeEnd = nextOctet(octets, COMMA, senderEnd + SIZE.length, end);
    const recipientsEnd = nextOctet(octets, BLANK, sizeEnd + RECIPIENTS.length, end);
    // A number that breaks off would be another number.
    if (recipientsEnd >= end) return NO_SIZES;
    const size = numberBehind(octets, SIZE, senderEnd, sizeEnd);
    const recipients = numberBehind(octets, RECIPIENTS, sizeEnd, recipientsEnd);
    if (size === undefined || recipients === undefined) return NO_SIZES;
    const mail = this.#queue.settle(this.#queueKey(octets, idStart, idEnd), this.#lines.at);
    if (mail === undefined) return 'passed-over';
    const senderDomain = this.#caches.senders.of(octets, text + FROM.length, senderEnd);
    this.#sink(
      logRecord({
        at: this.#lines.at,
        moment: 'message',
        facts: mailFacts({ client: mail.client, tls: mail.tls, senderDomain, size, recipients }),
        id: octets.toString('latin1', idStart, idEnd),
        outcome: ACCEPTED,
        file: this.#file,
        line,
      }),
    );
    return 'used';
  }

  #readRejection(octets: Buffer, idStart: number, idEnd: number, end: number, line: number): LineResult {
    const text = idEnd + QUEUE_ID_END.length;
    const action = ACTIONS.find(({ octets: action }) => isWordAt(octets, text, end, action));
    if (action === undefined) return 'passed-over';
    const start = text + action.octets.length;
    // Ranges of this text are ranges of the octets.
    const rejection = parsePostfixRejection(octets.toString('latin1', start, end));
    if (rejection === undefined) return { why: 'a rejection that breaks off' };
    const session = this.#isProgram(octets, SMTPD) ? this.#sessions.tell(this.#process(octets)) : undefined;
    const isQueued = !isWordAt(octets, idStart, end, NO_QUEUE);
    const key = isQueued ? this.#queueKey(octets, idStart, idEnd) : undefined;
    // Other recipients of the same mail may be taken.
    const endsMail = action.isRejected && rejection.stage !== 'RCPT';
    const mail = key === undefined ? undefined : endsMail ? this.#queue.reject(key) : this.#queue.get(key);
    this.#sink(
      logRecord({
        at: this.#lines.at,
        moment: isMessageStage(rejection.stage) ? 'message' : 'connection',
        facts: this.#rejectedFacts(rejection, session ?? mail, octets, start),
        id: isQueued ? octets.toString('latin1', idStart, idEnd) : undefined,
        outcome: action.isRejected ? rejected(rejection.code, rejection.status) : ACCEPTED,
        file: this.#file,
        line,
      }),
    );
    return 'used';
  }

  #rejectedFacts(
    { client, sender, helo }: PostfixRejection,
    known: SmtpdSession | QueuedMail | undefined,
    octets: Buffer,
    start: number,
  ): Facts {
    const { clients, senders, helos } = this.#caches;
    return mailFacts({
      client: client ? clients.of(octets, start + client.start, start + client.end) : known?.client,
      tls: known?.tls,
      helo: helo && helos.of(octets, start + helo.start, start + helo.end),
      senderDomain: sender && senders.of(octets, start + sender.start, start + sender.end),
    });
  }
}

/** The number between the words and `end`. */
function numberBehind(octets: Buffer, words: Buffer, start: number, end: number): number | undefined {
  return isWordAt(octets, start, end, words) ? wholeNumber(octets, start + words.length, end) : undefined;
}

/** Behind `name[address]`; -1 where it breaks off. */
function clientEnd(octets: Buffer, start: number, end: number): number {
  const close = nextOctet(octets, CLOSE, start, end);
  return close < end ? close + 1 : -1;
}
