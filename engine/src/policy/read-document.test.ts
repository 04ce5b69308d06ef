import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DocumentNode, entryOf, nodeAt, plainValue } from './document-node.js';
import { MAX_DEPTH, MAX_FILE_OCTETS, readDocument, readDraft } from './read-document.js';

function read(text: string, file = 'a.policy.yaml') {
  return readDocument(file, new TextEncoder().encode(text));
}

function codesOf(text: string, file?: string): string[] {
  return read(text, file).findings.map(({ code, range }) => `${range.start.line}:${range.start.column} ${code}`);
}

describe('a document', () => {
  const text = ['name: a', 'list:', '  - 1', '  - "two": 2.5', "    x: 'é'", 'no: null', ''].join('\n');

  it('has the values of the file', () => {
    const { root, findings } = read(text);
    expect(findings).toEqual([]);
    expect(plainValue(root as never)).toEqual({ name: 'a', list: [1, { two: 2.5, x: 'é' }], no: null });
  });

  it.each([
    ['/name', '1:7-1:8'],
    ['/list', '3:3-5:11'],
    ['/list/0', '3:5-3:6'],
    ['/list/1/two', '4:12-4:15'],
    ['/list/1/x', '5:8-5:11'],
    ['/no', '6:5-6:9'],
  ])('has %s at %s', (pointer, expected) => {
    const { range } = nodeAt(read(text).root as never, pointer);
    const { start, end } = range;
    expect(`${start.line}:${start.column}-${end.line}:${end.column}`).toBe(expected);
  });

  it('has its places right behind a key that goes on over the end of a line', () => {
    expect(entryOf(readDraft('a.policy.yaml', '"a" b\nc: d\ne: { f: g }\n'), 'e')?.range).toEqual({
      start: { line: 3, column: 4 },
      end: { line: 3, column: 12 },
    });
  });

  it('is the same in YAML and JSON', () => {
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { maxDepth: 3 },
        fc.boolean(),
        fc.integer(),
        fc.string(),
        fc.constant(null),
        tie('list'),
        tie('map'),
      ),
      list: fc.array(tie('any'), { maxLength: 3 }),
      map: fc.dictionary(fc.string(), tie('any'), { maxKeys: 3 }),
    })).map;
    fc.assert(
      fc.property(value, (written) => {
        const json = JSON.stringify(written, null, 2).replaceAll('\u007f', '\\u007f');
        for (const file of ['a.policy.json', 'a.policy.yaml']) {
          const { root, findings } = read(json, file);
          expect(findings).toEqual([]);
          expect(JSON.stringify(plainValue(root as never))).toBe(JSON.stringify(written));
        }
      }),
    );
  });

  it('gives the values of a JSON file the places that YAML gives them', () => {
    const layout = fc.constantFrom(undefined, 1, '\t', ' \t ');
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 5 }),
        layout,
        fc.boolean(),
        (value, space, crlf) => {
          const json = JSON.stringify(value, null, space).replaceAll('\u007f', '\\u007f');
          const text = crlf ? json.replaceAll('\n', '\r\n') : json;
          const reread = read(text, 'a.policy.json');
          const asYaml = read(text, 'a.policy.yaml');
          expect(reread.findings).toEqual([]);
          // The parser takes a tab before a bracket for one that indents.
          if (asYaml.findings.length === 0) expect(placesOf(reread.root)).toEqual(placesOf(asYaml.root));
        },
      ),
    );
  });

  it('reads YAML 1.2: no, on and 0o are as core has them', () => {
    expect(plainValue(read('[no, yes, on, 0o17, 1e2, ~, 2026-09-08]').root as never)).toEqual([
      'no',
      'yes',
      'on',
      15,
      100,
      null,
      '2026-09-08',
    ]);
  });

  it('writes aliases out', () => {
    expect(plainValue(read('a: &x [1]\nb: *x\n').root as never)).toEqual({ a: [1], b: [1] });
  });

  it('takes the key __proto__ for a key like any other', () => {
    const plain = plainValue(read('__proto__: { polluted: true }\n').root as never) as object;
    expect(Object.keys(plain)).toEqual(['__proto__']);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it.each([
    ['', ['1:1 yaml-syntax']],
    ['# only a comment\n', ['1:1 yaml-syntax']],
    ['a: 1\na: 2\n', ['2:1 key-duplicate']],
    ['a: [1\n', expect.arrayContaining([expect.stringMatching(/^\d+:\d+ yaml-syntax$/)])],
    ['a: 1\n---\nb: 2\n', [expect.stringMatching(/ yaml-syntax$/)]],
    ['a: *nowhere\n', ['1:4 yaml-syntax']],
    ['[a]: 1\n', ['1:1 yaml-syntax']],
    ['a: !!binary aGk=\n', [expect.stringMatching(/ yaml-syntax$/)]],
    ['a: !<tag:x> y\n', [expect.stringMatching(/ yaml-syntax$/)]],
    ['a:\n\t- b\n', expect.arrayContaining([expect.stringMatching(/^2:\d+ yaml-syntax$/)])],
    ['a: &x [*x]\n', ['1:8 document-limits']],
    ['a: \u0000b\n', [expect.stringMatching(/^1:4 yaml-syntax$/)]],
  ])('%j is refused', (written, expected) => {
    expect(codesOf(written)).toEqual(expected);
  });

  it.each(['{"a": 1,}', "{'a': 1}", '{a: 1}', '{"a": 1} // x', 'a: 1', '{"a": 01}'])('%s is no JSON', (written) => {
    expect(codesOf(written, 'a.policy.json')).toEqual([expect.stringMatching(/^1:\d+ yaml-syntax$/)]);
  });

  it('is refused where it is no UTF-8, at the place', () => {
    const octets = Uint8Array.from([...new TextEncoder().encode('a: 1\nb: '), 0xff, 0x0a]);
    const [only, ...rest] = readDocument('a.policy.yaml', octets).findings;
    expect([only?.code, only?.range.start, rest]).toEqual(['file-encoding', { line: 2, column: 4 }, []]);
  });

  it('is refused where it is too large or too deep', () => {
    expect(codesOf('x'.repeat(MAX_FILE_OCTETS + 1))).toEqual(['1:1 document-limits']);
    expect(codesOf('['.repeat(100_000))).toEqual([expect.stringMatching(/document-limits$/)]);
    expect(codesOf(`${'['.repeat(MAX_DEPTH + 2)}${']'.repeat(MAX_DEPTH + 2)}`)).toEqual([
      expect.stringMatching(/document-limits$/),
    ]);
  });

  it('is never a reason to throw', () => {
    const pieces = fc.constantFrom(
      'a',
      ':',
      ' ',
      '\n',
      '- ',
      '[',
      ']',
      '{',
      '}',
      '&x',
      '*x',
      '"',
      "'",
      '|',
      '>',
      '#',
      '!',
      '?',
      '\t',
      '---',
      '%',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), (all) => {
        const { root, findings } = read(all.join(''));
        expect(root !== undefined || findings.length > 0).toBe(true);
      }),
      { numRuns: 2000 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (octets) => {
        const { root, findings } = readDocument('a.policy.json', octets);
        expect(root !== undefined || findings.length > 0).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});

/** All values, each with what it is and where. */
function placesOf(node: DocumentNode | undefined): unknown {
  if (node?.kind === 'list') return [node.range, node.items.map(placesOf)];
  if (node?.kind !== 'map') return [node?.range, node?.raw, node?.value];
  return [
    node.range,
    [...node.entries.values()].map(({ key, keySpan, value }) => [key, keySpan.range, placesOf(value)]),
  ];
}
