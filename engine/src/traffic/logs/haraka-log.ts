import { BoundedJoin } from './bounded-join.js';
import { type HarakaEnd, type HarakaSession, newHarakaSession, tellMessages, tellSession } from './haraka-session.js';
import type { LineResult, LogFile, LogFormat, LogReader, LogReaderContext } from './log-format.js';
import { ACCEPTED, type MailOutcome, type RecordSink, rejected } from './log-record.js';
import { senderFact, tlsOf } from './mail-facts.js';
import { isWordAt, nextOctet } from './octets.js';
import { type Stamp, SyslogClock } from './syslog-clock.js';
import { behindPriority, syslogInstant } from './syslog-line.js';

/** The log of Haraka, of its own or by syslog. */
export const HARAKA_LOG: LogFormat = {
  name: 'haraka',
  title: 'Haraka log',
  // It has the names of reverse DNS, but does not verify them.
  lacks: ['version', 'headers', 'client-name'],
  recognises: (text) => LOG_LINE.test(text.slice(0, MAX_HEAD_LENGTH)),
  instantOf: syslogInstant,
  open: (context) => new HarakaReader(context),
};

const LOG_LINE =
  / \[(?:DATA|PROTOCOL|DEBUG|INFO|NOTICE|WARN|ERROR|CRIT|ALERT|EMERG)\] \[(?:-|[0-9A-Fa-f-]{36}[\d.]*)\] \[[\w./-]+\] /;
const MAX_HEAD_LENGTH = 256;

const word = (text: string) => Buffer.from(text, 'latin1');
const CORE = word('[core] ');
const TLS = word('[tls] secured: ');
const CONNECT = word('connect ip=');
const DISCONNECT = word('disconnect ip=');
const SENDER = word('sender <');
const MESSAGE = word('message mid=');
const QUEUE = word('queue code=');
const HOOK = word('hook=');
const TEXT_START = word(': [');
const [OPEN, CLOSE, BLANK] = [0x5b, 0x5d, 0x20];
/** A session's id is a UUID; that of a transaction has a number behind it. */
const MAX_ID_OCTETS = 64;
/** Most octets between the time stamp and the level: host and program of syslog. */
const MAX_PROGRAM_OCTETS = 300;
/** Messages of a session that wait for its end; those before go without what it tells. */
const MAX_MESSAGES = 1000;

const SENDER_LINE = /^sender <(.*)> code=(\w+) /;
const MESSAGE_LINE = / size=(\d{1,15}) rcpts=(\d{1,9})\/\d{1,9}\/\d{1,9} delay=\S{1,32} code=(\w+) msg="/;
const CODE = /^queue code=(\w+) /;
const DENIAL = / retval=DENY\w* /;
const REFUSAL = /^[45]\d\d/;
const DURATION = / time=(\d{1,9}(?:\.\d{1,9})?)$/;

class HarakaReader implements LogReader {
  readonly #sink: RecordSink;
  readonly #clock: SyslogClock;
  readonly #sessions: BoundedJoin<string, HarakaSession>;
  #file = '';

