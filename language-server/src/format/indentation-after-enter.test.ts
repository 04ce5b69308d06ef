import { describe, expect, it } from 'vitest';
import { indentationAfterEnter } from './indentation-after-enter.js';

const TWO = { tabSize: 2, insertSpaces: true };

/** The line with the caret `¦`, indented as it is to be. */
function entered(marked: string, isJson = false, options = TWO): string | undefined {
  const lines = marked.replace('¦', '').split('\n');
  const at = marked.slice(0, marked.indexOf('¦')).split('\n').length - 1;
  return indentationAfterEnter(lines, at, isJson, options);
}

describe('the line that Enter begins', () => {
  it.each([
    ['stages:\n¦', '  '],
    ['  - name: a\n¦', '    '],
    ['  - name:\n¦', '      '],
    ['  - { name: a }\n¦', '    '],
    ['  - { name: a }\n¦- { name: b }', '  '],
    ['stages:\n¦- { name: b }', '  '],
    ['a: 1\n¦', ''],
    ['a: 1 # b:\n¦', ''],
    ['a: "x # y:"\n¦', ''],
    ['a: x#y:\n¦', '  '],
    ['a: # b\n¦', '  '],
    ['  a: 1\n\n¦', '  '],
    ['- - a: 1\n¦', '    '],
    ['  -\n¦', '    '],
    ['a: |\n¦', '  '],
    ['a: >-\n¦', '  '],
    ['when: { all: [\n¦', '  '],
    ['¦', ''],
  ])('in %j has the blanks %j', (marked, expected) => {
    expect(entered(marked)).toBe(expected);
  });

  it.each([['a: |\n  text:\n¦'], ['a:\n  - >-\n    text: [\n    more\n\n¦']])(
    'stays within a text of several lines: %j',
    (marked) => {
      expect(entered(marked)).toBeUndefined();
    },
  );

  it.each([
    ['{\n¦', '  '],
    ['{\n  "a": [\n¦', '    '],
    ['{\n  "a": 1,\n¦', '  '],
    ['{\n¦}', ''],
    ['{\n  "a": 1\n¦}', ''],
  ])('in the JSON %j has the blanks %j', (marked, expected) => {
    expect(entered(marked, true)).toBe(expected);
  });

  it('is indented by tabs where they are wanted, in JSON alone', () => {
    const options = { tabSize: 4, insertSpaces: false };
    expect(entered('{\n¦', true, options)).toBe('\t');
    expect(entered('a:\n¦', false, options)).toBe('    ');
  });
});
