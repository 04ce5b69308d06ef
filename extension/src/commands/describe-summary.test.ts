import { expect, it } from 'vitest';
import { describeSummary } from './describe-summary.js';

it.each([
  [{ policies: 1, errors: 1, warnings: 1, infos: 1 }, 'p: 1 policy, 1 error, 1 warning, 1 note.'],
  [{ policies: 2, errors: 0, warnings: 3, infos: 6 }, 'p: 2 policies, 0 errors, 3 warnings, 6 notes.'],
])('%j is told in words: %s', (counts, told) => {
  expect(describeSummary('p', { uri: 'file:///p', files: 4, ...counts })).toBe(told);
});
