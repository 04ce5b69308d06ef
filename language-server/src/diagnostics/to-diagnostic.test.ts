import { finding, relatedTo } from '@sluice/engine/policy/finding.js';
import { describe, expect, it } from 'vitest';
import { toDiagnostic } from './to-diagnostic.js';

const RANGE = { start: { line: 2, column: 3 }, end: { line: 2, column: 9 } };
const OTHER = { start: { line: 7, column: 5 }, end: { line: 9, column: 1 } };

describe('a diagnostic', () => {
  it('shows the other places that its finding is about', () => {
    const related = relatedTo({ file: 'b.policy.yaml', range: OTHER }, 'The policy b.');
    const found = finding('policy-conflict', { file: 'a.policy.yaml', range: RANGE }, 'Both.', 'Choose.', related);
    expect(toDiagnostic(found, 'https://a.example/findings', (path) => `file:///${path}`)).toEqual({
      range: { start: { line: 1, character: 2 }, end: { line: 1, character: 8 } },
      severity: 1,
      code: 'policy-conflict',
      codeDescription: { href: 'https://a.example/findings#policy-conflict' },
      source: 'sluice',
      message: 'Both.\nChoose.',
      relatedInformation: [
        {
          location: {
            uri: 'file:///b.policy.yaml',
            range: { start: { line: 6, character: 4 }, end: { line: 6, character: 5 } },
          },
          message: 'The policy b.',
        },
      ],
    });
  });
});
