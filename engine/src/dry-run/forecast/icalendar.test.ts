import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { instantOf } from '../../policy/policy-text.fixture.js';
import { escapeText, foldLine, formatICalendar } from './icalendar.js';

const octetsOf = (text: string) => Buffer.byteLength(text);

describe('folding (RFC 5545 §3.1)', () => {
  test.each([
    ['75 octets are one line', 'a'.repeat(75), ['a'.repeat(75)]],
    ['the 76th stands on the next', 'a'.repeat(76), ['a'.repeat(75), ' a']],
    ['the space before it counts', 'a'.repeat(150), ['a'.repeat(75), ` ${'a'.repeat(74)}`, ' a']],
    ['a character is not torn apart', `${'a'.repeat(74)}é`, ['a'.repeat(74), ' é']],
    ['nor one of two code units', `${'a'.repeat(73)}😀😀`, ['a'.repeat(73), ' 😀😀']],
    ['nothing is one line', '', ['']],
  ])('%s', (_name, line, expected) => {
    expect(foldLine(line).split('\r\n')).toStrictEqual(expected);
  });

  test('no line is longer than 75 octets, and unfolding gives the line again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), (text) => {
        const line = text.replace(/[\r\n]/g, '');
        const folded = foldLine(line);
        for (const each of folded.split('\r\n')) expect(octetsOf(each)).toBeLessThanOrEqual(75);
        expect(folded.replaceAll('\r\n ', '')).toBe(line);
      }),
    );
  });
});

describe('text (RFC 5545 §3.3.11)', () => {
  test.each([
    ['a;b,c', 'a\\;b\\,c'],
    ['C:\\mail', 'C:\\\\mail'],
    ['one\ntwo\r\nthree\rfour', 'one\\ntwo\\nthree\\nfour'],
    ['a:b "c"', 'a:b "c"'],
    ['bell\u0007 and escape\u001b[31m', 'bell and escape[31m'],
    ['a\tb', 'a\tb'],
  ])('%j becomes %j', (text, escaped) => {
    expect(escapeText(text)).toBe(escaped);
  });

  test('what is unescaped is the text again', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '\\', ';', ',', '\n', 'n', ' ') }), (text) => {
        const read = escapeText(text).replace(/\\(.)/g, (_all, next: string) => (next === 'n' ? '\n' : next));
        expect(read).toBe(text);
      }),
    );
  });
});

test('a calendar is lines with CRLF, each event with its own stamp', () => {
  const text = formatICalendar({
    name: 'Stages',
    stamp: instantOf('2026-09-08'),
    events: [{ uid: 'a@sluice', at: instantOf('2026-10-08T14:30:05.678Z'), summary: 'One, two', description: 'x\ny' }],
  });
  expect(text.split('\r\n')).toStrictEqual([
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Sluice//sluice forecast//EN',
    'CALSCALE:GREGORIAN',
    'X-WR-CALNAME:Stages',
    'BEGIN:VEVENT',
    'UID:a@sluice',
    'DTSTAMP:20260908T000000Z',
    'DTSTART:20261008T143005Z',
    'SUMMARY:One\\, two',
    'DESCRIPTION:x\\ny',
    'TRANSP:TRANSPARENT',
    'END:VEVENT',
    'END:VCALENDAR',
    '',
  ]);
});
