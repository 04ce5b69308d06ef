const END_OF_HEADER = /\r?\n\r?\n/;

/** Keeps the header block of a message that arrives in parts, up to a bound; the body is not kept. */
export class HeaderBlock {
  readonly #maxOctets: number;
  readonly #parts: Buffer[] = [];
  #octets = 0;
  #ended = false;
  #tail = '';

  constructor(maxOctets: number) {
    this.#maxOctets = maxOctets;
  }

  add(part: Buffer): void {
    if (this.#ended) return;
    const kept = part.subarray(0, this.#maxOctets - this.#octets);
    this.#parts.push(kept);
    this.#octets += kept.length;
    const seen = this.#tail + kept.toString('latin1');
    this.#ended = END_OF_HEADER.test(seen) || this.#octets >= this.#maxOctets;
    this.#tail = seen.slice(-3);
  }

  /** What was kept; it may go on into the body by part of a part. */
  text(): string {
    return Buffer.concat(this.#parts).toString('utf8');
  }
}
