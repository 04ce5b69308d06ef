import type { SmtpReply } from '../decision/decision.js';
import type { Verdict } from './enforcer.js';

/** Longest reply line without its CRLF, in octets (RFC 5321 §4.5.3.1.5: 512 with it). */
export const MAX_REPLY_LINE_OCTETS = 510;

const PRINTABLE = /[^\x20-\x7e]/g;

/** What is answered where a refusal came without a reply (RFC 3463 §3.4: other mail system status). */
const FALLBACK: SmtpReply = { code: 451, status: '4.3.0', text: 'Temporary failure; please try again later' };

/** The reply that a verdict asks for; undefined where the mail server shall go on. */
export function replyOf(verdict: Verdict): SmtpReply | undefined {
  return verdict.action === 'accept' ? undefined : (verdict.reply ?? FALLBACK);
}

/** Enhanced status and text, as they stand behind the reply code: `4.7.230 text` (RFC 2034 §4). */
export function replyText(reply: SmtpReply): string {
  const text = `${reply.status} ${reply.text}`.replace(PRINTABLE, ' ').trimEnd();
  return text.slice(0, MAX_REPLY_LINE_OCTETS - 4);
}

/** The whole reply line without its line end: `450 4.7.230 text`; printable US-ASCII only, cut to what a line may hold. */
export function replyLine(reply: SmtpReply): string {
  return `${reply.code} ${replyText(reply)}`;
}
