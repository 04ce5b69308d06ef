import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Document, isScalar, parse, visit } from 'yaml';
import { commentsIn, formatYaml } from './format-yaml.js';

describe('YAML, laid out', () => {
  it.each<[string, string, string]>([
    [
      'has its blanks made even',
      'a:    1   #  c\nb :  { p: 1,q: [1,2 ,  3], r: {  } }\n',
      'a: 1 #  c\nb: { p: 1, q: [1, 2, 3], r: {} }\n',
    ],
    ['has its lists below their keys', 'a:\n- b\n-   c\n- - d\n', 'a:\n  - b\n  - c\n  - - d\n'],
    [
      'has its levels indented alike',
      'a:\n    b:\n      -   c: 1\n          d: 2\n',
      'a:\n  b:\n    - c: 1\n      d: 2\n',
    ],
    ['keeps one empty line of several', '\n\na: 1\n\n\n\nb: 2\n\n\n', 'a: 1\n\nb: 2\n'],
    ['ends with a line break', 'a: 1', 'a: 1\n'],
    ['keeps quotes as they are', `a: "1"\nb: 'x'\n? c\n: d\n`, ''],
    ['keeps long lines', `a: ${'word '.repeat(60)}end\n`, `a: ${'word '.repeat(60)}end\n`],
    [
      'keeps comments where they belong',
      '# head\na:\n    # of b\n    b: 1\n    # of a\n# of c\nc: 2\n    # end\n',
      '# head\na:\n  # of b\n  b: 1\n  # of a\n# of c\nc: 2\n# end\n',
    ],
    [
      'keeps a comment behind a list with the keys around it, where dashes stood below the key',
      'a:\n- b\n# of c\nc: 2\n',
      'a:\n  - b\n# of c\nc: 2\n',
    ],
    [
      'moves texts of several lines as a whole',
      'a: |\n     one\n       two\n\n     three\nb: >-\n one\n two\nc: "one\n    two"\n',
      'a: |\n  one\n    two\n\n  three\nb: >-\n  one\n  two\nc: "one\n  two"\n',
    ],
    [
      'keeps line breaks within brackets, deeper than the key',
      'a: [\n  { b: 1 }, # first\n\n  # second\n  { c: 2,\n  d: 3 } ]\n',
      'a: [\n    { b: 1 }, # first\n\n    # second\n    { c: 2,\n      d: 3 }]\n',
    ],
    ['keeps anchors, aliases and tags', 'a: &x   !t\n    b: 1\nc:   *x\n', 'a: &x !t\n  b: 1\nc: *x\n'],
    ['keeps the marks of documents', '---\na:   1\n...\n', '---\na: 1\n...\n'],
    ['keeps a comment behind a key and behind a dash', 'a: # x\n - # y\n   b: 1\n', 'a: # x\n  - # y\n    b: 1\n'],
  ])('%s', (_what, text, expected) => {
    expect(formatYaml(text, 2) ?? '').toBe(expected);
  });

  it('keeps how lines end', () => {
    expect(formatYaml('a:   1\r\nb:\r\n- |\r\n   c\r\n', 2)).toBe('a: 1\r\nb:\r\n  - |\r\n    c\r\n');
  });

  it('is indented by as many blanks as are wanted; behind a dash by two', () => {
    expect(formatYaml('a:\n  - b:\n      c: 1\n', 4)).toBe('a:\n    - b:\n          c: 1\n');
  });

  it.each([
    ['a block scalar that keeps its last lines', 'a: |+\n  b\n\n'],
    ['a block scalar with an indicator of its indentation', 'a: |2\n    b\n'],
    ['a directive', '%YAML 1.2\n---\na: 1\n'],
    ['a list as a key', '[a]: 1\n'],
  ])('is left as it is with %s', (_what, text) => {
    expect(formatYaml(text, 2)).toBeUndefined();
  });

  it('says the same, has the same comments, and is laid out already', () => {
    fc.assert(
      fc.property(yamlTexts, fc.constantFrom(2, 3, 4), (text, step) => {
        const formatted = formatYaml(text, step);
        if (formatted === undefined) return /[|>][-]?[+\d]/.test(text);
        expect(parse(formatted)).toEqual(parse(text));
        expect(commentsIn(formatted)).toEqual(commentsIn(text));
        expect(formatYaml(formatted, step)).toBe(formatted);
        return true;
      }),
      { numRuns: 500 },
    );
  });
});

const words = fc.oneof(
  fc.constantFrom(
    'report',
    '>=15.1 <15.2',
    '8.x || 14.x',
    'a: b',
    '# none',
    "it's",
    '"',
    '- x',
    'two\nlines\n',
    ' lead',
    '',
  ),
  fc.string({ maxLength: 12 }),
  fc.string({ minLength: 90, maxLength: 130, unit: fc.constantFrom('a', ' ', 'b') }),
);
const keys = fc.stringMatching(/^[a-z][a-zA-Z.]{0,8}$/);
const { value: values } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    words,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(keys, tie('value'), { maxKeys: 4 }),
  ),
}));

/** Values written in all the ways that the library knows, with comments and empty lines anywhere, and uneven blanks. */
const yamlTexts = fc
  .record({
    root: fc.dictionary(keys, values, { minKeys: 1, maxKeys: 5 }),
    choices: fc.infiniteStream(fc.nat({ max: 11 })),
    indent: fc.integer({ min: 1, max: 6 }),
    indentSeq: fc.boolean(),
    padding: fc.boolean(),
    width: fc.constantFrom(0, 40, 80),
  })
  .map(({ root, choices, indent, indentSeq, padding, width }) => {
    const document = new Document(root, { aliasDuplicateObjects: false });
    const next = (): number => choices.next().value ?? 0;
    visit(document, {
      Collection(_key, node) {
        if (next() < 3) node.flow = true;
        else decorate(node, next);
      },
      Scalar(key, node) {
        if (key === 'key') return;
        decorate(node, next);
        const style = next();
        if (isScalar(node) && typeof node.value === 'string') {
          if (style === 0) node.type = 'QUOTE_DOUBLE';
          if (style === 1) node.type = 'QUOTE_SINGLE';
          if (style === 2 && node.value.trim() !== '') node.type = 'BLOCK_LITERAL';
          if (style === 3 && node.value.trim() !== '') node.type = 'BLOCK_FOLDED';
        }
      },
    });
    const text = document.toString({ indent, indentSeq, flowCollectionPadding: padding, lineWidth: width });
    return text.replace(/^([ ]*[a-zA-Z.]+):(?= [a-z\d])/gm, (key) => (next() < 3 ? `${key}   ` : key));
  })
  .filter((text) => isReadable(text));

function decorate(
  node: { commentBefore?: string | null; comment?: string | null; spaceBefore?: boolean },
  next: () => number,
): void {
  if (next() === 0) node.commentBefore = ' before\n again';
  if (next() === 0) node.comment = ' behind';
  if (next() === 0) node.spaceBefore = true;
}

function isReadable(text: string): boolean {
  try {
    parse(text);
    return true;
  } catch {
    return false;
  }
}
