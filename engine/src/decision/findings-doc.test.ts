import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { FINDING_SEVERITIES, type FindingCode } from '../policy/finding.js';
import { instantOf } from '../policy/policy-text.fixture.js';
import { readPolicyFolder } from '../policy/read-policy-folder.js';
import { checkPolicySet } from './check-policies.js';
import { FINDING_ENTRIES, type FindingExample, textOfExample } from './findings-doc.fixture.js';

const NOW = instantOf('2026-09-08T00:00:00Z');

describe('docs/findings.md', () => {
  test('has one entry for each code', () => {
    expect(FINDING_ENTRIES.map(({ code }) => code).sort()).toEqual(Object.keys(FINDING_SEVERITIES).sort());
  });

  test.each(FINDING_ENTRIES)('tells the severity of $code', ({ code, severity }) => {
    expect(severity).toBe(FINDING_SEVERITIES[code as FindingCode]);
  });

  test.each(FINDING_ENTRIES)(
    'has a wrong example of $code that gives it and nothing else',
    async ({ code, examples }) => {
      expect(await codesOf(examples, 'wrong')).toEqual([code]);
    },
  );

  test.each(FINDING_ENTRIES)('has a right example of $code that gives nothing', async ({ examples }) => {
    expect(await codesOf(examples, 'right')).toEqual([]);
  });
});

/** Makes the files of the examples in a folder of their own and checks it. */
async function codesOf(examples: readonly FindingExample[], verdict: string): Promise<string[]> {
  const chosen = examples.filter((each) => each.verdict === verdict);
  expect(chosen).not.toEqual([]);
  const folder = await mkdtemp(join(tmpdir(), 'sluice-findings-'));
  try {
    for (const example of chosen) await make(folder, example);
    return checkPolicySet(await readPolicyFolder(folder), NOW).findings.map(({ code }) => code);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function make(folder: string, example: FindingExample): Promise<void> {
  const { language, file, text } = example;
  if (language === 'sh') await promisify(execFile)('sh', ['-euc', text], { cwd: folder });
  else await writeFile(join(folder, file ?? ''), textOfExample(example));
}
