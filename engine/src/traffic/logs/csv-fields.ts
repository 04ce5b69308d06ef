import { isWordAt } from './octets.js';

const QUOTE = 0x22;
const COMMA = 0x2c;
/** Most fields of one line; a line with more is none. */
const MAX_FIELDS = 4096;

/**
 * Splits one line of a CSV (RFC 4180) into its fields, by its octets: a field is made text only where it is asked for. A quote
 * within a field that does not begin with one stands for itself. A field that goes on in the next line is not read.
 */
export class CsvFields {
  readonly #separator: number;
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  /** Whether the field has doubled quotes. */
  readonly #isEscaped: boolean[] = [];
  #octets: Buffer = Buffer.alloc(0);
  #count = 0;

  /** @param separator an octet, a comma by default */
  constructor(separator: number = COMMA) {
    this.#separator = separator;
  }

  /** Reads a line. @returns what is wrong with it, if anything */
  read(octets: Buffer, start: number, end: number): string | undefined {
    this.#octets = octets;
    this.#count = 0;
    for (let at = start; ; at++) {
      if (this.#count === MAX_FIELDS) return `more than ${MAX_FIELDS} fields`;
      at = octets[at] === QUOTE && at < end ? this.#quoted(at + 1, end) : this.#plain(at, end);
      if (at < 0) return 'a quote that is not closed';
      if (at === end) return undefined;
      if (octets[at] !== this.#separator) return 'text behind a closing quote';
    }
  }

  get count(): number {
    return this.#count;
  }

  start(field: number): number {
    return field < this.#count ? (this.#starts[field] ?? 0) : 0;
  }

  end(field: number): number {
    return field < this.#count ? (this.#ends[field] ?? 0) : 0;
  }

  /**
   * The text of a field; undefined where it is empty or there is none. Octets that are not UTF-8 become U+FFFD.
   *
   * @param maxOctets what comes after them is left out
   */
  text(field: number, maxOctets: number = Number.POSITIVE_INFINITY): string | undefined {
    const start = this.start(field);
    const end = Math.min(this.end(field), start + maxOctets);
    if (end === start) return undefined;
    const text = this.#octets.toString('utf8', start, end);
    return this.#isEscaped[field] ? text.replaceAll('""', '"') : text;
  }

  /** Whether the field is the word, octet by octet. */
  isWord(field: number, word: Buffer): boolean {
    const [start, end] = [this.start(field), this.end(field)];
    return end - start === word.length && isWordAt(this.#octets, start, end, word);
  }

  /** The texts of all fields, empty ones too. */
  texts(): string[] {
    return Array.from({ length: this.#count }, (_, field) => this.text(field) ?? '');
  }

  #plain(start: number, end: number): number {
    const [octets, separator] = [this.#octets, this.#separator];
    let at = start;
    while (at < end && octets[at] !== separator) at++;
    this.#add(start, at, false);
    return at;
  }

  /** Behind the closing quote; -1 where there is none. */
  #quoted(start: number, end: number): number {
    const octets = this.#octets;
    let isEscaped = false;
    for (let at = start; at < end; at++) {
      if (octets[at] !== QUOTE) continue;
      if (at + 1 < end && octets[at + 1] === QUOTE) {
        isEscaped = true;
        at++;
        continue;
      }
      this.#add(start, at, isEscaped);
      return at + 1;
    }
    return -1;
  }

  #add(start: number, end: number, isEscaped: boolean): void {
    this.#starts[this.#count] = start;
    this.#ends[this.#count] = end;
    this.#isEscaped[this.#count] = isEscaped;
    this.#count++;
  }
}
