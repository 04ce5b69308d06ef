import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { epochMillis, formatInstant, parseInstant } from './instant.js';

describe('an instant', () => {
  it.each([
    ['2023-05-10', '2023-05-10T00:00:00Z'],
    ['2023-05-10T08:00:00Z', '2023-05-10T08:00:00Z'],
    ['2023-05-10t08:00:00z', '2023-05-10T08:00:00Z'],
    ['2023-05-10 08:00Z', '2023-05-10T08:00:00Z'],
    ['2023-05-10T08:00:00.5Z', '2023-05-10T08:00:00.500Z'],
    ['2023-05-10T08:00:00.123456789Z', '2023-05-10T08:00:00.123Z'],
    ['2023-05-10T00:30:00+02:00', '2023-05-09T22:30:00Z'],
    ['2023-12-31T23:30:00-01:00', '2024-01-01T00:30:00Z'],
    ['2024-02-29', '2024-02-29T00:00:00Z'],
    ['1969-12-31T23:59:59Z', '1969-12-31T23:59:59Z'],
  ])('%s is %s', (text, expected) => {
    expect(formatInstant(parseInstant(text) ?? epochMillis(0))).toBe(expected);
  });

  it.each([
    '',
    '2023',
    '2023-5-1',
    '2023-02-29',
    '2023-02-30',
    '2023-04-31',
    '2023-13-01',
    '2023-00-10',
    '2023-12-00',
    '2023-05-10T08:00:00',
    '2023-05-10T24:00:00Z',
    '2023-05-10T08:60:00Z',
    '2023-05-10T08:00:60Z',
    '2023-05-10T08:00:00+24:00',
    '2023-05-10T08:00:00+0200',
    '2023-05-10Z',
    ' 2023-05-10',
    '2023-05-10\n',
    '+35d',
    'yesterday',
    '١٢٣٤-05-10',
  ])('%j is none', (text) => {
    expect(parseInstant(text)).toBeUndefined();
  });

  it('is read as it was written', () => {
    const instants = fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(instants, (date) => {
        const instant = epochMillis(date.getTime());
        expect(parseInstant(formatInstant(instant))).toBe(instant);
      }),
    );
  });
});
