import type { EpochMillis } from '../../policy/instant.js';
import { BoundedJoin } from './bounded-join.js';
import type { LineResult, LogFile, LogFormat, LogReader, LogReaderContext } from './log-format.js';
import { ACCEPTED, logRecord, type MailOutcome, type RecordSink, rejected } from './log-record.js';
import { type Client, type KnownOfMail, mailFacts, senderFact, type Tls, tlsOf } from './mail-facts.js';
import { OctetCache } from './octet-cache.js';
import { isWordAt } from './octets.js';
import { QUEUE_ID_END, queueIdEnd } from './queue-id.js';
import {
  isMessageCheck,
  parseSendmailRejection,
  parseSendmailRelay,
  parseSendmailSender,
  type SendmailRejection,
} from './sendmail-lines.js';
import { processKey, SyslogLines, syslogInstant } from './syslog-line.js';

/** The mail log of Sendmail, by syslog. */
export const SENDMAIL_LOG: LogFormat = {
  name: 'sendmail',
  title: 'Sendmail syslog',
  lacks: ['version', 'headers', 'helo'],
  recognises: (text) => PROGRAM_LINE.test(text.slice(0, MAX_HEAD_LENGTH)),
  instantOf: syslogInstant,
  open: (context) => new SendmailReader(context),
};

const PROGRAM_LINE = / (?:sendmail|sm-[\w-]+)\[\d+\]: (?:\w+: |ruleset=|STARTTLS=)/;
const MAX_HEAD_LENGTH = 512;

const word = (text: string) => Buffer.from(text, 'latin1');
const SENDMAIL = word('sendmail');
const DAEMON = word('sm-');
const FROM = word('from=');
const TO = word('to=');
const RULE_SET = word('ruleset=');
const MILTER = word('Milter: ');
const STARTTLS = word('STARTTLS=server, ');
const NO_MAIL = ' did not issue MAIL';
const TLS_SESSION = /, relay=([^,]*), version=([^,]*), verify=(\w+),/;
/** After a mail's sender is told, its rejection or first delivery comes within this time. */
const MAIL_BOUNDS = { maxEntries: 100_000, maxAgeMillis: 10 * 60_000 };
/** Longest that a session is taken to last; process ids come again. */
const TLS_BOUNDS = { maxEntries: 100_000, maxAgeMillis: 3_600_000 };

/** Mail under one queue id. */
interface SendmailMail {
  /** Of the line that tells the sender, or of the first one. */
  at: EpochMillis;
  file: string;
  line: number;
  readonly id: string;
  known: KnownOfMail | undefined;
  /** A rejection that waits for the line which tells the client. */
  rejection: { readonly moment: 'connection' | 'message'; readonly outcome: MailOutcome } | undefined;
  /** Whether a rejection of its envelope was told, so that mail without recipients is no record of its own. */
  isRejected: boolean;
}

class SendmailReader implements LogReader {
  readonly #sink: RecordSink;
  readonly #unfinished: (count: number) => void;
  readonly #lines: SyslogLines;
  readonly #mail: BoundedJoin<string, SendmailMail>;
  readonly #tls = new BoundedJoin<number, { readonly relay: string; readonly tls: Tls }>(() => undefined, TLS_BOUNDS);
  readonly #relays = new OctetCache(parseSendmailRelay);
  #file = '';

  constructor({ sink, unfinished, ...options }: LogReaderContext) {
    this.#sink = sink;
    this.#unfinished = unfinished;
    this.#lines = new SyslogLines(options);
    this.#mail = new BoundedJoin((mail) => this.#drop(mail), MAIL_BOUNDS);
  }

  startFile(file: LogFile): void {
    this.#file = file.name;
    this.#lines.startFile(file);
  }

  readLine(octets: Buffer, start: number, end: number, line: number): LineResult {
    if (start === end) return 'passed-over';
    const problem = this.#lines.read(octets, start, end);
    if (problem !== undefined) return { why: problem };
    const { programStart, programEnd, textStart } = this.#lines;
    const isSendmail =
      isWordAt(octets, programStart, programEnd, SENDMAIL) || isWordAt(octets, programStart, programEnd, DAEMON);
    if (!isSendmail) return 'passed-over';
    const idEnd = queueIdEnd(octets, textStart, end);
    const at = idEnd < 0 ? textStart : idEnd + QUEUE_ID_END.length;
    const id = idEnd < 0 ? undefined : octets.toString('latin1', textStart, idEnd);
    if (isWordAt(octets, at, end, TO)) return id === undefined ? 'passed-over' : this.#deliver(octets, id);
    const text = octets.toString('utf8', at, end);
    if (isWordAt(octets, at, end, FROM) && id !== undefined) return this.#readSender(octets, text, id, line);
    if (isWordAt(octets, at, end, RULE_SET) || isWordAt(octets, at, end, MILTER)) {
      return this.#readRejection(octets, text, id, line);
    }
    if (isWordAt(octets, at, end, STARTTLS)) return this.#readTls(octets, text);
    return this.#readSilence(octets, text, id, line);
  }

  end(): void {
    this.#mail.end();
  }

