import { parseDuration } from '@sluice/engine/policy/duration.js';
import { parseInstant } from '@sluice/engine/policy/instant.js';
import { describe, expect, it } from 'vitest';
import { NOW } from '../workspace/document.fixture.js';
import { clockWords, counted, distanceWords, durationWords, listed, listedFirst } from './words.js';

describe('words', () => {
  it.each([
    ['0d', 'no time'],
    ['1s', '1 second'],
    ['90m', '1 hour and 30 minutes'],
    ['2w', '14 days'],
    ['1d2h3m4s', '1 day, 2 hours, 3 minutes and 4 seconds'],
  ])('of the duration %s are %s', (text, words) => {
    expect(durationWords(parseDuration(text) ?? expect.fail())).toBe(words);
  });

  it.each([
    ['0d', 'day 0'],
    ['2w', 'day 14'],
    ['12h', '12 hours'],
    ['1d12h', '1 day and 12 hours'],
  ])('of the time %s on a clock are %s', (text, words) => {
    expect(clockWords(parseDuration(text) ?? expect.fail())).toBe(words);
  });

  it.each([
    ['2026-09-08', 'today'],
    ['2026-09-08T23:59:59Z', 'today'],
    ['2026-09-09', 'in 1 day'],
    ['2026-09-07T23:59:59Z', '1 day ago'],
    ['2029-09-08', 'in 1,096 days'],
  ])('say that %s is %s', (text, words) => {
    expect(distanceWords(parseInstant(text) ?? expect.fail(), NOW)).toBe(words);
  });

  it('count things and list them', () => {
    expect([counted(0, 'build'), counted(1, 'build'), counted(1204, 'build')]).toEqual([
      '0 builds',
      '1 build',
      '1,204 builds',
    ]);
    expect([listed([]), listed(['a']), listed(['a', 'b', 'c'])]).toEqual(['', 'a', 'a, b and c']);
    expect([listedFirst(['a', 'b'], 2), listedFirst(['a', 'b', 'c', 'd'], 2)]).toEqual(['a, b', 'a, b and 2 more']);
  });
});
