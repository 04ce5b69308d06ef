import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { FINDING_SEVERITIES, type FindingCode } from '../policy/finding.js';
import { instantOf } from '../policy/policy-text.fixture.js';
import { readPolicyFolder } from '../policy/read-policy-folder.js';
import { checkPolicySet } from './check-policies.js';

const PAGE = await readFile(new URL('../../../docs/findings.md', import.meta.url), 'utf8');
const NOW = instantOf('2026-09-08T00:00:00Z');

/** A fenced block: YAML that names its file in its first line, or commands that make files. */
interface Example {
  readonly language: string;
  readonly verdict: string;
  readonly file?: string;
  readonly isPart: boolean;
  readonly text: string;
}

interface Entry {
  readonly code: string;
  readonly severity: string;
  readonly examples: readonly Example[];
}

const ENTRIES: readonly Entry[] = PAGE.split(/^### /m)
  .slice(1)
  .map((section) => ({
    code: section.split('\n')[0] ?? '',
    severity: /^\*\*(\w+)\.\*\*/m.exec(section)?.[1]?.toLowerCase() ?? '',
    examples: examplesIn(section),
  }));

/** The policy that completes an example which shows a part. */
const WHOLE = /^```yaml\n(name: example\n.*?)^```/ms.exec(PAGE)?.[1] ?? '';

describe('docs/findings.md', () => {
  test('has one entry for each code', () => {
    expect(ENTRIES.map(({ code }) => code).sort()).toEqual(Object.keys(FINDING_SEVERITIES).sort());
  });

  test.each(ENTRIES)('tells the severity of $code', ({ code, severity }) => {
    expect(severity).toBe(FINDING_SEVERITIES[code as FindingCode]);
  });

  test.each(ENTRIES)('has a wrong example of $code that gives it and nothing else', async ({ code, examples }) => {
    expect(await codesOf(examples, 'wrong')).toEqual([code]);
  });

  test.each(ENTRIES)('has a right example of $code that gives nothing', async ({ examples }) => {
    expect(await codesOf(examples, 'right')).toEqual([]);
  });
});

function examplesIn(section: string): Example[] {
  return [...section.matchAll(/^```(yaml|sh)\n(# (wrong|right)(?:: ([^\n,]+))?(, in part)?\n.*?)^```/gms)].map(
    ([, language = '', text = '', verdict = '', file, part]) => ({
      language,
      verdict,
      text,
      isPart: part !== undefined,
      ...(file === undefined ? {} : { file }),
    }),
  );
}

/** Makes the files of the examples in a folder of their own and checks it. */
async function codesOf(examples: readonly Example[], verdict: string): Promise<string[]> {
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

async function make(folder: string, { language, file, isPart, text }: Example): Promise<void> {
  if (language === 'sh') await promisify(execFile)('sh', ['-euc', text], { cwd: folder });
  else await writeFile(join(folder, file ?? ''), isPart ? completed(text) : text);
}

/** Adds the lines of the whole policy whose keys the part does not have. */
function completed(part: string): string {
  const keys = new Set(part.match(/^\w+(?=:)/gm));
  const others = WHOLE.split('\n').filter((line) => !keys.has(line.split(':')[0] ?? ''));
  return `${part}${others.join('\n')}`;
}
