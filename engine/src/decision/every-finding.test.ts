import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { FINDING_SEVERITIES } from '../policy/finding.js';
import type { PolicyFile } from '../policy/policy-file.js';
import { instantOf } from '../policy/policy-text.fixture.js';
import { readPolicyFolder } from '../policy/read-policy-folder.js';
import { checkPolicySet } from './check-policies.js';

/**
 * Policy folders that together have one example of every finding: one full of errors, one without any for what is told of
 * whole sets only, one that is too large for an exact analysis. Comments in their files name the finding of their line.
 */
const FOLDERS = ['every-finding', 'every-finding-of-whole-sets', 'every-finding-of-large-sets'];
const NOW = instantOf('2026-09-08T00:00:00Z');

const checked = await Promise.all(
  FOLDERS.map(async (name) => {
    const folder = fileURLToPath(new URL(`../policy/fixtures/${name}`, import.meta.url));
    const files = await readPolicyFolder(folder);
    return { name, folder, files, ...checkPolicySet(files, NOW) };
  }),
);

test('the folders with every finding give every code once and no other', () => {
  const codes = checked.flatMap(({ findings }) => findings.map(({ code }) => code));
  expect(codes.sort()).toEqual(Object.keys(FINDING_SEVERITIES).sort());
});

describe.each(checked)('the folder $name', ({ folder, files, findings, policySet }) => {
  test('gives the findings of its golden file, each at its place, with its message and hint', async () => {
    const expected: unknown = JSON.parse(await readFile(join(folder, 'expected.json'), 'utf8'));
    expect(JSON.parse(JSON.stringify(findings))).toEqual(expected);
  });

  test('gives each finding in the line whose comment names it', () => {
    const named = files.flatMap(({ path, content }) => commentsIn(path, content));
    const found = findings.map(({ file, range, code }) => `${file}:${range.start.line} ${code}`);
    expect(named).not.toEqual([]);
    expect(found).toEqual(expect.arrayContaining(named));
  });

  test('gives a policy set unless a finding is an error', () => {
    expect(policySet === undefined).toBe(findings.some(({ severity }) => severity === 'error'));
  });
});

test('comments name most findings', () => {
  const named = checked.flatMap(({ files }) => files.flatMap(({ path, content }) => commentsIn(path, content)));
  expect(named.length).toBeGreaterThan(50);
});

function commentsIn(path: string, content: PolicyFile['content']): string[] {
  if (!(content instanceof Uint8Array)) return [];
  return new TextDecoder()
    .decode(content)
    .split('\n')
    .flatMap((line, index) => {
      const code = /\S.* # ([a-z-]+)(?::|$)/.exec(line)?.[1];
      return code !== undefined && Object.hasOwn(FINDING_SEVERITIES, code) ? [`${path}:${index + 1} ${code}`] : [];
    });
}