  constructor({ sink, unfinished, ...options }: LogReaderContext) {
    this.#sink = sink;
    this.#clock = new SyslogClock(options);
    this.#sessions = new BoundedJoin((session) => {
      if (session.messages.length === 0) unfinished(1);
      else tellMessages(session, undefined, sink);
    });
  }

  startFile(file: LogFile): void {
    this.#file = file.name;
    this.#clock.startFile(file);
  }

  readLine(octets: Buffer, start: number, end: number, line: number): LineResult {
    if (start === end) return 'passed-over';
    const stamp = this.#clock.read(octets, behindPriority(octets, start, end), end);
    if (stamp === undefined) return { why: 'no time stamp' };
    const level = levelStart(octets, stamp.end, end);
    const idStart = nextOctet(octets, CLOSE, level, end) + '] ['.length;
    const idEnd = nextOctet(octets, CLOSE, idStart, Math.min(end, idStart + MAX_ID_OCTETS));
    const plugin = idEnd + '] '.length;
    const isCore = isWordAt(octets, plugin, end, CORE);
    if (level >= end || (!isCore && !isWordAt(octets, plugin, end, TLS))) return 'passed-over';
    const id = octets.toString('latin1', idStart, idEnd);
    if (!isCore) return this.#readTls(octets.toString('latin1', plugin, end), id, stamp);
    let text = plugin + CORE.length;
    while (text < end && octets[text] === BLANK) text++;
    return this.#readCore(octets, text, end, id, stamp, line);
  }

  end(): void {
    this.#sessions.end();
  }

  #readCore(octets: Buffer, start: number, end: number, id: string, stamp: Stamp, line: number): LineResult {
    const is = (event: Buffer) => isWordAt(octets, start, end, event);
    if (!(is(HOOK) || is(CONNECT) || is(SENDER) || is(MESSAGE) || is(QUEUE) || is(DISCONNECT))) return 'passed-over';
    const text = octets.toString('utf8', start, end);
    if (is(HOOK)) return this.#readHook(text, id, stamp);
    if (is(CONNECT)) return this.#connect(text, id, stamp);
    if (is(SENDER)) return this.#readSender(text, id, stamp);
    if (is(MESSAGE)) return this.#readMessage(text, id, stamp, line);
    if (is(QUEUE)) return this.#readQueue(text, id, stamp);
    return this.#disconnect(text, id, stamp, line);
  }

  /** The session of the transaction or session, from this line on if need be. */
  #session(id: string, { at }: Stamp): HarakaSession {
    const key = sessionId(id);
    const known = this.#sessions.get(key);
    if (known !== undefined) return known;
    const session = newHarakaSession(key);
    this.#sessions.set(key, session, at);
    return session;
  }

  #connect(text: string, id: string, stamp: Stamp): LineResult {
    const addressEnd = text.indexOf(' port=');
    if (addressEnd < 0) return { why: 'a connection that breaks off' };
    const session = this.#session(id, stamp);
    session.at = stamp.at;
    session.address = text.slice(CONNECT.length, addressEnd);
    return 'used';
  }

  #readTls(text: string, id: string, stamp: Stamp): LineResult {
    const protocol = / version=(\S+) /.exec(text)?.[1];
    if (protocol === undefined) return 'passed-over';
    this.#session(id, stamp).tls = tlsOf(protocol, text.includes(' verified=true'));
    return 'used';
  }

  /** `hook=connect plugin=dnsbl function=connect_first params="" retval=DENY msg="…"` */
  #readHook(text: string, id: string, stamp: Stamp): LineResult {
    if (!DENIAL.test(text)) return 'passed-over';
    this.#session(id, stamp).isDenied = true;
    return 'used';
  }

  #readSender(text: string, id: string, stamp: Stamp): LineResult {
    const [, address, code] = SENDER_LINE.exec(text) ?? [];
    if (address === undefined || code === undefined) return { why: 'a sender that breaks off' };
    const session = this.#session(id, stamp);
    session.senderDomain = senderFact(address);
    session.isDenied ||= isDenial(code);
    return 'used';
  }

  /** `message mid=<…> size=451 rcpts=1/0/0 delay=0.009 code=CONT msg=""`, after the data; recipients taken, put off, refused */
  #readMessage(text: string, id: string, stamp: Stamp, line: number): LineResult {
    const [, size, recipients, code] = MESSAGE_LINE.exec(text) ?? [];
    if (size === undefined || code === undefined) return { why: 'a message without size and recipients' };
    const session = this.#session(id, stamp);
    if (session.messages.length >= MAX_MESSAGES) tellMessages(session, undefined, this.#sink);
    session.messages.push({
      at: stamp.at,
      file: this.#file,
      line,
      id,
      senderDomain: session.senderDomain,
      size: Number(size),
      recipients: Number(recipients),
      outcome: isDenial(code) ? rejected(undefined, undefined) : undefined,
    });
    return 'used';
  }

  #readQueue(text: string, id: string, stamp: Stamp): LineResult {
    const code = CODE.exec(text)?.[1];
    const message = this.#session(id, stamp).messages.at(-1);
    if (code === undefined || message?.id !== id) return 'passed-over';
    message.outcome = queueOutcome(code);
    return 'used';
  }

  #disconnect(text: string, id: string, stamp: Stamp, line: number): LineResult {
    const end = parseHarakaEnd(text);
    if (end === undefined) return { why: 'the end of a connection that breaks off' };
    const session = this.#sessions.take(sessionId(id)) ?? newHarakaSession(sessionId(id));
    tellSession(session, end, { at: stamp.at, file: this.#file, line }, this.#sink);
    return 'used';
  }
}

/** Where `[NOTICE] [UUID] [core] …` begins, behind host and program of syslog if they are there; `end` where it does not. */
function levelStart(octets: Buffer, start: number, end: number): number {
  let at = start;
  while (at < end && octets[at] === BLANK) at++;
  if (octets[at] === OPEN) return at;
  for (const last = Math.min(end, at + MAX_PROGRAM_OCTETS); at < last; at++) {
    if (isWordAt(octets, at, end, TEXT_START)) return at + TEXT_START.length - 1;
  }
  return end;
}

function sessionId(id: string): string {
  const end = id.indexOf('.');
  return end < 0 ? id : id.slice(0, end);
}

function isDenial(code: string): boolean {
  return code.startsWith('DENY');
}

function queueOutcome(code: string): MailOutcome | undefined {
  if (isDenial(code)) return rejected(undefined, undefined);
  return code === 'OK' ? ACCEPTED : undefined;
}

/** Reads `disconnect ip=192.0.2.1 rdns=… helo=mail.example relay=N … lr="550 …" time=8.219`; undefined where it breaks off. */
function parseHarakaEnd(text: string): HarakaEnd | undefined {
  const addressEnd = text.indexOf(' rdns=');
  const helo = text.indexOf(' helo=', addressEnd);
  const heloEnd = text.indexOf(' relay=', helo);
  const duration = DURATION.exec(text.slice(-MAX_ID_OCTETS));
  if (addressEnd < 0 || helo < 0 || heloEnd < 0 || duration === null) return undefined;
  const reply = text.indexOf(' lr="', heloEnd);
  return {
    address: text.slice(DISCONNECT.length, addressEnd),
    helo: text.slice(helo + ' helo='.length, heloEnd),
    code: reply < 0 ? undefined : REFUSAL.exec(text.slice(reply + ' lr="'.length, reply + ' lr="550'.length))?.[0],
    durationMillis: Math.round(Number(duration[1]) * 1000),
  };
}
