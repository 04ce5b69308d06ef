const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * Splits a stream into lines that end in LF or CRLF, without their line ends.
 *
 * @param maxBytes of each line at most so many bytes are kept, so that an endless line takes no endless memory
 */
export async function* readLines(
  chunks: Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>,
  maxBytes: number,
): AsyncGenerator<Buffer, void, undefined> {
  const line = new LineBuffer(maxBytes);
  for await (const chunk of chunks) {
    const bytes =
      typeof chunk === 'string' ? Buffer.from(chunk) : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    let start = 0;
    for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, start)) {
      line.append(bytes.subarray(start, end));
      yield line.take();
      start = end + 1;
    }
    line.append(bytes.subarray(start));
  }
  if (!line.isEmpty) yield line.take();
}

class LineBuffer {
  #parts: Buffer[] = [];
  #length = 0;
  readonly #maxBytes: number;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get isEmpty(): boolean {
    return this.#length === 0;
  }

  append(part: Buffer): void {
    const kept = part.subarray(0, this.#maxBytes - this.#length);
    if (kept.length === 0) return;
    this.#parts.push(kept);
    this.#length += kept.length;
  }

  take(): Buffer {
    const [first] = this.#parts;
    const line = this.#parts.length === 1 && first !== undefined ? first : Buffer.concat(this.#parts);
    this.#parts = [];
    this.#length = 0;
    return line.at(-1) === CARRIAGE_RETURN ? line.subarray(0, -1) : line;
  }
}
