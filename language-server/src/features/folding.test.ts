import { describe, expect, it } from 'vitest';
import { inSet, withCaret } from '../workspace/document.fixture.js';
import { foldingRanges, selectionRanges } from './folding.js';
import { NAMES } from './names.fixture.js';

describe('folding', () => {
  it('folds keys, items and comments of YAML', () => {
    const text = '# one\n# two\nname: a\nwhen:\n  all:\n    - fact: helo\n      operator: exists\n    - condition: b\n';
    const ranges = foldingRanges(inSet({ 'a.policy.yaml': text }, 'a.policy.yaml'));
    expect(ranges.map(({ startLine, endLine, kind }) => [startLine, endLine, kind])).toEqual([
      [0, 1, 'comment'],
      [3, 7, undefined],
      [4, 7, undefined],
      [5, 6, undefined],
    ]);
  });

  it('leaves the closing bracket of JSON in sight', () => {
    const text = '{\n  "when": {\n    "condition": "b"\n  }\n}\n';
    const ranges = foldingRanges(inSet({ 'a.policy.json': text }, 'a.policy.json'));
    expect(ranges.map(({ startLine, endLine }) => [startLine, endLine])).toEqual([
      [0, 3],
      [1, 2],
    ]);
  });
});

describe('selection', () => {
  it('grows from a word to the whole', () => {
    const marked = (NAMES['a.policy.yaml'] ?? '').replace('operator: in,', 'operator: i¦n,');
    const { text, position } = withCaret(marked);
    const context = inSet({ 'a.policy.yaml': text }, 'a.policy.yaml');
    const texts: string[] = [];
    for (let at = selectionRanges(context, [position])[0]; at !== undefined; at = at.parent) {
      texts.push(context.document.text.getText(at.range).split('\n')[0] ?? '');
    }
    expect(texts.slice(0, 4)).toEqual([
      'in',
      'operator: in',
      '{ fact: connector.name, operator: in, value: [partner, "internet"] }',
      '- { fact: connector.name, operator: in, value: [partner, "internet"] }',
    ]);
    expect(texts.at(-1)).toBe('name: old');
  });
});
