import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { instantOf } from '../../policy/policy-text.fixture.js';
import { readPolicyFolder } from '../../policy/read-policy-folder.js';
import { readPolicySet } from '../../policy/read-policy-set.js';
import { diffToJson } from './diff-json.js';
import { diffPolicySets } from './diff-policy-sets.js';
import { formatDiffMarkdown } from './format-diff-markdown.js';
import { formatDiffText } from './format-diff-text.js';

const FIXTURES = fileURLToPath(new URL('fixtures/', import.meta.url));
const NOW = instantOf('2026-09-08');
const NAMES = { before: 'before', after: 'after' };

describe('the diff of two folders', () => {
  it.each(readdirSync(FIXTURES))('%s is told as it was reviewed', async (name) => {
    const folder = `${FIXTURES}${name}`;
    const [before, after] = [await policySetIn(`${folder}/before`), await policySetIn(`${folder}/after`)];
    const diff = diffPolicySets(before, after, NOW);
    await expect(formatDiffText(diff, NAMES)).toMatchFileSnapshot(`${folder}/expected.txt`);
    if (!existsSync(`${folder}/expected.json`)) return;
    await expect(formatDiffMarkdown(diff, NAMES)).toMatchFileSnapshot(`${folder}/expected.md`);
    await expect(`${JSON.stringify(diffToJson(diff, NAMES), null, 2)}\n`).toMatchFileSnapshot(
      `${folder}/expected.json`,
    );
  });

  it.each(readdirSync(FIXTURES))('%s is equivalent to itself', async (name) => {
    const before = await policySetIn(`${FIXTURES}${name}/before`);
    expect(diffPolicySets(before, before, NOW)).toStrictEqual({ equivalent: true, differences: [], isCut: false });
  });
});

it('is shown in docs/diff.md as it is', async () => {
  const page = await readFile(new URL('../../../../docs/diff.md', import.meta.url), 'utf8');
  expect(page).toContain(await readFile(`${FIXTURES}boundaries/expected.txt`, 'utf8'));
});

async function policySetIn(folder: string) {
  const { policySet, findings } = readPolicySet(await readPolicyFolder(folder), NOW);
  if (policySet === undefined) throw new Error(JSON.stringify(findings));
  return policySet;
}
