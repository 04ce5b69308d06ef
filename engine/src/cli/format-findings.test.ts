import { describe, expect, it } from 'vitest';
import { finding } from '../policy/finding.js';
import { formatFindings } from './format-findings.js';

const OPTIONS = { colours: false, version: '1.0.0', files: 1 };
const RANGE = { start: { line: 3, column: 7 }, end: { line: 3, column: 11 } };
const OTHER = { start: { line: 1, column: 1 }, end: { line: 1, column: 2 } };
const FOUND = finding('name-duplicate', { file: 'a b.policy.yaml', range: RANGE }, 'Two.', 'Rename one.', {
  fix: { range: RANGE, text: 'two' },
  related: [{ file: 'c.policy.yaml', range: OTHER, message: 'The other one.' }],
});

describe('findings', () => {
  it('have their fix and related places in JSON', () => {
    expect(JSON.parse(formatFindings('json', [FOUND], OPTIONS))).toEqual([JSON.parse(JSON.stringify(FOUND))]);
  });

  it('have their fix and related places in SARIF', () => {
    const { runs } = JSON.parse(formatFindings('sarif', [FOUND], OPTIONS)) as { runs: { results: object[] }[] };
    const region = { startLine: 3, startColumn: 7, endLine: 3, endColumn: 11 };
    expect(runs[0]?.results[0]).toMatchObject({
      locations: [{ physicalLocation: { artifactLocation: { uri: 'a%20b.policy.yaml' }, region } }],
      relatedLocations: [
        {
          message: { text: 'The other one.' },
          physicalLocation: { artifactLocation: { uri: 'c.policy.yaml' }, region: { startLine: 1 } },
        },
      ],
      fixes: [
        {
          artifactChanges: [
            {
              artifactLocation: { uri: 'a%20b.policy.yaml' },
              replacements: [{ deletedRegion: region, insertedContent: { text: 'two' } }],
            },
          ],
        },
      ],
    });
  });

  it('without a fix or related places have none in SARIF', () => {
    const plain = finding('list-empty', { file: 'a.policy.yaml', range: RANGE }, 'Empty.');
    const { runs } = JSON.parse(formatFindings('sarif', [plain], OPTIONS)) as { runs: { results: object[] }[] };
    expect(Object.keys(runs[0]?.results[0] ?? {})).toEqual(['ruleId', 'ruleIndex', 'level', 'message', 'locations']);
  });
});
