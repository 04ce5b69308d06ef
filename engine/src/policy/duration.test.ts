import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { durationMillis, formatDuration, MAX_DURATION, parseDuration } from './duration.js';
import { naiveDuration } from './naive-operators.fixture.js';

const DAY = 86_400_000;

describe('a duration', () => {
  it.each([
    ['0d', 0],
    ['30d', 30 * DAY],
    ['2w', 14 * DAY],
    ['12h', 12 * 3_600_000],
    ['90m', 90 * 60_000],
    ['1d12h', 1.5 * DAY],
    ['1w1d1h1m1s', 8 * DAY + 3_661_000],
    ['007d', 7 * DAY],
  ])('%s has %d milliseconds', (text, expected) => {
    expect(parseDuration(text)).toBe(expected);
  });

  it.each(['', '30', 'd', '-1d', '1.5d', '1 d', '1D', '12h1d', '1d1d', '30days', '1y', ' 1d', '1e3d', '1000000000d'])(
    '%j is none',
    (text) => {
      expect(parseDuration(text)).toBeUndefined();
    },
  );

  it('has at most 1,000 years', () => {
    expect(parseDuration('365250d')).toBe(MAX_DURATION);
    expect(parseDuration('365250d1s')).toBeUndefined();
  });

  it.each([
    [0, '0s'],
    [999, '0s'],
    [1_000, '1s'],
    [35 * DAY + 2 * 3_600_000, '35d2h'],
    [14 * DAY, '14d'],
  ])('of %d milliseconds is written %s', (millis, expected) => {
    expect(formatDuration(durationMillis(millis))).toBe(expected);
  });

  it('is read as it was written, to the second', () => {
    fc.assert(
      fc.property(fc.nat(MAX_DURATION), (millis) => {
        expect(parseDuration(formatDuration(durationMillis(millis)))).toBe(millis - (millis % 1000));
      }),
    );
  });

  it('is the sum of its parts', () => {
    const parts = fc.tuple(fc.nat(99), fc.nat(99), fc.nat(99), fc.nat(99), fc.nat(99));
    fc.assert(
      fc.property(parts, ([weeks, days, hours, minutes, seconds]) => {
        const text = `${weeks}w${days}d${hours}h${minutes}m${seconds}s`;
        expect(parseDuration(text)).toBe(naiveDuration(text));
      }),
    );
  });
});
