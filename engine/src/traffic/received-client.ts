import { parseIpAddress } from '../policy/network.js';
import { verifiedClientName } from './facts-from-text.js';
import { MAX_FIELD_LENGTH } from './header-fields.js';
import { isWord, receivedTokens } from './received.js';

/** What a `Received:` field tells of the client that its host took the message from. */
export interface ReceivedClient {
  readonly address?: string;
  /** What the client called itself. */
  readonly helo?: string;
  /** Its name by reverse DNS, where the field tells it and does not doubt it. */
  readonly name?: string;
}

const BRACKETED_ADDRESS = /\[(?:IPv6:)?([0-9A-Fa-f:.]+)(?:%[^\]]*)?\]/i;
const HELO = /(?:^|\s)(?:HELO|EHLO)(?:=|\s+)([^\s)]+)/i;
/** `mail.corp.example [192.0.2.1]`, with or without the user of RFC 1413 before it. */
const NAME_AND_ADDRESS = /^(?:[^\s@]+@)?(\S+?)\.?\s+\[/;

/**
 * Reads who handed a message over, from the value of the field that the taking host stamped. The forms of Exchange
 * (`helo (address)`), Postfix and Sendmail (`helo (name [address])`), Exim (`name ([address] helo=helo)`) and qmail
 * (`name (HELO helo) (address)`) are known.
 */
export function receivedClient(value: string): ReceivedClient {
  if (value.length > MAX_FIELD_LENGTH) return {};
  const tokens = receivedTokens(value);
  const byIndex = tokens.findLastIndex((token) => isWord(token, 'by'));
  if (byIndex < 0 || !isWord(tokens[0], 'from')) return {};
  const told = tokens.slice(1, byIndex);
  const first = told.find(({ kind }) => kind === 'word')?.text;
  const comments = told.filter(({ kind }) => kind === 'comment').map(({ text }) => text);
  const address = firstOf([...comments, first ?? ''], addressIn);
  const helo = firstOf(comments, (comment) => HELO.exec(comment)?.[1]);
  const name = helo === undefined ? firstOf(comments, nameIn) : verifiedClientName(first);
  const called = helo ?? first;
  return {
    ...(address === undefined ? {} : { address }),
    ...(called === undefined ? {} : { helo: called }),
    ...(name === undefined ? {} : { name }),
  };
}

function addressIn(text: string): string | undefined {
  const address = BRACKETED_ADDRESS.exec(text)?.[1] ?? text.trim();
  return address.length > 64 ? undefined : parseIpAddress(address)?.text;
}

function nameIn(comment: string): string | undefined {
  const name = verifiedClientName(NAME_AND_ADDRESS.exec(comment)?.[1]);
  return comment.includes('may be forged') || name?.toLowerCase() === 'unverified' ? undefined : name;
}

function firstOf<T>(texts: readonly string[], find: (text: string) => T | undefined): T | undefined {
  for (const text of texts) {
    const found = find(text);
    if (found !== undefined) return found;
  }
  return undefined;
}
