import murmurhash from 'murmurhash';
import { type EpochMillis, epochMillis } from '../policy/instant.js';
import type { Stage } from '../policy/policy-set.js';
import type { Window } from './decision.js';

const HOUR_MILLIS = 3_600_000;
const MINUTE_MILLIS = 60_000;

/**
 * The minutes of the hour in which a server is refused: `throttle` minutes of 4yz and, straight after, `block` minutes of 5yz,
 * once in every 60 minutes. Where in the hour they lie follows from a hash of the server's key (MurmurHash3, 32 bits), to
 * the second, so that not all servers are refused at once and every node agrees.
 *
 * @returns undefined where the stage refuses nothing
 */
export function windowAt(
  stage: Pick<Stage, 'throttle' | 'block'>,
  serverKey: string,
  now: EpochMillis,
): Window | undefined {
  const { throttle, block } = stage;
  const length = (throttle + block) * MINUTE_MILLIS;
  if (length === 0) return undefined;
  const offset = windowOffsetSeconds(serverKey) * 1000;
  const since = (((now - offset) % HOUR_MILLIS) + HOUR_MILLIS) % HOUR_MILLIS;
  const phase = since < throttle * MINUTE_MILLIS ? 'throttle' : since < length ? 'block' : 'open';
  const opensAt = now - since + (phase === 'open' ? HOUR_MILLIS : 0);
  return { throttle, block, phase, opensAt: epochMillis(opensAt), closesAt: epochMillis(opensAt + length) };
}

/** Second of the hour, 0 to 3599, at which a server's window opens. */
export function windowOffsetSeconds(serverKey: string): number {
  return murmurhash.v3(octetsOf(serverKey)) % 3600;
}

const scratch = new Uint8Array(512);

/** The octets of a key in UTF-8. Keys are nearly always short and ASCII; copying those is quicker than an encoder. */
function octetsOf(key: string): Uint8Array {
  if (key.length > scratch.length) return new TextEncoder().encode(key);
  for (let index = 0; index < key.length; index++) {
    const code = key.charCodeAt(index);
    if (code > 0x7f) return new TextEncoder().encode(key);
    scratch[index] = code;
  }
  return scratch.subarray(0, key.length);
}
