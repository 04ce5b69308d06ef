import { describe, expect, it } from 'vitest';
import { nearestReply } from './nearest-reply.js';

describe('what was meant to be a reply', () => {
  it.each([
    ['550 Out of date.', 'block', '550 5.7.230 Out of date.'],
    ['Out of date.', 'throttle', '450 4.7.230 Out of date.'],
    ['550  5.7.1   Out of date.', 'block', '550 5.7.1 Out of date.'],
    ['550-5.7.1 Out of date.', 'block', '550 5.7.1 Out of date.'],
    ['550 5.7.1 Out of date.', 'throttle', '450 4.7.1 Out of date.'],
    ['250 2.0.0 Out of date.', 'block', '550 5.0.0 Out of date.'],
    ['550 5.7.1 Out\n  of date.\n', 'block', '550 5.7.1 Out of date.'],
    ['550 5.7.1 “Résumé” – ‘now’…', 'block', '550 5.7.1 "Resume" - \'now\'...'],
    ['550 5.7.1', 'block', undefined],
    ['', 'block', undefined],
  ] as const)('by %j to %s is %j', (text, use, expected) => {
    expect(nearestReply(text, use)).toBe(expected);
  });
});
