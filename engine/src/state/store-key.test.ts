import fc from 'fast-check';
import { expect, it } from 'vitest';
import { storeKey } from './store-key.js';

it('is the id itself in UTF-8 where that is short and well-formed', () => {
  expect(storeKey('partners/mäil.example.org').toString('utf8')).toBe('partners/mäil.example.org');
});

it('is never empty, and never longer than LMDB takes', () => {
  const id = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.integer({ min: 0, max: 5000 }).map((length) => '\u00fc'.repeat(length)),
  );
  fc.assert(
    fc.property(id, (text) => {
      const { length } = storeKey(text);
      expect(length).toBeGreaterThan(0);
      expect(length).toBeLessThanOrEqual(1978);
    }),
  );
});

it('differs for different ids', () => {
  const units = fc.array(fc.constantFrom('a', '\ud800', '\udc00', '\ufffd', 'a'.repeat(512), '\u0000'), {
    maxLength: 4,
  });
  const id = units.map((parts) => parts.join(''));
  fc.assert(
    fc.property(id, id, (one, other) => {
      expect(storeKey(one).equals(storeKey(other))).toBe(one === other);
    }),
    { numRuns: 1000 },
  );
});
