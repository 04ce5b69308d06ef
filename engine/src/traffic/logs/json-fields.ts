import { isWordAt } from './octets.js';

const [QUOTE, BACKSLASH, COLON, COMMA, BLANK, TAB] = [0x22, 0x5c, 0x3a, 0x2c, 0x20, 0x09];
const [OPEN_MAP, CLOSE_MAP, OPEN_LIST, CLOSE_LIST] = [0x7b, 0x7d, 0x5b, 0x5d];
const [ZERO, MINUS, DOT, PLUS, UPPER_E, LOWER_E] = [0x30, 0x2d, 0x2e, 0x2b, 0x45, 0x65];
/** Octets that stand for themselves in a JSON text: no quote, backslash or control character. */
const IS_PLAIN = Uint8Array.from({ length: 256 }, (_, octet) =>
  octet >= BLANK && octet !== QUOTE && octet !== BACKSLASH ? 1 : 0,
);
const MAX_DEPTH = 32;
/** What a number of so many digits is can be told from its text. */
const MAX_PLAIN_DIGITS = 15;
const NULL = Buffer.from('null');
const WORDS = [Buffer.from('true'), Buffer.from('false'), NULL];
const SHORT_ESCAPES = Buffer.from('"\\\\/bfnrt');

/** What stands in a wanted place of a JSON text. `null` counts as absent, lists and maps are others. */
const KINDS = ['absent', 'text', 'number', 'boolean', 'other'] as const;
export type JsonKind = (typeof KINDS)[number];
const [ABSENT, TEXT, NUMBER, BOOLEAN, OTHER] = [0, 1, 2, 3, 4];

/** A map of which some keys are wanted. */
interface WantedMap {
  readonly keys: Buffer[];
  /** Of each key: the place of its value among the wanted, or -1. */
  readonly fields: number[];
  readonly maps: (WantedMap | undefined)[];
  /** The key that probably comes next, as in the line before. */
  next: number;
  /** Number of the line in which the map last came. */
  line: number;
  /** Whether it was a map there. */
  isMap: boolean;
}

/**
 * Reads chosen fields of one JSON object a line, by its octets and without making the rest of it. It is strict: what it
 * takes is JSON, and the fields are those that `JSON.parse` would give. What is unusual (escapes in a field or key, a key
 * that comes twice, numbers other than short whole ones, deep nesting) and what is no JSON it leaves to `JSON.parse`.
 */
export class JsonFields {
  readonly #paths: readonly (readonly string[])[];
  readonly #root: WantedMap = emptyMap();
  readonly #outermost = new Map<string, WantedMap>();
  readonly #kinds: Uint8Array;
  readonly #starts: Int32Array;
  readonly #ends: Int32Array;
  /** Of fields that `JSON.parse` read. */
  readonly #texts: string[];
  #octets: Buffer = Buffer.alloc(0);
  #end = 0;
  #line = 0;
  #isParsed = false;
  #hasEscape = false;

