/** Where a text stops being JSON (RFC 8259), and what was expected there. */
export interface JsonProblem {
  readonly offset: number;
  readonly length: number;
  readonly expected: string;
}

const SPACE = /[ \t\r\n]*/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: RFC 8259 §7 wants them escaped
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const LITERAL = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/y;
const WORD = /[\w.+-]+|\/\/|\/\*|[\s\S]/y;

/**
 * Finds the first place at which a text is not JSON. `JSON.parse` tells this in words only, which differ by its version.
 *
 * @returns undefined where the text is JSON
 */
export function findJsonProblem(text: string): JsonProblem | undefined {
  const open: ('{' | '[')[] = [];
  let offset = 0;
  let expected: 'value' | 'value or end' | 'key' | 'key or end' | 'next' = 'value';
  const read = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = offset;
    const [found] = pattern.exec(text) ?? [];
    offset += found?.length ?? 0;
    return found;
  };
  const problem = (what: string): JsonProblem => {
    const start = offset;
    return { offset: start, length: read(WORD)?.length ?? 0, expected: what };
  };
  while (true) {
    read(SPACE);
    const character = text[offset];
    const inner = open.at(-1);
    const closing = inner === '{' ? '}' : ']';
    const mayClose = inner !== undefined && (expected === 'next' || expected.endsWith('or end'));
    if (mayClose && character === closing) {
      open.pop();
      offset++;
      expected = 'next';
    } else if (expected === 'next') {
      if (inner === undefined) return offset === text.length ? undefined : problem('the end of the file');
      if (character !== ',') return problem(`a comma or ${closing}`);
      offset++;
      expected = inner === '{' ? 'key' : 'value';
    } else if (expected.startsWith('key')) {
      if (read(STRING) === undefined) return problem('a key in double quotes');
      read(SPACE);
      if (text[offset] !== ':') return problem('a colon');
      offset++;
      expected = 'value';
    } else if (character === '{' || character === '[') {
      open.push(character);
      offset++;
      expected = character === '{' ? 'key or end' : 'value or end';
    } else {
      if (read(STRING) === undefined && read(LITERAL) === undefined) return problem('a value');
      expected = 'next';
    }
  }
}