  #key(octets: Buffer, id: string): string {
    return `${id} ${this.#lines.hostNumber(octets)}`;
  }

  /** The mail under the id, from this line on if need be. */
  #mailOf(octets: Buffer, id: string, line: number): SendmailMail {
    const key = this.#key(octets, id);
    const known = this.#mail.get(key);
    if (known !== undefined) return known;
    const { at } = this.#lines;
    const mail = { at, file: this.#file, line, id, known: undefined, rejection: undefined, isRejected: false };
    this.#mail.set(key, mail, at);
    return mail;
  }

  #readSender(octets: Buffer, text: string, id: string, line: number): LineResult {
    const sender = parseSendmailSender(text);
    if (sender === undefined) return { why: 'a sender without size, recipients and relay' };
    const client = this.#client(sender.relay);
    // Mail of the host itself.
    if (client === undefined) return 'passed-over';
    const mail = this.#mailOf(octets, id, line);
    mail.at = this.#lines.at;
    mail.file = this.#file;
    mail.line = line;
    const { size, recipients } = sender;
    const tls = this.#tlsOf(octets, sender.relay);
    mail.known = { client, tls, senderDomain: senderFact(sender.sender), size, recipients };
    if (recipients === 0 || mail.rejection !== undefined) this.#finish(octets, id, mail);
    return 'used';
  }

  /** Mail that goes on to its recipients was accepted. */
  #deliver(octets: Buffer, id: string): LineResult {
    const mail = this.#mail.take(this.#key(octets, id));
    if (mail === undefined) return 'passed-over';
    this.#tell(mail, 'message', ACCEPTED);
    return 'used';
  }

  #readRejection(octets: Buffer, text: string, id: string | undefined, line: number): LineResult {
    const rejection = parseSendmailRejection(text);
    if (rejection === undefined) return 'passed-over';
    const moment = isMessageCheck(rejection.check) ? 'message' : 'connection';
    const outcome = rejected(rejection.code, rejection.status);
    if (rejection.relay !== undefined && moment === 'connection') {
      if (id !== undefined) this.#mailOf(octets, id, line).isRejected = true;
      return this.#tellRejection(octets, rejection, rejection.relay, outcome, id, line);
    }
    if (id === undefined) return 'passed-over';
    const mail = this.#mailOf(octets, id, line);
    mail.rejection = { moment, outcome };
    if (mail.known !== undefined) this.#finish(octets, id, mail);
    return 'used';
  }

  #tellRejection(
    octets: Buffer,
    { check, argument }: SendmailRejection,
    relay: string,
    outcome: MailOutcome,
    id: string | undefined,
    line: number,
  ): LineResult {
    const client = this.#client(relay);
    if (client === undefined) return 'passed-over';
    const senderDomain = check === 'check_mail' && argument !== undefined ? senderFact(argument) : undefined;
    const facts = mailFacts({ client, tls: this.#tlsOf(octets, relay), senderDomain });
    this.#sink(logRecord({ at: this.#lines.at, moment: 'connection', facts, id, outcome, file: this.#file, line }));
    return 'used';
  }

  #readTls(octets: Buffer, text: string): LineResult {
    const [, relay, protocol, verify] = TLS_SESSION.exec(text) ?? [];
    if (relay === undefined || protocol === undefined) return { why: 'a TLS session that breaks off' };
    const process = processKey(this.#lines.hostNumber(octets), this.#lines.pid);
    this.#tls.set(process, { relay, tls: tlsOf(protocol, verify === 'OK') }, this.#lines.at);
    return 'used';
  }

  /** `name [address] did not issue MAIL/EXPN/VRFY/ETRN during connection to MTA` */
  #readSilence(octets: Buffer, text: string, id: string | undefined, line: number): LineResult {
    const relayEnd = text.indexOf(NO_MAIL);
    const client = relayEnd < 0 ? undefined : this.#client(text.slice(0, relayEnd));
    if (client === undefined) return 'passed-over';
    const mail = id === undefined ? undefined : this.#mail.take(this.#key(octets, id));
    if (mail?.isRejected) return 'used';
    const facts = mailFacts({ client, tls: this.#tlsOf(octets, text.slice(0, relayEnd)) });
    const outcome = mail?.rejection?.outcome;
    this.#sink(logRecord({ at: this.#lines.at, moment: 'connection', facts, id, outcome, file: this.#file, line }));
    return 'used';
  }

  /** Nothing more is to come of the mail. */
  #finish(octets: Buffer, id: string, mail: SendmailMail): void {
    this.#mail.take(this.#key(octets, id));
    this.#drop(mail);
  }

  #drop(mail: SendmailMail): void {
    const { known, rejection, isRejected } = mail;
    if (known === undefined) {
      if (!isRejected) this.#unfinished(1);
    } else if (rejection !== undefined) this.#tell(mail, rejection.moment, rejection.outcome);
    else if (known.recipients !== 0) this.#tell(mail, 'message', undefined);
    else if (!isRejected) this.#tell(mail, 'connection', undefined);
  }

  #tell({ at, file, line, id, known }: SendmailMail, moment: 'connection' | 'message', outcome?: MailOutcome): void {
    if (known === undefined) return;
    const facts = mailFacts(moment === 'message' ? known : { ...known, size: undefined, recipients: undefined });
    this.#sink(logRecord({ at, moment, facts, id, outcome, file, line }));
  }

  #client(relay: string): Client | undefined {
    const octets = Buffer.from(relay);
    return this.#relays.of(octets, 0, octets.length);
  }

  /** Process ids come again, so the client has to be the same. */
  #tlsOf(octets: Buffer, relay: string): Tls | undefined {
    const session = this.#tls.get(processKey(this.#lines.hostNumber(octets), this.#lines.pid));
    return session?.relay === relay ? session.tls : undefined;
  }
}
