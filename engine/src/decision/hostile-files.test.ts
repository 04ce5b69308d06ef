import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { HOSTILE_FOLDERS, type HostileFolder } from '../policy/hostile-files.fixture.js';
import { instantOf } from '../policy/policy-text.fixture.js';
import { checkPolicySet } from './check-policies.js';

const NOW = instantOf('2026-09-08T00:00:00Z');
/** Only keeps a check that hangs from holding up all tests. */
const HANG_MILLIS = 20_000;
const CHECKER = fileURLToPath(new URL('./hostile-files-checker.mjs', import.meta.url));

describe('a check of hostile policy files', () => {
  test.each(HOSTILE_FOLDERS)('ends with what it should find: $what', { timeout: HANG_MILLIS }, (folder) => {
    const { findings, policySet } = checkPolicySet(filesOf(folder), NOW);
    const isSingle = Object.keys(folder.files).length === 1;
    const found = findings.map(({ file, range, code }) => `${isSingle ? '' : `${file}:`}${range.start.line} ${code}`);
    expect(found.sort()).toEqual([...folder.findings].sort());
    expect(policySet === undefined).toBe(findings.some(({ severity }) => severity === 'error'));
  });

  test('needs no more than 256 MiB for the large ones', { timeout: 120_000 }, async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['--max-old-space-size=256', CHECKER, '200000']);
    expect(Number(stdout)).toBeGreaterThan(10);
  });
});

function filesOf({ files }: HostileFolder) {
  const encoder = new TextEncoder();
  return Object.entries(files).map(([path, content]) => ({
    path,
    content: typeof content === 'string' ? encoder.encode(content) : content,
  }));
}
