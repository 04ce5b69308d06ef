import { describe, expect, it } from 'vitest';
import { didYouMean, nearestWord } from './did-you-mean.js';

const WORDS = ['enforce', 'report', 'off'];

describe('the word that was probably meant', () => {
  it.each([
    ['enfroce', 'enforce'],
    ['Enforce', 'enforce'],
    ['REPORT', 'report'],
    ['of', 'off'],
    ['reports', 'report'],
    ['block', undefined],
    ['', undefined],
    ['x'.repeat(201), undefined],
  ])('by %j is %s', (word, expected) => {
    expect(nearestWord(word, WORDS)).toBe(expected);
  });

  it('is none where there are no words', () => {
    expect(nearestWord('enforce', [])).toBeUndefined();
    expect(didYouMean('enforce', [])).toBeUndefined();
  });

  it('becomes a hint, with all words where none is near and they are few', () => {
    const many = Array.from({ length: 13 }, (_, index) => `word-${index}`);
    expect(didYouMean('enfroce', WORDS)).toBe('Did you mean enforce?');
    expect(didYouMean('block', WORDS)).toBe('One of: enforce, report, off.');
    expect(didYouMean('block', many)).toBeUndefined();
  });
});
