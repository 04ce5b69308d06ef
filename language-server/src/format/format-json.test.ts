import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatJson } from './format-json.js';

describe('JSON, laid out', () => {
  it.each([
    ['{"a":1,"b":[1,2],"c":{}}', '{ "a": 1, "b": [1, 2], "c": {} }\n'],
    ['{\n"a":1,"b":[ ]}', '{\n  "a": 1,\n  "b": []\n}\n'],
    ['{ "a": [\n1], "b": 2 }', '{\n  "a": [\n    1\n  ],\n  "b": 2\n}\n'],
    ['{\n"a":1,\n\n\n\n"b":2\n}', '{\n  "a": 1,\n\n  "b": 2\n}\n'],
    ['[1.0, 1e3, "\\u0041", "a, b: {c}"]', '[1.0, 1e3, "\\u0041", "a, b: {c}"]\n'],
    [' "a" ', '"a"\n'],
  ])('%j is %j', (text, expected) => {
    expect(formatJson(text, '  ')).toBe(expected);
  });

  it('breaks what is too long for a line', () => {
    const items = Array.from({ length: 40 }, () => 'abc');
    expect(formatJson(JSON.stringify({ items }), '  ').split('\n')).toHaveLength(45);
  });

  it('keeps how lines end', () => {
    expect(formatJson('{\r\n"a":1}', '\t')).toBe('{\r\n\t"a": 1\r\n}\r\n');
  });

  it('says the same and is laid out already', () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.constantFrom(0, 1, 3),
        fc.constantFrom('  ', '    ', '\t'),
        (value, indent, unit) => {
          const text = JSON.stringify(value, null, indent);
          const formatted = formatJson(text, unit);
          expect(JSON.parse(formatted)).toEqual(JSON.parse(text));
          expect(formatJson(formatted, unit)).toBe(formatted);
        },
      ),
      { numRuns: 300 },
    );
  });
});
