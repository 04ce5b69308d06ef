import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addDiffCommand } from './diff-command.js';
import { runCommand, type Told } from './run-command.fixture.js';

const FIXTURES = fileURLToPath(new URL('../decision/diff/fixtures/', import.meta.url));
const BEFORE = `${FIXTURES}boundaries/before`;
const AFTER = `${FIXTURES}boundaries/after`;

const run = promisify(execFile);

function diff(...args: string[]): Promise<Told> {
  return runCommand(addDiffCommand, ['diff', '--at', '2026-09-08', ...args]);
}

describe('sluice diff of folders', () => {
  it('tells what differs, and ends with 1', async () => {
    const { exitCode, out, err } = await diff(BEFORE, AFTER);
    expect({ exitCode, err }).toStrictEqual({ exitCode: 1, err: '' });
    expect(out).toContain('days 30–40: throttle 5 → 10 min/h');
  });

  it('tells that two are equivalent, and ends with 0', async () => {
    const { exitCode, out } = await diff(BEFORE, BEFORE);
    expect(exitCode).toBe(0);
    expect(out).toMatch(/are equivalent/);
  });

  it('prints JSON and Markdown', async () => {
    const json = await diff('--format', 'json', BEFORE, AFTER);
    expect(JSON.parse(json.out)).toMatchObject({ equivalent: false, before: BEFORE, differences: [{}, {}] });
    expect((await diff('--format', 'markdown', BEFORE, AFTER)).out).toMatch(/^\*\*2 differences\*\* from /);
  });

  it('prints the findings of a set with errors, and compares nothing', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sluice-diff-'));
    await writeFile(join(folder, 'a.policy.yaml'), 'name: a\n');
    const { out, err, error } = await diff(BEFORE, folder);
    await rm(folder, { recursive: true });
    expect(out).toBe('');
    expect(err).toMatch(/a\.policy\.yaml:1:1: error: /);
    expect(error).toBe(`${folder} holds no valid policy set`);
  });
});

describe('sluice diff of git revisions', () => {
  let repository: string;
  let policies: string;
  const git = (...args: string[]) =>
    run('git', ['-c', 'user.name=me', '-c', 'user.email=me@example.org', ...args], { cwd: repository });
  const commit = async (tag: string) => {
    await git('add', '--all');
    await git('commit', '--quiet', '--message', tag);
    await git('tag', tag);
  };

  beforeAll(async () => {
    repository = await mkdtemp(join(tmpdir(), 'sluice-diff-git-'));
    policies = join(repository, 'mail', 'policies');
    await git('init', '--quiet');
    await writeFile(join(repository, 'README.md'), 'Nothing else.\n');
    await commit('empty');
    await cp(BEFORE, policies, { recursive: true });
    await mkdir(join(policies, 'node_modules'));
    await writeFile(join(policies, 'node_modules', 'x.policy.yaml'), 'name: [broken\n');
    await writeFile(join(policies, '.hidden.policy.yaml'), 'name: [broken\n');
    await commit('v1');
    await cp(AFTER, policies, { recursive: true });
    await commit('v2');
    await rm(join(policies, 'exchange.builds.yaml'));
    await mkdir(join(repository, 'shared'));
    await cp(`${AFTER}/exchange.builds.yaml`, join(repository, 'shared', 'exchange.builds.yaml'));
    await symlink('../../shared/exchange.builds.yaml', join(policies, 'exchange.builds.yaml'));
    await commit('linked');
    await symlink('nowhere.policy.yaml', join(policies, 'z.policy.yaml'));
    await commit('dangling');
    await git('checkout', '--quiet', 'v2');
  });
  afterAll(() => rm(repository, { recursive: true, force: true }));

  it('compares a revision with the folder as it is', async () => {
    expect(await diff('v2', '--policies', policies)).toMatchObject({ exitCode: 0, err: '' });
    const { exitCode, out } = await diff('v1', '--policies', policies);
    expect(exitCode).toBe(1);
    expect(out).toMatch(/^2 differences from v1 to /);
    expect(out).toContain('decided by: exchange-2016 (exchange-2016.policy.yaml:1)');
  });

  it('compares two revisions, whatever lies in the folder', async () => {
    expect(await diff('v1', 'v2', '--policies', policies)).toMatchObject({ exitCode: 1 });
    expect(await diff('v1', 'v2~1', '--policies', policies)).toMatchObject({ exitCode: 0 });
  });

  it('compares a revision with a folder that is named', async () => {
    expect(await diff('v1', AFTER, '--policies', policies)).toMatchObject({ exitCode: 1 });
    expect(await diff(BEFORE, 'v1', '--policies', policies)).toMatchObject({ exitCode: 0 });
  });

  it('follows symbolic links to files, and tells of those that lead nowhere', async () => {
    expect(await diff('v2', 'linked', '--policies', policies)).toMatchObject({ exitCode: 0 });
    const { err } = await diff('v2', 'dangling', '--policies', policies);
    expect(err).toContain('z.policy.yaml:1:1: error: The file cannot be read: it is a symbolic link');
  });

  it('tells which folder is missing at a revision', async () => {
    expect((await diff('empty', '--policies', policies)).error).toBe(
      `There is no folder ${policies} at the revision empty; name it with --policies`,
    );
    const other = join(repository, 'mail', 'other', 'policies');
    expect((await diff('v1', 'v2', '--policies', other)).error).toBe(
      `There is no folder ${other} at the revision v1; name it with --policies`,
    );
  });

  it('refuses what is no revision, and never hands it to git as an option', async () => {
    expect((await diff('v3', '--policies', policies)).error).toBe(
      'v3 is neither a folder nor a revision that git knows here',
    );
    expect((await diff('--policies', policies, '--', '--all')).error).toBe(
      '--all cannot be a revision: it begins with -',
    );
  });

  it('tells that there is no repository', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sluice-diff-'));
    const { error } = await diff('v1', '--policies', folder);
    await rm(folder, { recursive: true });
    expect(error).toMatch(/ lies in no git repository, so there is no revision v1$/);
  });
});
