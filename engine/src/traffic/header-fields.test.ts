import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_FIELD_LENGTH, MAX_HEADER_FIELDS, MAX_HEADER_LENGTH, readHeaderFields, unfold } from './header-fields.js';

const MEGABYTE = 1024 * 1024;

describe('unfold', () => {
  it.each([
    ['a\r\n b', 'a b'],
    ['a\n\tb', 'a b'],
    ['a \r\n        b', 'a b'],
    ['  a  b \r\n', 'a b'],
    ['', ''],
  ])('%j becomes %j', (value, expected) => {
    expect(unfold(value)).toBe(expected);
  });

  it.each([' ', '\r', '\n', '\r\n ', ' a'])('a megabyte of %j does not hang', (unit) => {
    expect(unfold(unit.repeat(MEGABYTE / unit.length)).length).toBeLessThanOrEqual(MEGABYTE);
  });
});

describe('readHeaderFields', () => {
  const A_AND_B = [
    { name: 'A', value: '1\n 2' },
    { name: 'B', value: '3' },
  ];

  it.each([
    ['LF', 'A: 1\n 2\nB: 3\n\nC: 4\n'],
    ['CRLF', 'A: 1\r\n 2\r\nB: 3\r\n\r\nC: 4\r\n'],
    ['no blank line at the end', 'A: 1\n 2\nB: 3\n'],
    ['no line end at all', 'A: 1\n 2\nB: 3'],
    ['blank lines before', '\r\n\nA: 1\n 2\nB: 3\n\nC: 4'],
    ['a byte order mark', '\uFEFFA: 1\n 2\nB: 3'],
    ['an mbox line', 'From a@corp.example Thu Jan  1 00:00:00 2026\nA: 1\n 2\nB: 3'],
    ['a quoted mbox line', '>From a@corp.example Thu Jan  1 00:00:00 2026\nA: 1\n 2\nB: 3'],
    ['a quoted mbox line inside', 'A: 1\n 2\n>From a@corp.example Thu\nB: 3'],
    ['blanks before the colon', 'A : 1\n 2\nB\t: 3'],
    ['no blank after the colon', 'A:1\n 2\nB:3'],
    ['a continuation of nothing', ' 0\nA: 1\n 2\nB: 3'],
    ['a line that is no field', 'A: 1\n 2\nB: 3\nHello world\nC: 4'],
    ['a field name with a blank', 'A: 1\n 2\nB: 3\nHello world: 5\nC: 4'],
  ])('reads two fields from a block with %s', (_name, block) => {
    expect(readHeaderFields(block)).toEqual(A_AND_B);
    expect(readHeaderFields(Buffer.from(block))).toEqual(A_AND_B);
  });

  it('keeps blanks within and after a value, and a line of blanks as a continuation', () => {
    expect(readHeaderFields('A: 1  2 \n \nB: 3')).toEqual([
      { name: 'A', value: '1  2 \n ' },
      { name: 'B', value: '3' },
    ]);
  });

  it('keeps the first 1000 fields', () => {
    const fields = readHeaderFields('A: 1\n'.repeat(MAX_HEADER_FIELDS + 5));
    expect(fields).toHaveLength(MAX_HEADER_FIELDS);
  });

  it('cuts a long field at a blank, never inside a word', () => {
    const [inLine] = readHeaderFields(`A: ${'15.1.2507.39 '.repeat(MAX_FIELD_LENGTH)}`);
    expect(inLine?.value.endsWith('15.1.2507.39')).toBe(true);
    expect(inLine?.value.length).toBeLessThanOrEqual(MAX_FIELD_LENGTH);
    const [folded] = readHeaderFields(`A: 1${'\n 15.1.2507.39'.repeat(MAX_FIELD_LENGTH / 8)}`);
    expect(folded?.value.endsWith('\n 15.1.2507.39')).toBe(true);
    expect(folded?.value.length).toBeLessThanOrEqual(MAX_FIELD_LENGTH);
  });

  it.each([
    ['text', (text: string) => text],
    ['bytes', (text: string) => Buffer.from(text)],
  ])('reads a megabyte of %s and no part of a line after it', (_name, encode) => {
    const line = `A: ${'ä'.repeat(10_000)}\n`;
    const fields = readHeaderFields(encode(line.repeat(2 * (MAX_HEADER_LENGTH / line.length))));
    expect(fields).toHaveLength(Math.floor(MAX_HEADER_LENGTH / line.length));
    expect(fields.at(-1)?.value).toBe('ä'.repeat(10_000));
  });

  it.each(['a', ':', ' ', '\n', '\r', '\n ', 'a:', 'a:\n', '\t\n', '>From \n', 'From \n', '\0'])(
    'reads megabytes of %j without hanging',
    (unit) => {
      expect(readHeaderFields(unit.repeat(4 * MEGABYTE)).length).toBeLessThanOrEqual(MAX_HEADER_FIELDS);
    },
  );

  it('never throws, whatever the text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => Array.isArray(readHeaderFields(text))));
    fc.assert(fc.property(fc.uint8Array(), (bytes) => Array.isArray(readHeaderFields(bytes))));
  });

  it('reads back any fields that were written', () => {
    const name = fc.stringMatching(/^[!-9;-~]{1,20}$/);
    const value = fc.stringMatching(/^([!-~]([ -~]|\n [!-~])*)?$/);
    fc.assert(
      fc.property(
        fc.array(fc.record({ name, value }), { minLength: 1 }),
        fc.constantFrom('\n', '\r\n'),
        (fields, end) => {
          const block = fields.map((field) => `${field.name}: ${field.value}\n`).join('');
          expect(readHeaderFields(block.replaceAll('\n', end))).toEqual(fields);
        },
      ),
    );
  });
});
