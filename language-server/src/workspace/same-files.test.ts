import type { PolicyFile } from '@sluice/engine/policy/policy-file.js';
import { describe, expect, it } from 'vitest';
import { areSameFiles } from './same-files.js';

const file = (path: string, text: string): PolicyFile => ({ path, content: new TextEncoder().encode(text) });
const broken: PolicyFile = { path: 'a', content: { unreadable: 'EACCES' } };

describe('files are the same', () => {
  it.each<[string, readonly PolicyFile[], readonly PolicyFile[], boolean]>([
    ['none', [], [], true],
    ['where names and octets are', [file('a', 'x')], [file('a', 'x')], true],
    ['not with other octets', [file('a', 'x')], [file('a', 'y')], false],
    ['not with more octets', [file('a', 'x')], [file('a', 'xx')], false],
    ['not with another name', [file('a', 'x')], [file('b', 'x')], false],
    ['not where one is missing', [file('a', 'x'), file('b', 'x')], [file('a', 'x')], false],
    ['where none of both can be read', [broken], [broken], true],
    ['not where one can be read', [broken], [file('a', 'EACCES')], false],
  ])('%s', (_what, some, others, expected) => {
    expect(areSameFiles(some, others)).toBe(expected);
    expect(areSameFiles(others, some)).toBe(expected);
  });
});
