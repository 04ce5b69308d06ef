import type { EpochMillis } from '../../policy/instant.js';
import { detectServer } from '../detect-server.js';
import type { HeaderField } from '../detection.js';
import { factsFromText, senderDomain } from '../facts-from-text.js';
import { unfold } from '../header-fields.js';
import { MAX_LINE_BYTES, MessageFile, type MessageHeaders } from '../message-file.js';
import { parseReceived } from '../received.js';
import { receivedClient } from '../received-client.js';
import type { LineResult, LogFile, LogFormat, LogReader, LogReaderContext } from './log-format.js';
import { ACCEPTED, logRecord, type RecordSink } from './log-record.js';
import { parseFromLineDate, parseMessageDate } from './message-date.js';
import { TimeZone } from './time-zone.js';

/**
 * Stored messages: mbox files (RFC 4155, quoted as mboxrd or not) and files of one message each. Their headers tell the
 * versions of servers. Bodies are passed over.
 */
export const MESSAGES_LOG: LogFormat = {
  name: 'messages',
  title: 'messages: mbox or .eml',
  lacks: ['tls'],
  recognises: (text) => USUAL_FIELD.test(text),
  recognisesStart: (text) => FROM_LINE.test(text) || USUAL_FIELD.test(text),
  instantOf: (text, _, { timeZone }) => {
    const at = text.startsWith('From ') ? parseFromLineDate(text, new TimeZone(timeZone)) : undefined;
    const date = LAST_DATE.exec(text.slice(-MAX_DATE_LENGTH))?.[1];
    return at ?? (date === undefined ? undefined : parseMessageDate(date));
  },
  open: (context) => new MessagesReader(context),
};

/** Of an mbox (RFC 4155): an address or `-`, and a date that may be missing. */
const FROM_LINE = /^From \S+(?:\s|$)/;
/** Fields that nearly every message has, and no log begins its lines with. */
const USUAL_FIELD =
  /^(?:Return-Path|Delivered-To|Received|Authentication-Results|ARC-[\w-]+|DKIM-Signature|X-[\w-]+|MIME-Version|Message-ID|Date|From|To|Cc|Subject|Reply-To|Sender|Content-[\w-]+|Thread-[\w-]+|List-[\w-]+|References|In-Reply-To):/i;
/** At the end of a line of a `Received:` field, or in a `Date:` field. */
const LAST_DATE = /(?:^Date:|;|^)\s*((?:[A-Za-z]{3}, )?\d{1,2} [A-Za-z]{3} \d{4} \d.*)$/i;
const MAX_DATE_LENGTH = 160;
const MAX_ID_LENGTH = 1000;

class MessagesReader implements LogReader {
  readonly #sink: RecordSink;
  readonly #unfinished: (count: number) => void;
  readonly #ownHosts: ReadonlySet<string>;
  readonly #zone: TimeZone;
  #name = '';
  #file = new MessageFile();
  #isAtStart = true;

  constructor({ sink, unfinished, ownHosts, timeZone }: LogReaderContext) {
    this.#sink = sink;
    this.#unfinished = unfinished;
    this.#ownHosts = ownHosts ?? new Set();
    this.#zone = new TimeZone(timeZone);
  }

  startFile({ name }: LogFile): void {
    this.#name = name;
    this.#file = new MessageFile();
    this.#isAtStart = true;
  }

  readLine(octets: Buffer, start: number, end: number, line: number): LineResult {
    const message = this.#file.addLine(octets.subarray(start, Math.min(end, start + MAX_LINE_BYTES)));
    const isFirst = this.#isAtStart && end > start;
    if (isFirst) this.#isAtStart = false;
    if (message === undefined && this.#file.isInHeader) return 'used';
    if (message === undefined)
      return isFirst ? { why: 'neither a header field nor the From line of an mbox' } : 'passed-over';
    return this.#take(message, line) ? 'used' : { why: 'a message without a date' };
  }

  endFile(): void {
    const message = this.#file.finish();
    if (message !== undefined && !this.#take(message, message.line)) this.#unfinished(1);
  }

  end(): void {}

  /** @returns false where nothing tells when the message came */
  #take(message: MessageHeaders, line: number): boolean {
    const { headers, ownHop } = asSeenByJudge(message.headers, this.#ownHosts);
    const at = instantOf(message, ownHop, this.#zone);
    if (at === undefined) return false;
    const client = ownHop === undefined ? {} : receivedClient(unfold(ownHop.value));
    this.#sink(
      logRecord({
        at,
        moment: 'message',
        facts: factsFromText({
          'client.address': client.address,
          'client.name': client.name,
          helo: client.helo,
          'sender.domain': senderDomain(envelopeSender(message)),
        }),
        detection: detectServer(headers),
        headers,
        id: textOfField(message.headers, 'message-id')?.slice(0, MAX_ID_LENGTH),
        outcome: ownHop === undefined ? undefined : ACCEPTED,
        file: this.#name,
        line,
      }),
    );
    return true;
  }
}

/**
 * The headers as they came in. Each host puts its own fields above those that it was given, so what stands above the lowest
 * of the topmost fields that own hosts stamped was added behind the judge.
 */
function asSeenByJudge(
  headers: readonly HeaderField[],
  ownHosts: ReadonlySet<string>,
): { readonly headers: readonly HeaderField[]; readonly ownHop?: HeaderField } {
  let own = -1;
  if (ownHosts.size === 0) return { headers };
  for (const [index, field] of headers.entries()) {
    if (!isNamed(field, 'received')) continue;
    const { by } = parseReceived(unfold(field.value));
    if (by === undefined || !ownHosts.has(by)) break;
    own = index;
  }
  const ownHop = headers[own];
  return ownHop === undefined ? { headers } : { headers: headers.slice(own + 1), ownHop };
}

function instantOf(message: MessageHeaders, ownHop: HeaderField | undefined, zone: TimeZone): EpochMillis | undefined {
  const received = ownHop?.value ?? message.headers.find((field) => isNamed(field, 'received'))?.value;
  const stamped = received === undefined ? undefined : unfold(received.slice(received.lastIndexOf(';') + 1));
  const { fromLine } = message;
  return (
    (stamped === undefined ? undefined : parseMessageDate(stamped)) ??
    (fromLine === undefined ? undefined : parseFromLineDate(fromLine, zone)) ??
    parseMessageDate(textOfField(message.headers, 'date') ?? '')
  );
}

function envelopeSender({ headers, fromLine }: MessageHeaders): string {
  return textOfField(headers, 'return-path') ?? fromLine?.split(' ', 2)[1] ?? '';
}

function textOfField(headers: readonly HeaderField[], name: string): string | undefined {
  const field = headers.find((each) => isNamed(each, name));
  return field === undefined ? undefined : unfold(field.value);
}

function isNamed({ name }: HeaderField, lowerCased: string): boolean {
  return name.length === lowerCased.length && name.toLowerCase() === lowerCased;
}
