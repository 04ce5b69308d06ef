import { describe, expect, it } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { inSet, withCaret } from '../workspace/document.fixture.js';
import { formatDocument, formatOnType } from './formatting.js';

const TWO = { tabSize: 2, insertSpaces: true };

function edits(file: string, text: string) {
  return formatDocument(inSet({ [file]: text }, file), TWO);
}

function formatted(file: string, text: string): string {
  return TextDocument.applyEdits(TextDocument.create('file:///a', 'yaml', 1, text), edits(file, text));
}

describe('formatting', () => {
  it.each([
    ['a.policy.yaml', 'name:   a\nstages:\n- {name: b,after: 0d}', 'name: a\nstages:\n  - { name: b, after: 0d }\n'],
    ['a.policy.yaml', 'name: ä \r\nmode:  off\r\n', 'name: ä\r\nmode: off\r\n'],
    ['a.policy.json', '{"name":"a",\n"mode":"off"}', '{ "name": "a", "mode": "off" }\n'],
    ['a.test.yaml', 'a:   1\n', 'a: 1\n'],
  ])('lays %s out', (file, text, expected) => {
    expect(formatted(file, text)).toBe(expected);
  });

  it('changes nothing but blanks, each by an edit of its own', () => {
    expect(edits('a.policy.yaml', 'name:   a\nmode: off\npriority:  1\n')).toEqual([
      { range: { start: { line: 0, character: 5 }, end: { line: 0, character: 8 } }, newText: ' ' },
      { range: { start: { line: 2, character: 9 }, end: { line: 2, character: 11 } }, newText: ' ' },
    ]);
  });

  it.each([
    ['a.policy.yaml', 'name: a\n'],
    ['a.policy.yaml', 'name:   [\n'],
    ['a.policy.yaml', 'name:   a\n   b:  c\n'],
    ['a.policy.yaml', ''],
    ['a.policy.yaml', 'name:   |+\n  a\n\n'],
    ['a.policy.json', '{"name":   }'],
    ['a.policy.json', '{"name":   1,}'],
  ])('leaves %s with %j as it is', (file, text) => {
    expect(edits(file, text)).toEqual([]);
  });
});

describe('formatting while one types', () => {
  it('indents the line that Enter has begun', () => {
    const { text, position } = withCaret('stages:\n  - name: a\n  ¦\n');
    expect(formatOnType(inSet({ 'a.policy.yaml': text }, 'a.policy.yaml'), position, '\n', TWO)).toEqual([
      { range: { start: { line: 2, character: 0 }, end: { line: 2, character: 2 } }, newText: '    ' },
    ]);
  });

  it.each([
    ['a line that is indented already', 'stages:\n  ¦', '\n'],
    ['another letter', 'stages:\n¦', 'a'],
  ])('leaves %s as it is', (_what, marked, ch) => {
    const { text, position } = withCaret(marked);
    expect(formatOnType(inSet({ 'a.policy.yaml': text }, 'a.policy.yaml'), position, ch, TWO)).toEqual([]);
  });
});
