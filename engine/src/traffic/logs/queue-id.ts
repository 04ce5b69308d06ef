import { isWordAt } from './octets.js';

/** Between a queue id and what is told of it. */
export const QUEUE_ID_END = Buffer.from(': ');
const IS_ALPHANUMERIC = Uint8Array.from({ length: 256 }, (_, octet) =>
  /[0-9A-Za-z]/.test(String.fromCharCode(octet)) ? 1 : 0,
);
/** Longest queue id, with room to spare: those of Postfix and Sendmail have up to 16 characters. */
const MAX_QUEUE_ID_OCTETS = 32;

/** Where `A785B308622AB: ` has its colon; -1 where the octets do not begin so. */
export function queueIdEnd(octets: Buffer, start: number, end: number): number {
  const last = Math.min(end, start + MAX_QUEUE_ID_OCTETS);
  let at = start;
  while (at < last && IS_ALPHANUMERIC[octets[at] ?? 0] === 1) at++;
  return at > start && isWordAt(octets, at, end, QUEUE_ID_END) ? at : -1;
}
