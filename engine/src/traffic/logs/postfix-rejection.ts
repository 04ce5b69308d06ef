/** A part of a text, from `start` up to `end`. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** What a line of Postfix that tells a rejection says. */
export interface PostfixRejection {
  /** The SMTP command or the part of the message that was rejected: `RCPT`, `END-OF-MESSAGE`, `header`. */
  readonly stage: string;
  /** `name[address]`; absent where a filter behind Postfix rejected. */
  readonly client: TextRange | undefined;
  readonly code: string | undefined;
  readonly status: string | undefined;
  /** Address of the sender without its angle brackets, empty for the null sender; absent where there was no `MAIL` yet. */
  readonly sender: TextRange | undefined;
  readonly helo: TextRange | undefined;
}

/** Stages at which Postfix's SMTP server has the headers already, or its filters do. */
const MESSAGE_STAGES = new Set(['END-OF-MESSAGE', 'EOH', 'header', 'mime-header', 'nested-header', 'body', 'content']);
/** Stages whose text, the sender's to choose, comes before the client. */
const CONTENT_STAGES = new Set(['header', 'mime-header', 'nested-header', 'body', 'content']);
const REPLY = /^(?:([2-5]\d\d) )?(?:([245]\.\d{1,3}\.\d{1,3}) )?/;
/** A reply's codes are shorter. */
const REPLY_LENGTH = 16;
const PORT = /^:\d{1,5}/;

/** Whether the headers were known when the mail was rejected. */
export function isMessageStage(stage: string): boolean {
  return MESSAGE_STAGES.has(stage);
}

/**
 * Reads what follows `reject: `, `milter-reject: ` and the like:
 * `RCPT from name[address]: 554 5.7.1 reason; from=<…> to=<…> proto=ESMTP helo=<…>`. Commas as postscreen writes them may
 * stand between the last four, of which any may be missing.
 *
 * @returns undefined where the line breaks off
 */
export function parsePostfixRejection(text: string): PostfixRejection | undefined {
  const stage = firstWord(text);
  const tail = CONTENT_STAGES.has(stage) ? tailOfContent(text) : tailOfCommand(text, stage);
  return tail && { stage, ...tail };
}

type Tail = Omit<PostfixRejection, 'stage'>;

/** `RCPT from name[address]: 554 5.7.1 reason; from=<…> to=<…> proto=ESMTP helo=<…>`, or without a client behind the stage. */
function tailOfCommand(text: string, stage: string): Tail | undefined {
  const client = text.startsWith(' from ', stage.length) ? clientAt(text, stage.length) : undefined;
  if (client === undefined && !text.startsWith(': ', stage.length)) return undefined;
  // Only who is turned away at once has no more to tell.
  const isWhole = stage === 'CONNECT' || text.includes('; from=<') || text.includes('; proto=');
  const envelope = isWhole ? readEnvelope(text, text.length) : undefined;
  return envelope && { client: client?.client, ...codesAt(text, client?.replyStart ?? stage.length + 2), ...envelope };
}

/** `header Subject: text from name[address]; from=<…> to=<…> proto=ESMTP helo=<…>: 5.7.1 reason` */
function tailOfContent(text: string): Tail | undefined {
  const from = text.lastIndexOf('; from=<');
  const helo = text.indexOf(' helo=<', from);
  const end = helo < 0 ? -1 : text.indexOf('>', helo);
  const client = from < 0 ? undefined : clientAt(text, text.lastIndexOf(' from ', from));
  const envelope = end < 0 ? undefined : readEnvelope(text, end + 1);
  return envelope && client && { client: client.client, ...codesAt(text, end + ': '.length + 1), ...envelope };
}

function firstWord(text: string): string {
  // `END-OF-MESSAGE: 550 …` has no client behind it.
  const end = text.slice(0, REPLY_LENGTH).search(/[ :]/);
  return end < 0 ? '' : text.slice(0, end);
}

function clientAt(text: string, from: number): { readonly client: TextRange; readonly replyStart: number } | undefined {
  const start = from + ' from '.length;
  const close = from < 0 ? -1 : text.indexOf(']', start);
  if (close < 0) return undefined;
  const port = PORT.exec(text.slice(close + 1, close + 7))?.[0] ?? '';
  return { client: { start, end: close + 1 }, replyStart: close + 1 + port.length + ': '.length };
}

function codesAt(text: string, start: number): Pick<Tail, 'code' | 'status'> {
  const [, code, status] = REPLY.exec(text.slice(start, start + REPLY_LENGTH)) ?? [];
  return { code, status };
}

/** Reads `; from=<…> to=<…> proto=ESMTP helo=<…>` up to `end`; undefined where it breaks off. */
function readEnvelope(text: string, end: number): Pick<Tail, 'sender' | 'helo'> | undefined {
  const heloStart = text.lastIndexOf(' helo=<', end);
  if (heloStart >= 0 && text[end - 1] !== '>') return undefined;
  const helo = heloStart < 0 ? undefined : { start: heloStart + ' helo=<'.length, end: end - 1 };
  const from = text.lastIndexOf('; from=<', heloStart < 0 ? end : heloStart);
  if (from < 0) return { sender: undefined, helo };
  const start = from + '; from=<'.length;
  const senderEnd = closingBefore(text, start);
  return senderEnd < 0 ? undefined : { sender: { start, end: senderEnd }, helo };
}

/** Where a sender ends: before the recipient, or before the protocol where there is none. */
function closingBefore(text: string, start: number): number {
  for (const next of ['> to=<', '>, to=<', '> proto=', '>, proto=']) {
    const end = text.indexOf(next, start);
    if (end >= 0) return end;
  }
  return -1;
}
