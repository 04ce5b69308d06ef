import { createHash, timingSafeEqual } from 'node:crypto';

/**
 * Whether an `Authorization` header carries the token (RFC 6750 §2.1). Digests are compared, so that the time taken tells
 * neither the token's length nor where a guess goes wrong.
 */
export function carriesToken(authorization: string | undefined, token: string): boolean {
  const match = /^Bearer +(\S+)$/i.exec(authorization ?? '');
  return timingSafeEqual(digest(match?.[1] ?? ''), digest(token)) && match !== null;
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
