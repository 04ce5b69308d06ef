import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { FINDING_SEVERITIES } from '../policy/finding.js';
import { instantOf } from '../policy/policy-text.fixture.js';
import { readPolicyFolder } from '../policy/read-policy-folder.js';
import { checkPolicySet } from './check-policies.js';

/** A policy folder with one example of every finding. Comments in its files name the finding of their line. */
const FOLDER = fileURLToPath(new URL('../policy/fixtures/every-finding', import.meta.url));
const NOW = instantOf('2026-09-08T00:00:00Z');

const files = await readPolicyFolder(FOLDER);
const { findings, policySet } = checkPolicySet(files, NOW);

describe('the folder with every finding', () => {
  test('gives every code once and no other', () => {
    expect(findings.map(({ code }) => code).sort()).toEqual(Object.keys(FINDING_SEVERITIES).sort());
  });

  test('gives the findings of the golden file, each at its place, with its message and hint', async () => {
    const expected: unknown = JSON.parse(await readFile(join(FOLDER, 'expected.json'), 'utf8'));
    expect(JSON.parse(JSON.stringify(findings))).toEqual(expected);
  });

  test('gives each finding in the line whose comment names it', () => {
    const named = files.flatMap(({ path, content }) => commentsIn(path, content));
    expect(named.length).toBeGreaterThan(45);
    const found = findings.map(({ file, range, code }) => `${file}:${range.start.line} ${code}`);
    expect(found).toEqual(expect.arrayContaining(named));
  });

  test('gives no policy set', () => {
    expect(policySet).toBeUndefined();
  });
});

function commentsIn(path: string, content: (typeof files)[number]['content']): string[] {
  if (!(content instanceof Uint8Array)) return [];
  return new TextDecoder()
    .decode(content)
    .split('\n')
    .flatMap((line, index) => {
      const code = /\S.* # ([a-z-]+)(?::|$)/.exec(line)?.[1];
      return code !== undefined && Object.hasOwn(FINDING_SEVERITIES, code) ? [`${path}:${index + 1} ${code}`] : [];
    });
}
