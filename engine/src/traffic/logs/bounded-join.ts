/** How much is kept of what waits for its other half. */
export interface JoinBounds {
  readonly maxEntries: number;
  readonly maxAgeMillis: number;
}

/** Enough for the sessions and messages that a busy mail server has under way at one time, and within 100 MB. */
export const USUAL_BOUNDS: JoinBounds = { maxEntries: 100_000, maxAgeMillis: 24 * 3_600_000 };

/**
 * Keeps what waits for its other half, bounded in number and age. What falls out is handed to `fallsOut`, the oldest first.
 * Age goes by the clock of the log.
 */
export class BoundedJoin<K, V> {
  readonly #waiting = new Map<K, { readonly since: number; readonly value: V }>();
  readonly #bounds: JoinBounds;
  readonly #fallsOut: (value: V) => void;

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
    for (const [oldest, entry] of this.#waiting) {
      const isRoom = this.#waiting.size <= this.#bounds.maxEntries && now - entry.since <= this.#bounds.maxAgeMillis;
      if (isRoom) return;
      this.#waiting.delete(oldest);
      this.#fallsOut(entry.value);
    }
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
