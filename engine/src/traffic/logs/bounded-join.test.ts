import fc from 'fast-check';
import { expect, it } from 'vitest';
import { BoundedJoin } from './bounded-join.js';

const BOUNDS = { maxEntries: 4, maxAgeMillis: 10 };

/** The same, plainly: a list in the order in which the values came. */
class PlainJoin {
  readonly fallen: number[] = [];
  #waiting: { readonly key: number; readonly value: number; readonly since: number }[] = [];

  get(key: number): number | undefined {
    return this.#waiting.find((each) => each.key === key)?.value;
  }

  set(key: number, value: number, now: number): void {
    const earlier = this.take(key);
    if (earlier !== undefined) this.fallen.push(earlier);
    this.#waiting.push({ key, value, since: now });
    for (let oldest = this.#waiting[0]; oldest !== undefined; oldest = this.#waiting[0]) {
      if (this.#waiting.length <= BOUNDS.maxEntries && now - oldest.since <= BOUNDS.maxAgeMillis) return;
      this.fallen.push(oldest.value);
      this.#waiting.shift();
    }
  }

  take(key: number): number | undefined {
    const value = this.get(key);
    this.#waiting = this.#waiting.filter((each) => each.key !== key);
    return value;
  }

  end(): void {
    this.fallen.push(...this.#waiting.map(({ value }) => value));
    this.#waiting = [];
  }
}

it('keeps and lets fall out what a plain list would', () => {
  const step = fc.record({
    kind: fc.constantFrom('set', 'set', 'set', 'take', 'get', 'end'),
    key: fc.integer({ min: 0, max: 6 }),
    later: fc.integer({ min: -2, max: 6 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const fallen: number[] = [];
      const join = new BoundedJoin<number, number>((value) => fallen.push(value), BOUNDS);
      const plain = new PlainJoin();
      let now = 100;
      for (const [value, { kind, key, later }] of steps.entries()) {
        now += later;
        if (kind === 'set') {
          join.set(key, value, now);
          plain.set(key, value, now);
        } else if (kind === 'end') {
          join.end();
          plain.end();
        } else expect(join[kind](key)).toBe(plain[kind](key));
        expect(fallen).toEqual(plain.fallen);
      }
    }),
    { numRuns: 500 },
  );
});
