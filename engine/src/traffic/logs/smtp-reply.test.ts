import { describe, expect, it } from 'vitest';
import { outcomeOfReply } from './smtp-reply.js';

describe('what a reply says', () => {
  it.each([
    ['250 2.1.5 Recipient OK', { kind: 'accepted' }],
    ['250', { kind: 'accepted' }],
    ['550 5.7.1 Access denied', { kind: 'rejected', code: 550, status: '5.7.1' }],
    ['550-5.7.1 Access denied', { kind: 'rejected', code: 550, status: '5.7.1' }],
    ['450 Later', { kind: 'rejected', code: 450 }],
    ['450 4.7.1', { kind: 'rejected', code: 450, status: '4.7.1' }],
    ['550 5.7.1.2 is an address', { kind: 'rejected', code: 550 }],
    ['354 Start mail input', undefined],
    ['5501', undefined],
    ['Queued', undefined],
    ['', undefined],
  ])('%s', (text, outcome) => {
    expect(outcomeOfReply(text)).toEqual(outcome);
  });
});
