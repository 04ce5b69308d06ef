import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { REPOSITORY, SAMPLE_POLICIES } from '../harness/repository.js';
import { runProgram } from '../harness/run-program.js';
import { temporaryFolder } from '../harness/temporary-folder.js';

/** Longest time of a run, in milliseconds: the first one installs Sluice's packages. */
const LIMIT_MILLIS = 240_000;

it('pre-commit checks and tests the policies of a commit', { timeout: 2 * LIMIT_MILLIS }, async () => {
  const folder = await temporaryFolder();
  await cp(SAMPLE_POLICIES, join(folder, 'policies'), { recursive: true, filter: (path) => !path.endsWith('.eml') });
  const env = {
    GIT_AUTHOR_NAME: 'A Tester',
    GIT_AUTHOR_EMAIL: 'tester@example.org',
    GIT_COMMITTER_NAME: 'A Tester',
    GIT_COMMITTER_EMAIL: 'tester@example.org',
    PRE_COMMIT_HOME: join(folder, 'pre-commit-home'),
  };
  const run = (program: string, ...args: string[]) =>
    runProgram(program, args, { cwd: folder, env, limitMillis: LIMIT_MILLIS });
  const head = (await runProgram('git', ['rev-parse', 'HEAD'], { cwd: REPOSITORY })).stdout.trim();
  await writeFile(
    join(folder, '.pre-commit-config.yaml'),
    `repos:\n  - repo: ${REPOSITORY}\n    rev: ${head}\n    hooks: [{ id: sluice-check }, { id: sluice-test }]\n`,
  );
  await writeFile(join(folder, '.gitignore'), 'pre-commit-home/\n');
  for (const args of [
    ['init', '--quiet', '--initial-branch=main'],
    ['add', '.'],
  ]) {
    expect(await run('git', ...args)).toMatchObject({ exitCode: 0 });
  }
  expect(await run('pre-commit', 'install')).toMatchObject({ exitCode: 0 });
  const first = await run('git', 'commit', '--message=The sample policies');
  expect(`${first.stdout}${first.stderr}`).toMatch(/check mail policies\.+Passed[\s\S]*test mail policies\.+Passed/);
  expect(first.exitCode).toBe(0);

  const path = join(folder, 'policies/exchange-2016.policy.yaml');
  await writeFile(path, (await readFile(path, 'utf8')).replace('throttle: 10m/h', 'throttle: 70m/h'));
  const second = await run('git', 'commit', '--all', '--message=Throttle for more than an hour an hour');
  expect(second.exitCode).toBe(1);
  expect(`${second.stdout}${second.stderr}`).toMatch(
    /check mail policies\.+Failed[\s\S]*policies\/exchange-2016\.policy\.yaml:\d+:\d+: error: /,
  );
});
