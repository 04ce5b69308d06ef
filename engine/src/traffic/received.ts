import { parseVersion } from '../policy/version.js';
import { MAX_FIELD_LENGTH } from './header-fields.js';

/**
 * The software that stamped a `Received:` field.
 *
 * - `smtp`, `mapi`, `shadow-redundancy`: Exchange 2007 and later, by SMTP, from a mailbox, and from its shadow queue
 * - `internet-mail-service`: Exchange 5.5 and before
 * - `http-dav`: Outlook Web Access of Exchange 2003
 * - `smtpsvc`: the SMTP service of Windows; Exchange 2000 and 2003 used it, but so does IIS without Exchange
 * - `pickup`: the pickup folder of that SMTP service
 * - `other`: any other software, or a field that cannot be read
 */
export type ReceivedSoftware =
  | 'smtp'
  | 'mapi'
  | 'shadow-redundancy'
  | 'internet-mail-service'
  | 'http-dav'
  | 'smtpsvc'
  | 'pickup'
  | 'other';

/** What one `Received:` field tells of the host that stamped it. */
export interface ReceivedHop {
  readonly software: ReceivedSoftware;
  /** The stamping host, lower-cased; absent where the field names none or its name is masked. */
  readonly by?: string;
  /** What the peer called itself, as written. */
  readonly from?: string;
  /** The Exchange version of the stamping host, as written: `15.01.2507.039`. */
  readonly id?: string;
}

/** A piece of the value of a `Received:` field. */
export interface ReceivedToken {
  readonly kind: 'word' | 'comment' | 'quoted' | 'semicolon';
  readonly text: string;
}

/** The words after `with`, lower-cased, and what they stand for. */
const PROTOCOLS: readonly { readonly words: readonly string[]; readonly software: ReceivedSoftware }[] = [
  { words: ['microsoft', 'smtp', 'server'], software: 'smtp' },
  { words: ['mapi'], software: 'mapi' },
  { words: ['shadowredundancy'], software: 'shadow-redundancy' },
  { words: ['internet', 'mail', 'service'], software: 'internet-mail-service' },
  { words: ['microsoft', 'exchange', 'server', 'http-dav'], software: 'http-dav' },
  { words: ['microsoft', 'smtpsvc'], software: 'smtpsvc' },
];

const HOST_NAME = /^[\p{L}\p{N}_][\p{L}\p{N}._-]*$/u;
const MASKED_NAME = /^x[x.]+$/;
/** Longest name of the DNS in its text form (RFC 1035 section 2.3.4). */
const MAX_HOST_LENGTH = 253;
const FOUR_PARTS = /^\d{1,9}(?:\.\d{1,9}){3}$/;

/**
 * Reads the value of a `Received:` field, folded or not, in time linear to its length.
 *
 * A number counts as a version only where Exchange writes it: after `id`, behind `with Microsoft SMTP Server`, `with mapi`
 * or `with ShadowRedundancy`, and in parentheses behind `with Internet Mail Service`. Numbers of SMTPSVC are versions of
 * Windows; those of Sendmail, Exim and other software stand elsewhere. A value longer than {@link MAX_FIELD_LENGTH} is
 * not read.
 */
export function parseReceived(value: string): ReceivedHop {
  if (value.length > MAX_FIELD_LENGTH) return { software: 'other' };
  const tokens = receivedTokens(value);
  // What the peer called itself comes before `by`, and may itself be "by": the last one is the server's.
  const byIndex = tokens.findLastIndex((token) => isWord(token, 'by'));
  if (byIndex < 0) return { software: 'other' };
  const by = readHost(tokens[byIndex + 1]);
  const from = readFrom(tokens.slice(0, byIndex));
  const { software, id } = readProtocol(tokens.slice(byIndex + 2), from);
  return {
    software,
    ...(by === undefined ? {} : { by }),
    ...(from === '' ? {} : { from }),
    ...(id === undefined ? {} : { id }),
  };
}

function readHost(token: ReceivedToken | undefined): string | undefined {
  if (token?.kind !== 'word') return undefined;
  const name = token.text.endsWith('.') ? token.text.slice(0, -1) : token.text;
  if (name.length > MAX_HOST_LENGTH || !HOST_NAME.test(name)) return undefined;
  const host = name.toLowerCase();
  return MASKED_NAME.test(host) ? undefined : host;
}

