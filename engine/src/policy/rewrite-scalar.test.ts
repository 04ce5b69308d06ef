import { describe, expect, it } from 'vitest';
import { entryOf } from './document-node.js';
import { readDocument } from './read-document.js';
import { rewriteScalar } from './rewrite-scalar.js';

function valueIn(text: string, file: string) {
  const { root } = readDocument(file, new TextEncoder().encode(text));
  const node = entryOf(root, 'a');
  if (node === undefined) throw new Error(`there is no value in ${text}`);
  return node;
}

describe('a rewritten scalar', () => {
  it.each([
    ['a: one', 'x.test.yaml', 'two', 'two'],
    ['a: one', 'x.test.yaml', '8.x || 14.x', '8.x || 14.x'],
    ['a: one', 'x.test.yaml', '>=15.1', '">=15.1"'],
    ['a: one', 'x.test.yaml', 'b, c', '"b, c"'],
    ['a: one', 'x.test.yaml', '2016', '"2016"'],
    ['a: one', 'x.test.yaml', 'true', '"true"'],
    ['a: one', 'x.test.yaml', 60, '60'],
    ['a: "one"', 'x.test.yaml', 'say "two"', '"say \\"two\\""'],
    ["a: 'one'", 'x.test.yaml', "it's two", "'it''s two'"],
    ['a: |\n  one\n', 'x.test.yaml', 'two', 'two'],
    ['{ "a": "one" }', 'x.test.json', 'two', '"two"'],
    ['{ "a": "one" }', 'x.test.json', false, 'false'],
  ])('%j of %s with %j is %j', (text, file, value, expected) => {
    expect(rewriteScalar(valueIn(text, file), value)?.text).toBe(expected);
  });

  it('keeps what stands around a part', () => {
    expect(rewriteScalar(valueIn('a: "not:equl"', 'x.test.yaml'), 'equal', 4, 4)).toEqual({
      range: { start: { line: 1, column: 9 }, end: { line: 1, column: 13 } },
      text: 'equal',
    });
  });

  it('is written anew where a part would need quotes', () => {
    expect(rewriteScalar(valueIn("a: 'one two'", 'x.test.yaml'), "'", 4, 3)).toEqual({
      range: { start: { line: 1, column: 4 }, end: { line: 1, column: 13 } },
      text: "'one '''",
    });
  });

  it('is none where a list or a map stands', () => {
    expect(rewriteScalar(valueIn('a: []', 'x.test.yaml'), 'two')).toBeUndefined();
  });
});
