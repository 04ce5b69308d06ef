import { ACCEPTED, type MailOutcome, rejected } from './log-record.js';

/** Code, and enhanced status code (RFC 2034), at the start of a reply. */
const REPLY = /^([245]\d\d)(?:[ -]\s*([245]\.\d{1,3}\.\d{1,3})(?!\S))?(?!\d)/;

/** What a reply such as `550 5.7.1 Access denied` says of what it answers; undefined where it is no final reply. */
export function outcomeOfReply(text: string): MailOutcome | undefined {
  const match = REPLY.exec(text);
  if (match === null) return undefined;
  const [, code, status] = match;
  return code?.startsWith('2') ? ACCEPTED : rejected(code, status);
}
