import { describe, expect, test } from 'vitest';
import { entryOf, partOfText } from './document-node.js';
import { readDraft } from './read-document.js';

interface Case {
  readonly written: string;
  readonly file: string;
  readonly text: string;
  /** The part that is looked for, and what stands at its place in the file. */
  readonly part: string;
  readonly found: string;
}

const CASES: readonly Case[] = [
  { written: 'plain', file: 'a.yaml', text: 'key: one two', part: 'two', found: 'two' },
  { written: 'in quotes', file: 'a.yaml', text: 'key: "one two"', part: 'two', found: 'two' },
  { written: 'behind doubled quotes', file: 'a.yaml', text: "key: '''x'' two'", part: 'two', found: 'two' },
  { written: 'with doubled quotes in it', file: 'a.yaml', text: "key: 'a ''b'' c'", part: "'b'", found: "''b''" },
  { written: 'behind escaped quotes', file: 'a.json', text: '{"key": "<\\"x\\" two"}', part: 'two', found: 'two' },
  { written: 'between escaped quotes', file: 'a.json', text: '{"key": "<\\"a b\\""}', part: 'a b', found: 'a b' },
  { written: 'behind a coded letter', file: 'a.json', text: '{"key": "\\u00e4 two"}', part: 'two', found: 'two' },
  { written: 'as a coded letter', file: 'a.yaml', text: 'key: "\\x41b"', part: 'A', found: '\\x41' },
  { written: 'behind an emoji', file: 'a.yaml', text: 'key: "😀 two"', part: 'two', found: 'two' },
];

describe('the place of a part of a text', () => {
  test.each(CASES)('is found where it is written $written', ({ file, text, part, found }) => {
    const node = entryOf(readDraft(file, text), 'key');
    if (node?.kind !== 'scalar') throw new Error('no scalar');
    const { range } = partOfText(node, String(node.value).indexOf(part), part.length);
    expect(text.slice(range.start.column - 1, range.end.column - 1)).toBe(found);
  });

  test.each(['key: >-\n  one\n  two', 'key: "one\n  two"'])('is the whole text where %j folds it', (text) => {
    const node = entryOf(readDraft('a.yaml', text), 'key');
    if (node?.kind !== 'scalar') throw new Error('no scalar');
    expect(partOfText(node, 4, 3).range).toEqual(node.range);
  });
});