  /** @param paths the keys that lead to each field, none of which leads through another */
  constructor(paths: readonly (readonly string[])[]) {
    this.#paths = paths;
    this.#kinds = new Uint8Array(paths.length);
    this.#starts = new Int32Array(paths.length);
    this.#ends = new Int32Array(paths.length);
    this.#texts = paths.map(() => '');
    for (const [field, path] of paths.entries()) want(this.#root, path, field);
    for (const [index, key] of this.#root.keys.entries()) {
      const map = this.#root.maps[index];
      if (map !== undefined) this.#outermost.set(key.toString(), map);
    }
  }

  /** Reads a line. @returns false where it is no JSON object */
  read(octets: Buffer, start: number, end: number): boolean {
    return this.scan(octets, start, end) || this.parse(octets.toString('utf8', start, end));
  }

  /** Reads a line that is written as usual. @returns false for any other */
  scan(octets: Buffer, start: number, end: number): boolean {
    this.#octets = octets;
    this.#end = end;
    this.#isParsed = false;
    this.#line++;
    this.#kinds.fill(ABSENT);
    const at = this.#blanks(start);
    if (octets[at] !== OPEN_MAP) return false;
    const behind = this.#map(at + 1, this.#root, 0);
    return behind >= 0 && this.#blanks(behind) === end;
  }

  /** Reads a line with `JSON.parse`. @returns false where it is no JSON object */
  parse(text: string): boolean {
    this.#isParsed = true;
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return false;
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    for (const [field, path] of this.#paths.entries()) this.#setParsed(field, valueAt(value, path));
    return true;
  }

  /** What stands under a key of the outermost map of which keys inside are wanted. Only of a scanned line. */
  mapKind(key: string): 'absent' | 'map' | 'other' {
    const map = this.#outermost.get(key);
    if (map === undefined || map.line !== this.#line) return 'absent';
    return map.isMap ? 'map' : 'other';
  }

  kind(field: number): JsonKind {
    return KINDS[this.#kinds[field] ?? ABSENT] ?? 'absent';
  }

  /** The text of a field, of a number or boolean its shortest spelling; undefined where it is absent or a list or map. */
  text(field: number): string | undefined {
    const kind = this.#kinds[field];
    if (kind === ABSENT || kind === OTHER) return undefined;
    if (this.#isParsed) return this.#texts[field];
    return this.#octets.toString('utf8', this.#starts[field], this.#ends[field]);
  }

  /** Whether the field's octets stand in the line from {@link start} up to {@link end}. */
  get isScanned(): boolean {
    return !this.#isParsed;
  }

  start(field: number): number {
    return this.#starts[field] ?? 0;
  }

  end(field: number): number {
    return this.#ends[field] ?? 0;
  }

  #setParsed(field: number, value: unknown): void {
    const isText = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    this.#kinds[field] = value === undefined || value === null ? ABSENT : isText ? kindOf(value) : OTHER;
    this.#texts[field] = isText ? String(value) : '';
  }

  /** Reads the rest of a map; -1 where it is unusual. So do all that follow. */
  #map(start: number, wanted: WantedMap | undefined, depth: number): number {
    if (depth > MAX_DEPTH) return -1;
    let at = this.#blanks(start);
    if (this.#octets[at] === CLOSE_MAP) return at + 1;
    if (wanted !== undefined) wanted.next = 0;
    for (;;) {
      if (this.#octets[at] !== QUOTE) return -1;
      const index = wanted === undefined ? -1 : this.#wantedKey(at + 1, wanted);
      const keyEnd = this.#keyEnd(at + 1, wanted, index);
      if (keyEnd < 0) return -1;
      at = this.#blanks(keyEnd);
      if (this.#octets[at] !== COLON) return -1;
      at = this.#blanks(at + 1);
      const field = index < 0 ? -1 : (wanted?.fields[index] ?? -1);
      const inner = index < 0 ? undefined : wanted?.maps[index];
      // Where a map comes twice, or something else under its key, the last counts alone.
      if (inner !== undefined && inner.line === this.#line) return -1;
      if (inner !== undefined) {
        inner.line = this.#line;
        inner.isMap = this.#octets[at] === OPEN_MAP;
      }
      at = field >= 0 ? this.#field(at, field, depth) : this.#value(at, depth, inner);
      if (at < 0) return -1;
      at = this.#blanks(at);
      if (this.#octets[at] === CLOSE_MAP) return at < this.#end ? at + 1 : -1;
      if (this.#octets[at] !== COMMA) return -1;
      at = this.#blanks(at + 1);
    }
  }

  #keyEnd(start: number, wanted: WantedMap | undefined, index: number): number {
    if (index >= 0) return start + (wanted?.keys[index]?.length ?? 0) + 1;
    const end = this.#textEnd(start);
    // A key with escapes may be one of the wanted.
    return end < 0 || (wanted !== undefined && this.#hasEscape) ? -1 : end;
  }

  /** Which wanted key begins there; -1 where none does. */
  #wantedKey(start: number, wanted: WantedMap): number {
    const count = wanted.keys.length;
    for (let step = 0, index = wanted.next; step < count; step++, index = index + 1 === count ? 0 : index + 1) {
      const key = wanted.keys[index];
      if (
        key === undefined ||
        !isWordAt(this.#octets, start, this.#end, key) ||
        this.#octets[start + key.length] !== QUOTE
      )
        continue;
      wanted.next = index + 1 === count ? 0 : index + 1;
      return index;
    }
    return -1;
  }

  #field(at: number, field: number, depth: number): number {
    if (this.#kinds[field] !== ABSENT) return -1;
    const first = this.#octets[at] ?? 0;
    const behind = this.#value(at, depth, undefined);
    if (behind < 0) return -1;
    if (first === QUOTE) {
      return this.#hasEscape ? -1 : this.#found(field, TEXT, at + 1, behind - 1, behind);
    }
    if (first === OPEN_MAP || first === OPEN_LIST) return this.#found(field, OTHER, at, behind, behind);
    if (first === MINUS || isDigit(first)) {
      const isPlain = first !== MINUS && behind - at <= MAX_PLAIN_DIGITS && this.#digitsEnd(at) === behind;
      return isPlain ? this.#found(field, NUMBER, at, behind, behind) : -1;
    }
    // A null could be followed by the same key again: seldom enough to leave it.
    return isWordAt(this.#octets, at, this.#end, NULL) ? -1 : this.#found(field, BOOLEAN, at, behind, behind);
  }

  #found(field: number, kind: number, start: number, end: number, behind: number): number {
    this.#kinds[field] = kind;
    this.#starts[field] = start;
    this.#ends[field] = end;
    return behind;
  }

  #value(at: number, depth: number, wanted: WantedMap | undefined): number {
    const first = this.#octets[at] ?? 0;
    if (at >= this.#end) return -1;
    if (first === QUOTE) return this.#textEnd(at + 1);
    if (first === OPEN_MAP) return this.#map(at + 1, wanted, depth + 1);
    if (first === OPEN_LIST) return this.#list(at + 1, depth + 1);
    if (first === MINUS || isDigit(first)) return this.#numberEnd(at);
    for (const word of WORDS) if (isWordAt(this.#octets, at, this.#end, word)) return at + word.length;
    return -1;
  }

  #list(start: number, depth: number): number {
    if (depth > MAX_DEPTH) return -1;
    let at = this.#blanks(start);
    if (this.#octets[at] === CLOSE_LIST) return at < this.#end ? at + 1 : -1;
    for (;;) {
      at = this.#value(at, depth, undefined);
      if (at < 0) return -1;
      at = this.#blanks(at);
      if (this.#octets[at] === CLOSE_LIST) return at < this.#end ? at + 1 : -1;
      if (this.#octets[at] !== COMMA) return -1;
      at = this.#blanks(at + 1);
    }
  }

  /** Behind the closing quote. Whether there was an escape is told by {@link #hasEscape}. */
  #textEnd(start: number): number {
    const [octets, end] = [this.#octets, this.#end];
    this.#hasEscape = false;
    let at = start;
    for (;;) {
      while (at < end && IS_PLAIN[octets[at] ?? 0] === 1) at++;
      if (at >= end) return -1;
      if (octets[at] === QUOTE) return at + 1;
      if (octets[at] !== BACKSLASH || !SHORT_ESCAPES.includes(octets[at + 1] ?? 0)) return -1;
      this.#hasEscape = true;
      at += 2;
    }
  }

  /** RFC 8259 §6. */
  #numberEnd(start: number): number {
    const whole = this.#octets[start] === MINUS ? start + 1 : start;
    let at = this.#digitsEnd(whole);
    if (at === whole || (this.#octets[whole] === ZERO && at > whole + 1)) return -1;
    if (this.#octets[at] === DOT) {
      const fraction = at + 1;
      at = this.#digitsEnd(fraction);
      if (at === fraction) return -1;
    }
    if (this.#octets[at] !== LOWER_E && this.#octets[at] !== UPPER_E) return at;
    const sign = this.#octets[at + 1];
    const exponent = sign === PLUS || sign === MINUS ? at + 2 : at + 1;
    at = this.#digitsEnd(exponent);
    return at === exponent ? -1 : at;
  }

  #digitsEnd(start: number): number {
    let at = start;
    while (at < this.#end && isDigit(this.#octets[at] ?? 0)) at++;
    return at;
  }

  #blanks(start: number): number {
    let at = start;
    while (at < this.#end && (this.#octets[at] === BLANK || this.#octets[at] === TAB)) at++;
    return at;
  }
}

function emptyMap(): WantedMap {
  return { keys: [], fields: [], maps: [], next: 0, line: 0, isMap: false };
}

function want(map: WantedMap, path: readonly string[], field: number): void {
  const [key = '', ...rest] = path;
  const octets = Buffer.from(key);
  let index = map.keys.findIndex((each) => each.equals(octets));
  if (index < 0) {
    index = map.keys.push(octets) - 1;
    map.fields.push(-1);
    map.maps.push(undefined);
  }
  if (rest.length === 0) {
    map.fields[index] = field;
    return;
  }
  const inner = map.maps[index] ?? emptyMap();
  map.maps[index] = inner;
  want(inner, rest, field);
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  let at: unknown = value;
  for (const key of path) {
    if (typeof at !== 'object' || at === null || Array.isArray(at) || !Object.hasOwn(at, key)) return undefined;
    at = (at as Record<string, unknown>)[key];
  }
  return at;
}

function kindOf(value: string | number | boolean): number {
  return typeof value === 'string' ? TEXT : typeof value === 'number' ? NUMBER : BOOLEAN;
}

function isDigit(octet: number): boolean {
  return octet >= ZERO && octet <= ZERO + 9;
}
