import { createHash } from 'node:crypto';

/** Octets of an id up to which it is its own key. LMDB takes keys of up to 1978 octets. */
const MAX_PLAIN_OCTETS = 1024;
/** Octets of the readable part of the key of a longer id. */
const PREFIX_OCTETS = 512;
/** An octet that UTF-8 never has (RFC 3629 §3), so that no plain key equals a hashed one. */
const HASH_MARK = Buffer.from([0xff]);

/**
 * The key of a server or peer in a store: its id in UTF-8, so that keys sort by code point. An id that is empty, longer
 * than 1024 octets or has lone surrogates gets a key of its first 512 octets and a SHA-256 of the whole.
 */
export function storeKey(id: string): Buffer {
  const plain = Buffer.from(id, 'utf8');
  const isPlain = plain.length > 0 && plain.length <= MAX_PLAIN_OCTETS && plain.toString('utf8') === id;
  if (isPlain) return plain;
  const hash = createHash('sha256').update(Buffer.from(id, 'utf16le')).digest();
  return Buffer.concat([plain.subarray(0, PREFIX_OCTETS), HASH_MARK, hash]);
}
