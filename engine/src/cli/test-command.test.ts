import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runCommand, type Told } from './run-command.fixture.js';
import { addTestCommand } from './test-command.js';

const SAMPLES = fileURLToPath(new URL('../../../policies', import.meta.url));
const STARTER = fileURLToPath(new URL('../../starter/policies', import.meta.url));

function sluiceTest(...args: string[]): Promise<Told> {
  return runCommand(addTestCommand, ['test', ...args]);
}

/** A copy of the sample policies without their tests. */
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-test-'));
  for (const name of await readdir(SAMPLES)) {
    if (name.endsWith('.yaml') && !name.endsWith('.test.yaml')) await cp(join(SAMPLES, name), join(folder, name));
  }
});
afterEach(() => rm(folder, { recursive: true }));

const TESTS = `tests:
  - name: old
    facts: { client.address: 192.0.2.10, server.version: 14.3.513.0 }
    firstDetected: 2026-10-01
    cases:
      - { name: first, expect: report }
      - { name: second, at: +95d, expect: throttle-5 }
  - { name: nobody, at: 2026-10-01, expect: { action: accept } }
`;

describe.each([
  ['the sample policies', SAMPLES],
  ['the policies of sluice init', STARTER],
])('%s', (_what, path) => {
  test('pass their tests, which leave nothing out', async () => {
    const { out, exitCode } = await sluiceTest('--coverage', path);
    expect(out).toMatch(
      /^(\d+) of \1 passed\.\nReached by tests: (\d+) of \2 policies, (\d+) of \3 stages, [^\n]+\.\n$/,
    );
    expect(exitCode).toBe(0);
  });
});

describe('a test that fails', () => {
  test('is told with the places of its expectation and of what decided, and ends with 1', async () => {
    await writeFile(join(folder, 'a.test.yaml'), TESTS);
    const { out, exitCode } = await sluiceTest(folder);
    expect(out).toBe(`✗ old (second)
  ${join(folder, 'a.test.yaml')}:7:43: stage: expected throttle-5, got blocked
  client.address 192.0.2.10, server.version 14.3.513.0 at 2027-01-04T00:00:00Z, first detected 2026-10-01T00:00:00Z: decided by exchange-2010, stage blocked (${join(folder, 'exchange-2010.policy.yaml')}:2:1)
2 of 3 passed, 1 failed.
`);
    expect(exitCode).toBe(1);
  });

  test('is told as JSON', async () => {
    await writeFile(join(folder, 'a.test.yaml'), TESTS);
    const { out } = await sluiceTest('--format', 'json', '--coverage', folder);
    expect(JSON.parse(out)).toMatchObject({
      passed: 2,
      failed: 1,
      results: [
        { name: 'old', case: 'first', failures: [], place: { line: 6, column: 9 } },
        {
          name: 'old',
          case: 'second',
          at: '2027-01-04T00:00:00Z',
          failures: [{ part: 'stage', expected: 'throttle-5', actual: 'blocked', place: { line: 7, column: 43 } }],
          decider: { file: join(folder, 'exchange-2010.policy.yaml'), line: 2 },
          decision: { action: 'block', policy: 'exchange-2010' },
        },
        { name: 'nobody', failures: [], decision: { action: 'accept' } },
      ],
      coverage: { isComplete: true },
    });
  });

  test('is told as JUnit XML', async () => {
    await writeFile(join(folder, 'a.test.yaml'), TESTS);
    const { out, exitCode } = await sluiceTest('--format', 'junit', folder);
    expect(out).toContain('<testsuites name="sluice test" tests="3" failures="1">');
    expect(out).toContain('<failure message="stage: expected throttle-5, got blocked">');
    expect(exitCode).toBe(1);
  });

  test('does not run where the filter leaves it out, by its name or its file', async () => {
    await writeFile(join(folder, 'a.test.yaml'), TESTS);
    expect(await sluiceTest('--filter', 'Nobody', folder)).toMatchObject({ exitCode: 0, out: '1 of 1 passed.\n' });
    expect((await sluiceTest('--filter', 'a.test', folder)).out).toContain('2 of 3 passed, 1 failed.');
  });
});

describe('it is a fault', () => {
  test('where there are no tests, and says what was expected', async () => {
    expect((await sluiceTest(folder)).error).toBe(
      `${folder} holds no tests; a file such as outdated.test.yaml was expected there`,
    );
  });

  test('where the filter leaves none', async () => {
    expect((await sluiceTest('--filter', 'x y', SAMPLES)).error).toBe(
      `No test of ${SAMPLES} has "x y" in its file or name`,
    );
  });

  test('where the policies or tests have errors, which are told', async () => {
    await writeFile(join(folder, 'a.test.yaml'), TESTS.replace('throttle-5', 'throtle-5'));
    const { err, error } = await sluiceTest(folder);
    expect(err).toMatch(
      /^a\.test\.yaml:7:43: error: No policy has a stage throtle-5\. \[stage-unknown\]\n {4}Did you mean throttle-5\?/,
    );
    expect(error).toBe(`${folder} holds no valid policy set`);
  });

  test('to ask for coverage in JUnit XML', async () => {
    expect((await sluiceTest('--coverage', '--format', 'junit', SAMPLES)).error).toMatch(/^--coverage goes with /);
  });
});

describe('sluice test --generate', () => {
  test('writes a file of tests that pass and leave nothing out', async () => {
    const { out, exitCode } = await sluiceTest('--generate', folder);
    expect(exitCode).toBe(0);
    await writeFile(join(folder, 'new.test.yaml'), out);
    const ran = await sluiceTest('--coverage', folder);
    expect(ran).toMatchObject({ exitCode: 0, err: '' });
    expect(ran.out).toMatch(/^(\d+) of \1 passed\.\nReached by tests: [^\n]+\n$/);
    expect((await sluiceTest('--generate', folder)).out).toBe('# No test is missing.\n');
  });

  test('writes into the policy folder, once it is read', async () => {
    const file = join(folder, 'missing.test.yaml');
    expect(await sluiceTest('--generate', '--output', file, folder)).toMatchObject({ out: '', exitCode: 0 });
    expect((await sluiceTest(folder)).out).toMatch(/^(\d+) of \1 passed\.\n$/);
  });
});

test('the name of the gateway stands in replies', async () => {
  const reply = `tests:
  - name: old
    facts: { client.address: 192.0.2.10, server.version: 14.3.513.0 }
    firstDetected: 2026-10-01
    at: +95d
    expect: { reply: { matches: connection to mx1.contoso.example blocked } }
`;
  await writeFile(join(folder, 'a.test.yaml'), reply);
  expect((await sluiceTest('--gateway-name', 'mx1.contoso.example', folder)).exitCode).toBe(0);
  expect((await sluiceTest(folder)).exitCode).toBe(1);
});
