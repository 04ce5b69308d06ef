import { type Client, clientOf } from './mail-facts.js';

/** A rejection, as far as its line tells. */
export interface SendmailRejection {
  /** `check_rcpt` of a rule set, `data` of a milter. */
  readonly check: string;
  /** What was checked; of `check_mail` the sender. */
  readonly argument: string | undefined;
  /** As the line has it; milters do not tell. */
  readonly relay: string | undefined;
  readonly code: string | undefined;
  readonly status: string | undefined;
}

/** What is told of a mail when its sender is. */
export interface SendmailSender {
  /** Without angle brackets. */
  readonly sender: string;
  readonly size: number;
  readonly recipients: number;
  readonly relay: string;
}

/** Checks of a connection or of its envelope; all others are of the message. */
const CONNECTION_CHECKS = new Set([
  'check_relay',
  'check_connect',
  'check_vrfy',
  'check_expn',
  'check_etrn',
  'check_helo',
  'check_mail',
  'check_rcpt',
  'check_compat',
  'check_data',
  'tls_client',
  'tls_rcpt',
  'trust_auth',
  'connect',
  'helo',
  'from',
  'to',
]);
const SIZES = /, size=(\d{1,15}), class=-?\d{1,9}(?:, pri=-?\d{1,15})?, nrcpts=(\d{1,15})(?:,|$)/;
const RULE_SET = /^ruleset=(\w+), arg1=/;
const MILTER = /^Milter: (\w+)/;
const REPLY = /^(?:([2-5]\d\d)(?: |$))?(?:([245]\.\d{1,3}\.\d{1,3})(?: |$))?/;
/** A reply's codes are shorter. */
const REPLY_LENGTH = 16;

/** Whether the headers were known at the check. */
export function isMessageCheck(check: string): boolean {
  return !CONNECTION_CHECKS.has(check);
}

/** Reads `from=<user@example.com>, size=2556, class=0, nrcpts=1, msgid=<…>, relay=name [address]`; undefined where it breaks off. */
export function parseSendmailSender(text: string): SendmailSender | undefined {
  const sizes = SIZES.exec(text);
  // A message id may have any characters; the relay stands last.
  const relay = text.lastIndexOf(', relay=');
  if (sizes === null || relay < sizes.index) return undefined;
  const sender = text.slice('from='.length, sizes.index).replace(/^<|>$/g, '');
  const [, size, recipients] = sizes;
  return { sender, size: Number(size), recipients: Number(recipients), relay: text.slice(relay + ', relay='.length) };
}

/**
 * Reads `ruleset=check_rcpt, arg1=<…>, relay=name [address], reject=550 5.7.1 reason` and `Milter: data, reject=550 reason`.
 *
 * @returns undefined where the line is no rejection, or breaks off
 */
export function parseSendmailRejection(text: string): SendmailRejection | undefined {
  const ruleSet = RULE_SET.exec(text);
  const check = ruleSet?.[1] ?? MILTER.exec(text)?.[1];
  const reject = text.indexOf(', reject=');
  if (check === undefined || reject < 0) return undefined;
  const reply = reject + ', reject='.length;
  const [, code, status] = REPLY.exec(text.slice(reply, reply + REPLY_LENGTH)) ?? [];
  if (ruleSet === null) return { check, argument: argumentOfMilter(text, reject), relay: undefined, code, status };
  const relay = text.lastIndexOf(', relay=', reject);
  if (relay < 0) return undefined;
  const argument = text.slice(ruleSet[0].length, relay);
  return { check, argument, relay: text.slice(relay + ', relay='.length, reject), code, status };
}

/** `Milter: from=<user@example.com>, reject=…` */
function argumentOfMilter(text: string, end: number): string | undefined {
  const start = text.indexOf('=');
  return start < end ? text.slice(start + 1, end) : undefined;
}

/**
 * Reads a relay as `name [192.0.2.1]`, `[IPv6:2001:db8::1]`, `user@name [192.0.2.1] (may be forged)`; what may be forged is
 * no verified name.
 *
 * @returns undefined for `user@localhost`, who is no SMTP client, and for what breaks off
 */
export function parseSendmailRelay(text: string): Client | undefined {
  const bracket = text.lastIndexOf('[');
  const close = text.indexOf(']', bracket);
  if (bracket < 0 || close < 0) return undefined;
  const name = text.slice(text.lastIndexOf('@', bracket) + 1, bracket).trim();
  const isForged = text.includes('(may be forged)', close);
  return clientOf(isForged ? undefined : name, text.slice(bracket + 1, close));
}
