/** Most octets of one key; longer ones are read each time. */
const MAX_KEY_OCTETS = 256;
const MAX_ENTRIES = 1 << 15;
const SLOTS = 1 << 17;
/** Room for keys: it fits as many of average length as there are entries. */
const KEY_OCTETS = 1 << 20;

/**
 * Remembers what was made of octets: a log repeats its names and addresses, and to look at the octets takes a fraction of
 * the time of making a text of them. Bounded: a full cache starts anew.
 */
export class OctetCache<T> {
  readonly #make: (text: string) => T;
  #slots: Int32Array | undefined;
  readonly #hashes: number[] = [];
  /** Start of the key of each entry; the end is the start of the next. */
  readonly #starts: number[] = [0];
  readonly #values: T[] = [];
  #keys = Buffer.alloc(0);

  /** @param make a pure function of the text */
  constructor(make: (text: string) => T) {
    this.#make = make;
  }

  /** What is made of the octets from `start` up to `end`, as UTF-8. */
  of(octets: Buffer, start: number, end: number): T {
    if (end - start > MAX_KEY_OCTETS) return this.#make(octets.toString('utf8', start, end));
    let hash = end - start;
    for (let index = start; index < end; index++) hash = Math.imul(hash ^ (octets[index] ?? 0), 0x01000193);
    hash ^= hash >>> 15;
    this.#slots ??= new Int32Array(SLOTS);
    let slot = hash & (SLOTS - 1);
    for (let entry = this.#slots[slot] ?? 0; entry !== 0; entry = this.#slots[slot] ?? 0) {
      if (this.#hashes[entry - 1] === hash && this.#isKey(entry - 1, octets, start, end)) {
        return this.#values[entry - 1] as T;
      }
      slot = (slot + 1) & (SLOTS - 1);
    }
    return this.#add(hash, slot, octets, start, end);
  }

  /** What is made of a text, not remembered. */
  ofText(text: string): T {
    return this.#make(text);
  }

  #isKey(entry: number, octets: Buffer, start: number, end: number): boolean {
    const keyStart = this.#starts[entry] ?? 0;
    if ((this.#starts[entry + 1] ?? 0) - keyStart !== end - start) return false;
    const keys = this.#keys;
    for (let index = start, at = keyStart; index < end; index++, at++) if (octets[index] !== keys[at]) return false;
    return true;
  }

  #add(hash: number, slot: number, octets: Buffer, start: number, end: number): T {
    const value = this.#make(octets.toString('utf8', start, end));
    const at = this.#starts.at(-1) ?? 0;
    const next = at + end - start;
    if (this.#values.length >= MAX_ENTRIES || next > KEY_OCTETS) {
      this.#clear();
      return value;
    }
    this.#makeRoom(next);
    octets.copy(this.#keys, at, start, end);
    this.#starts.push(next);
    this.#hashes.push(hash);
    this.#values.push(value);
    if (this.#slots !== undefined) this.#slots[slot] = this.#values.length;
    return value;
  }

  #makeRoom(length: number): void {
    if (length <= this.#keys.length) return;
    const larger = Buffer.alloc(Math.min(KEY_OCTETS, Math.max(4096, 2 * length)));
    this.#keys.copy(larger);
    this.#keys = larger;
  }

  #clear(): void {
    this.#slots?.fill(0);
    this.#hashes.length = 0;
    this.#values.length = 0;
    this.#starts.length = 1;
  }
}
