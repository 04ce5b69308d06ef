/** Longest line that is read, in octets; of a longer one the rest is left out. */
export const MAX_LINE_OCTETS = 1024 * 1024;

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const BYTE_ORDER_MARK = Buffer.from('\uFEFF');

/** Takes one line, without its end; `isCut` where it was longer than {@link MAX_LINE_OCTETS}. */
export type LineTaker = (octets: Buffer, start: number, end: number, isCut: boolean) => void;

/**
 * Splits octets that come in parts into lines that end in LF or CRLF. Lines within a part are told by their place in it,
 * without a copy. A byte order mark at the start is left out.
 */
export class LineSplitter {
  readonly #take: LineTaker;
  /** The start of a line that goes on in the next part. */
  #rest = Buffer.alloc(0);
  #restLength = 0;
  #isCut = false;
  #isFirstLine = true;

  constructor(take: LineTaker) {
    this.#take = take;
  }

  add(octets: Buffer): void {
    let start = 0;
    for (let end = octets.indexOf(LINE_FEED); end >= 0; end = octets.indexOf(LINE_FEED, start)) {
      if (this.#restLength > 0) {
        this.#keep(octets, start, end);
        this.#takeRest();
      } else this.#takeLine(octets, start, end, false);
      start = end + 1;
    }
    this.#keep(octets, start, octets.length);
  }

  /** The last line may have no end. */
  end(): void {
    if (this.#restLength > 0) this.#takeRest();
    this.#isFirstLine = true;
  }

  #keep(octets: Buffer, start: number, end: number): void {
    const length = Math.min(end - start, MAX_LINE_OCTETS - this.#restLength);
    if (length < end - start) this.#isCut = true;
    if (length <= 0) return;
    const needed = this.#restLength + length;
    if (needed > this.#rest.length) {
      const larger = Buffer.allocUnsafe(Math.min(MAX_LINE_OCTETS, 2 * needed));
      this.#rest.copy(larger, 0, 0, this.#restLength);
      this.#rest = larger;
    }
    octets.copy(this.#rest, this.#restLength, start, start + length);
    this.#restLength = needed;
  }

  #takeRest(): void {
    const [length, isCut] = [this.#restLength, this.#isCut];
    this.#restLength = 0;
    this.#isCut = false;
    this.#takeLine(this.#rest, 0, length, isCut);
  }

  #takeLine(octets: Buffer, start: number, end: number, isCut: boolean): void {
    const isTooLong = end - start > MAX_LINE_OCTETS;
    let last = isTooLong ? start + MAX_LINE_OCTETS : end;
    if (last > start && octets[last - 1] === CARRIAGE_RETURN) last--;
    const first = this.#isFirstLine ? behindByteOrderMark(octets, start, last) : start;
    this.#isFirstLine = false;
    this.#take(octets, first, last, isCut || isTooLong);
  }
}

function behindByteOrderMark(octets: Buffer, start: number, end: number): number {
  return octets.subarray(start, Math.min(end, start + 3)).equals(BYTE_ORDER_MARK) ? start + 3 : start;
}
