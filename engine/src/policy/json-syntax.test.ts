import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findJsonProblem } from './json-syntax.js';

describe('the place at which a text stops being JSON', () => {
  test.each([
    ['', 0, 'a value'],
    ['{', 1, 'a key in double quotes'],
    ['[', 1, 'a value'],
    ['[1,]', 3, 'a value'],
    ['[1 2]', 3, 'a comma or ]'],
    ['{"a":1,}', 7, 'a key in double quotes'],
    ['{"a" 1}', 5, 'a colon'],
    ["{'a': 1}", 1, 'a key in double quotes'],
    ['{"a": 01}', 6, 'a value'],
    ['{"a": "\t"}', 6, 'a value'],
    ['{"a": "\\x"}', 6, 'a value'],
    ['{"a": // why\n1}', 6, 'a value'],
    ['[1}', 2, 'a comma or ]'],
    ['{} {}', 3, 'the end of the file'],
    ['nulls', 0, 'a value'],
  ])('in %j is offset %i, where %s was expected', (text, offset, expected) => {
    expect(findJsonProblem(text)).toMatchObject({ offset, expected });
  });

  test('is nowhere in what JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(undefined, 2, '\t'), (value, space) => {
        expect(findJsonProblem(JSON.stringify(value, null, space))).toBeUndefined();
      }),
    );
  });

  test('is somewhere exactly where JSON.parse throws', () => {
    const character = fc.constantFrom(...'{}[],:"\\ \n0123456789.-+eEtrufalsn\u0001é');
    const broken = fc
      .tuple(fc.jsonValue(), fc.nat(), fc.nat(2), character)
      .map(([value, at, removed, inserted]) => edited(JSON.stringify(value), at, removed, inserted));
    fc.assert(
      fc.property(fc.oneof(broken, fc.string({ unit: character })), (text) => {
        expect(findJsonProblem(text) === undefined).toBe(isJson(text));
      }),
      { numRuns: 2000 },
    );
  });
});

function edited(text: string, at: number, removed: number, inserted: string): string {
  const offset = at % (text.length + 1);
  return text.slice(0, offset) + inserted + text.slice(offset + removed);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
