import type { DocumentNode, MapEntry } from './document-node.js';
import type { SourceRange } from './source.js';

const LF = 0x0a;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** What a document may not exceed, and what is told of a key that was written twice. */
export interface JsonDocumentOptions {
  readonly file: string;
  /** Called for each value; throws where that is too deep or one too many. */
  readonly onValue: (depth: number, range: SourceRange) => void;
  readonly onDuplicate: (key: string, range: SourceRange, earlier: MapEntry) => void;
}

/**
 * Makes values with places of a text that is JSON (RFC 8259), which `findJsonProblem` has to have checked before. A YAML
 * parser would give the same, in ten times the time.
 */
export function readJsonDocument(text: string, options: JsonDocumentOptions): DocumentNode {
  return new JsonReader(text, options).read();
}

class JsonReader {
  readonly #text: string;
  readonly #options: JsonDocumentOptions;
  #offset = 0;
  #line = 1;
  #lineStart = 0;

  constructor(text: string, options: JsonDocumentOptions) {
    this.#text = text;
    this.#options = options;
  }

  read(): DocumentNode {
    this.#skipSpace();
    return this.#value(0);
  }

  #value(depth: number): DocumentNode {
    const { file, onValue } = this.#options;
    const start = this.#position();
    const character = this.#text[this.#offset];
    // A list or a map ends somewhere below; until that is known, its place is its bracket.
    onValue(depth, { start, end: { line: start.line, column: start.column + 1 } });
    if (character === '{') {
      const entries = this.#entries(depth);
      return { kind: 'map', file, range: { start, end: this.#position() }, entries };
    }
    if (character === '[') {
      const items = this.#items(depth);
      return { kind: 'list', file, range: { start, end: this.#position() }, items };
    }
    const raw = this.#scalar();
    return { kind: 'scalar', file, range: { start, end: this.#position() }, raw, value: JSON.parse(raw) };
  }

  #items(depth: number): DocumentNode[] {
    const items: DocumentNode[] = [];
    for (let more = this.#enter(']'); more; more = this.#next(']')) items.push(this.#value(depth + 1));
    return items;
  }

  #entries(depth: number): ReadonlyMap<string, MapEntry> {
    const { file, onDuplicate } = this.#options;
    const entries = new Map<string, MapEntry>();
    for (let more = this.#enter('}'); more; more = this.#next('}')) {
      const start = this.#position();
      const key: string = JSON.parse(this.#scalar());
      const range = { start, end: this.#position() };
      this.#skipSpace();
      this.#offset++;
      this.#skipSpace();
      const earlier = entries.get(key);
      const value = this.#value(depth + 1);
      if (earlier === undefined) entries.set(key, { key, keySpan: { file, range }, value });
      else onDuplicate(key, range, earlier);
    }
    return entries;
  }

  /** Goes behind an opening bracket; says whether something stands before the closing one. */
  #enter(closing: string): boolean {
    this.#offset++;
    this.#skipSpace();
    return !this.#passes(closing);
  }

  /** Goes behind a value of a list or a map; says whether another one follows. */
  #next(closing: string): boolean {
    this.#skipSpace();
    if (this.#passes(closing)) return false;
    this.#offset++;
    this.#skipSpace();
    return true;
  }

  #passes(closing: string): boolean {
    const isThere = this.#text[this.#offset] === closing;
    if (isThere) this.#offset++;
    return isThere;
  }

  /** The text of a string, a number, true, false or null. */
  #scalar(): string {
    const start = this.#offset;
    if (this.#text.charCodeAt(start) === QUOTE) this.#skipString();
    else while (isInWord(this.#text.charCodeAt(this.#offset))) this.#offset++;
    return this.#text.slice(start, this.#offset);
  }

  #skipString(): void {
    for (;;) {
      const code = this.#text.charCodeAt(++this.#offset);
      if (code === BACKSLASH) this.#offset++;
      else if (code === QUOTE) break;
    }
    this.#offset++;
  }

  /** Line breaks stand between values only; within strings they are escaped. */
  #skipSpace(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.#offset);
      if (!(code <= 0x20)) return;
      this.#offset++;
      if (code !== LF) continue;
      this.#line++;
      this.#lineStart = this.#offset;
    }
  }

  #position(): SourceRange['start'] {
    return { line: this.#line, column: this.#offset - this.#lineStart + 1 };
  }
}

/** Letters, digits and `+-.`, of which numbers and literals are made. */
function isInWord(code: number): boolean {
  return code >= 0x2b && code !== 0x2c && code !== 0x5d && code !== 0x7d;
}
