import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareVersions, type Version, version } from '../../policy/version.js';
import { VERSIONS } from './ordered-values.js';

/** Around the highest parts that are packed into one number. */
const parts = [0, 1, 254, 255, 256, 0x1ffff, 0x20000, 0xfffff, 0x100000, 999_999_999];
const part = fc.constantFrom(...parts);
const versions: fc.Arbitrary<Version> = fc
  .tuple(part, part, part, part)
  .map(([major, minor, build, revision]) => version(major, minor, build, revision));

function fits([major, minor, build, revision]: Version): boolean {
  return major <= 255 && minor <= 255 && build <= 0xfffff && revision <= 0x1ffff;
}

test.each([
  ['that fit one number', versions.filter(fits)],
  ['of which some fit no number', versions],
])('the edges %s are counted up to any version as by comparing part by part', (_which, edges) => {
  fc.assert(
    fc.property(fc.array(edges, { maxLength: 12 }), versions, (unsorted, value) => {
      const sorted = VERSIONS.sortOnce(unsorted);
      const expected = sorted.filter((edge) => compareVersions(edge, value) <= 0).length;
      expect(VERSIONS.counter(VERSIONS.pack(sorted))(value)).toBe(expected);
    }),
    { numRuns: 2000 },
  );
});
