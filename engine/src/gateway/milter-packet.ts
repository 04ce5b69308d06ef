import { ByteAccumulator } from './byte-accumulator.js';

/** Octets of a frame's length (MILTER_LEN_BYTES of mfdef.h), in network order; it counts command and data. */
const LENGTH_OCTETS = 4;

/** Parts of a command that are read: Sendmail knows some 60 macros. */
const MAX_PARTS = 256;

/** One frame of the milter protocol: a command octet as a character, and its data. */
export interface MilterPacket {
  readonly command: string;
  readonly data: Buffer;
}

export type MilterPacketResult =
  | { readonly ok: true; readonly packet: MilterPacket }
  | { readonly ok: false; readonly problem: string };

/** Cuts a stream of octets into milter frames. */
export class MilterPacketReader {
  readonly #maxFrameOctets: number;
  readonly #gathered = new ByteAccumulator();

  /** @param maxFrameOctets longest command and data together */
  constructor(maxFrameOctets: number) {
    this.#maxFrameOctets = maxFrameOctets;
  }

  /** Whether a frame has begun and not ended. */
  get midFrame(): boolean {
    return this.#gathered.length > 0;
  }

  /** Takes the next octets and yields what is whole. After a problem the connection cannot be read on: close it. */
  *read(octets: Buffer): Generator<MilterPacketResult, void> {
    let rest = octets;
    while (rest.length > 0) {
      rest = this.#gather(rest, LENGTH_OCTETS);
      if (this.#gathered.length < LENGTH_OCTETS) return;
      const length = this.#gathered.bytes.readUInt32BE(0);
      const problem = this.#problemOf(length);
      if (problem !== undefined) {
        yield { ok: false, problem };
        return;
      }
      rest = this.#gather(rest, LENGTH_OCTETS + length);
      if (this.#gathered.length < LENGTH_OCTETS + length) return;
      const frame = this.#gathered.take();
      const command = String.fromCharCode(frame[LENGTH_OCTETS] ?? 0);
      yield { ok: true, packet: { command, data: frame.subarray(LENGTH_OCTETS + 1) } };
    }
  }

  /** Gathers octets up to a whole length, and returns those that are left. */
  #gather(octets: Buffer, upTo: number): Buffer {
    const missing = Math.max(upTo - this.#gathered.length, 0);
    this.#gathered.append(octets.subarray(0, missing));
    return octets.subarray(missing);
  }

  #problemOf(length: number): string | undefined {
    if (length === 0) return 'a frame of length 0, which has no command';
    if (length <= this.#maxFrameOctets) return undefined;
    return `a frame of ${length} octets; at most ${this.#maxFrameOctets} are taken`;
  }
}

/** Writes a frame. */
export function encodeMilterPacket(command: string, data: Uint8Array = new Uint8Array()): Buffer {
  const frame = Buffer.alloc(LENGTH_OCTETS + 1 + data.length);
  frame.writeUInt32BE(1 + data.length, 0);
  frame.write(command, LENGTH_OCTETS, 'latin1');
  frame.set(data, LENGTH_OCTETS + 1);
  return frame;
}

/**
 * Splits data at its NULs; a final NUL ends the last part, as in C strings. Octets that are no UTF-8 become U+FFFD; parts
 * after the first {@link MAX_PARTS} are left out.
 */
export function splitAtNul(data: Buffer): string[] {
  const parts = data.toString('utf8').split('\0', MAX_PARTS);
  if (parts.at(-1) === '') parts.pop();
  return parts;
}
