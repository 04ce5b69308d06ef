/** How much is kept of what waits for its other half. */
export interface JoinBounds {
  readonly maxEntries: number;
  readonly maxAgeMillis: number;
}

/** Enough for the sessions and messages that a busy mail server has under way at one time, and within 100 MB. */
export const USUAL_BOUNDS: JoinBounds = { maxEntries: 100_000, maxAgeMillis: 24 * 3_600_000 };

interface Waiting<V> {
  readonly since: number;
  readonly value: V;
}

/**
 * Keeps what waits for its other half, bounded in number and age. What falls out is handed to `fallsOut`, the oldest first.
 * Age goes by the clock of the log.
 */
export class BoundedJoin<K, V> {
  readonly #waiting = new Map<K, Waiting<V>>();
  readonly #bounds: JoinBounds;
  readonly #fallsOut: (value: V) => void;
  /**
   * Goes through what waits, the oldest first, and stays where it is: whoever asks a map for its first entry passes over all
   * that were deleted before it, each time.
   */
  #order: Iterator<[K, Waiting<V>]> | undefined;
  /** Where it is. */
  #oldest: readonly [K, Waiting<V>] | undefined;

  constructor(fallsOut: (value: V) => void, bounds: JoinBounds = USUAL_BOUNDS) {
    this.#fallsOut = fallsOut;
    this.#bounds = bounds;
  }

  get(key: K): V | undefined {
    return this.#waiting.get(key)?.value;
  }

  /** Keeps a value; one that waits under the same key falls out. */
  set(key: K, value: V, now: number): void {
    const earlier = this.take(key);
    if (earlier !== undefined) this.#fallsOut(earlier);
    this.#waiting.set(key, { since: now, value });
    for (let oldest = this.#nextOldest(); oldest !== undefined; oldest = this.#nextOldest()) {
      const [oldestKey, entry] = oldest;
      const { maxEntries, maxAgeMillis } = this.#bounds;
      if (this.#waiting.size <= maxEntries && now - entry.since <= maxAgeMillis) return;
      this.#waiting.delete(oldestKey);
      this.#fallsOut(entry.value);
    }
  }

  /** The oldest that still waits. */
  #nextOldest(): readonly [K, Waiting<V>] | undefined {
    while (this.#waiting.size > 0) {
      if (this.#oldest !== undefined && this.#waiting.get(this.#oldest[0]) === this.#oldest[1]) return this.#oldest;
      this.#order ??= this.#waiting.entries();
      const next = this.#order.next();
      this.#oldest = next.done === true ? undefined : next.value;
      if (next.done === true) this.#order = undefined;
    }
    return undefined;
  }

  /** Gives what waits under the key, which is then kept no more. */
  take(key: K): V | undefined {
    const entry = this.#waiting.get(key);
    if (entry !== undefined) this.#waiting.delete(key);
    return entry?.value;
  }

  /** Lets all fall out. */
  end(): void {
    for (const { value } of this.#waiting.values()) this.#fallsOut(value);
    this.#waiting.clear();
  }
}