function readFrom(tokens: readonly ReceivedToken[]): string {
  const words = tokens.filter((token) => token.kind === 'word').map((token) => token.text);
  if (words[0]?.toLowerCase() === 'from') words.shift();
  return words.join(' ');
}

function readProtocol(tokens: readonly ReceivedToken[], from: string): Pick<ReceivedHop, 'software' | 'id'> {
  const start = tokens.findIndex((token) => isWord(token, 'with')) + 1;
  if (start === 0) return { software: 'other' };
  const protocol = PROTOCOLS.find(({ words }) => words.every((word, offset) => isWord(tokens[start + offset], word)));
  if (protocol === undefined) return { software: 'other' };
  const { software } = protocol;
  const rest = tokens.slice(start + protocol.words.length);
  if (software === 'smtpsvc') return { software: from.toLowerCase() === 'mail pickup service' ? 'pickup' : software };
  if (software === 'http-dav') return { software };
  const id = software === 'internet-mail-service' ? rest[0]?.text : wordAfterId(rest);
  return isVersion(id) ? { software, id } : { software };
}

function wordAfterId(tokens: readonly ReceivedToken[]): string | undefined {
  const index = tokens.findIndex((token) => isWord(token, 'id'));
  return index < 0 ? undefined : tokens[index + 1]?.text;
}

function isVersion(text: string | undefined): text is string {
  return text !== undefined && FOUR_PARTS.test(text) && parseVersion(text) !== undefined;
}

/** Whether the token is the word, whatever its case. */
export function isWord(token: ReceivedToken | undefined, word: string): boolean {
  return token?.kind === 'word' && token.text.length === word.length && token.text.toLowerCase() === word;
}

/** The tokens before the last semicolon: the date follows it (RFC 5321 section 4.4). */
export function receivedTokens(value: string): ReceivedToken[] {
  const tokens = tokenize(value);
  const end = tokens.findLastIndex((token) => token.kind === 'semicolon');
  return (end < 0 ? tokens : tokens.slice(0, end)).filter((token) => token.kind !== 'semicolon');
}

function tokenize(value: string): ReceivedToken[] {
  const tokens: ReceivedToken[] = [];
  let index = 0;
  while (index < value.length) {
    const character = value[index] ?? '';
    if (isBlank(character)) {
      index++;
      continue;
    }
    const end = tokenEnd(value, index);
    tokens.push(makeToken(character, value.slice(index, end)));
    index = end;
  }
  return tokens;
}

function makeToken(first: string, text: string): ReceivedToken {
  if (first === ';') return { kind: 'semicolon', text };
  if (first === '(') return { kind: 'comment', text: text.slice(1, -1) };
  // A quoted string or <…> is one token: `for <"by evil.example"@…>` is the sender's to choose.
  if (first === '"' || first === '<') return { kind: 'quoted', text };
  return { kind: 'word', text };
}

function tokenEnd(value: string, start: number): number {
  const first = value[start];
  if (first === ';') return start + 1;
  if (first === '(') return commentEnd(value, start);
  if (first === '"') return closingEnd(value, start, '"');
  if (first === '<') return closingEnd(value, start, '>');
  let end = start + 1;
  while (end < value.length && !isDelimiter(value[end] ?? '')) end++;
  return end;
}

/** End of a comment; comments nest, and a backslash quotes (RFC 5322 section 3.2.2). An open one lasts to the end. */
function commentEnd(value: string, start: number): number {
  let depth = 0;
  for (let index = start; index < value.length; index++) {
    const character = value[index];
    if (character === '\\') index++;
    else if (character === '(') depth++;
    else if (character === ')' && --depth === 0) return index + 1;
  }
  return value.length;
}

function closingEnd(value: string, start: number, closing: string): number {
  let isQuoted = false;
  for (let index = start + 1; index < value.length; index++) {
    const character = value[index];
    if (character === '\\') index++;
    else if (character === closing && !isQuoted) return index + 1;
    else if (character === '"') isQuoted = !isQuoted;
  }
  return value.length;
}

function isBlank(character: string): boolean {
  return character === ' ' || character === '\t' || character === '\r' || character === '\n';
}

function isDelimiter(character: string): boolean {
  return isBlank(character) || character === ';' || character === '(' || character === '"' || character === '<';
}
