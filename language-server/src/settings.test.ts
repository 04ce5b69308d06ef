import { describe, expect, it } from 'vitest';
import { readInitializationOptions } from './settings.js';

describe('what a client says when it starts the server', () => {
  it('is taken over where it is ours and of the right type', () => {
    const given = {
      policyFolders: ['a', 1, ''],
      diagnostics: 'push',
      now: '2026-09-08',
      commands: true,
      findingsPage: 'file:///f',
    };
    expect(readInitializationOptions(given)).toEqual({ ...given, policyFolders: ['a'] });
  });

  it.each([undefined, null, 1, 'a', [], { commands: 'yes', diagnostics: 'both', now: 1, findingsPage: {}, other: 1 }])(
    'counts as absent where it is not: %j',
    (given) => {
      expect(readInitializationOptions(given)).toEqual({ policyFolders: [] });
    },
  );
});
