/** Gathers octets that arrive in parts. It grows with what has arrived, so that bytes sent one by one cost linear time. */
export class ByteAccumulator {
  #bytes = Buffer.alloc(0);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** What was gathered so far; valid until the next call. */
  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  append(part: Uint8Array): void {
    const needed = this.#length + part.length;
    if (needed > this.#bytes.length) {
      const grown = Buffer.alloc(Math.max(needed, this.#bytes.length * 2, 64));
      grown.set(this.bytes);
      this.#bytes = grown;
    }
    this.#bytes.set(part, this.#length);
    this.#length = needed;
  }

  /** Hands over what was gathered, and starts again with nothing. */
  take(): Buffer {
    const taken = this.bytes;
    this.#bytes = Buffer.alloc(0);
    this.#length = 0;
    return taken;
  }
}
