import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CsvFields } from './csv-fields.js';

function split(line: string, separator?: string): string[] | string {
  const fields = new CsvFields(separator?.charCodeAt(0));
  const octets = Buffer.from(line);
  return fields.read(octets, 0, octets.length) ?? fields.texts();
}

describe('the fields of a CSV line', () => {
  it.each<[string, string, string[] | string]>([
    ['an empty line', '', ['']],
    ['plain fields', 'a,b,c', ['a', 'b', 'c']],
    ['empty fields', ',a,,', ['', 'a', '', '']],
    ['quoted fields', '"a","b"', ['a', 'b']],
    ['a separator in quotes', '"a,b",c', ['a,b', 'c']],
    ['doubled quotes', '"say ""hi""",""""', ['say "hi"', '"']],
    ['an empty field in quotes', '"",a', ['', 'a']],
    ['a quote within a plain field', 'a "b" c,d', ['a "b" c', 'd']],
    ['an open quote', 'a,"b', 'a quote that is not closed'],
    ['a single quote at the end', 'a,"', 'a quote that is not closed'],
    ['text behind a quote', '"a"b,c', 'text behind a closing quote'],
    ['more fields than any table has', ','.repeat(5000), 'more than 4096 fields'],
  ])('reads %s', (_, line, expected) => {
    expect(split(line)).toEqual(expected);
  });

  it('splits at another separator', () => {
    expect(split('a,b;"c;d"', ';')).toEqual(['a,b', 'c;d']);
  });

  it('reads only the part of the octets that it is given', () => {
    const octets = Buffer.from('x,"a,b"');
    const fields = new CsvFields();
    expect(fields.read(octets, 2, 4)).toBe('a quote that is not closed');
    expect(fields.read(octets, 0, 2)).toBeUndefined();
    expect(fields.texts()).toEqual(['x', '']);
  });

  it('takes octets that are not UTF-8', () => {
    const fields = new CsvFields();
    const octets = Buffer.from([0xcf, 0xf0, 0x2c, 0x00]);
    expect(fields.read(octets, 0, octets.length)).toBeUndefined();
    expect(fields.texts()).toEqual(['\uFFFD\uFFFD', '\0']);
  });

  it('gives no more of a field than is asked for', () => {
    const fields = new CsvFields();
    const octets = Buffer.from('abc,d');
    expect(fields.read(octets, 0, octets.length)).toBeUndefined();
    expect([fields.text(0, 2), fields.text(1, 2), fields.text(2, 2)]).toEqual(['ab', 'd', undefined]);
  });

  it('gives back the fields that a line was written of', () => {
    const written = (field: string) => (/[",]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field);
    const field = fc.string({ unit: fc.constantFrom('a', '"', ',', ' ', 'ß') });
    fc.assert(
      fc.property(fc.array(field, { minLength: 1 }), (fields) => {
        expect(split(fields.map(written).join(','))).toEqual(fields);
      }),
    );
  });
});
