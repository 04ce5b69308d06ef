import { once } from 'node:events';
import { cp, readFile, symlink, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { writeFleetLog } from './harness/fleet-log.js';
import { REPOSITORY, SAMPLE_POLICIES, SLUICE } from './harness/repository.js';
import { runProgram, runSluice } from './harness/run-program.js';
import { temporaryFolder } from './harness/temporary-folder.js';

const POLICY = 'policies/exchange-2016.policy.yaml';

/** A git repository with the sample policies, and a change to them that is not committed yet. */
async function changedRepository(change: (policy: string) => string): Promise<string> {
  const folder = await temporaryFolder();
  await cp(SAMPLE_POLICIES, join(folder, 'policies'), { recursive: true, filter: (path) => !path.endsWith('.eml') });
  const git = async (...args: string[]) => {
    const identity = ['-c', 'user.name=A Tester', '-c', 'user.email=tester@example.org', '-c', 'commit.gpgsign=false'];
    const { exitCode, stderr } = await runProgram('git', [...identity, ...args], { cwd: folder });
    expect({ exitCode, stderr }).toStrictEqual({ exitCode: 0, stderr: '' });
  };
  await git('init', '--quiet', '--initial-branch=main');
  await git('add', '.');
  await git('commit', '--quiet', '--message=The sample policies');
  const path = join(folder, POLICY);
  await writeFile(path, change(await readFile(path, 'utf8')));
  return folder;
}

/** Servers of 2016 are throttled longer from day 40 on. */
function throttlesLonger(policy: string): string {
  return policy.replace(
    '{ name: throttle-10, after: 40d, throttle: 10m/h }',
    '{ name: throttle-10, after: 40d, throttle: 15m/h }',
  );
}

describe('sluice review', () => {
  it('tells what a change does, to the tests, to everybody, and to logged traffic', async () => {
    const folder = await changedRepository(throttlesLonger);
    await writeFleetLog(join(folder, 'traffic.log'), { records: 20_000, servers: 100, days: 60 });
    const { exitCode, stdout, stderr } = await runSluice(['review', '--base', 'HEAD', 'traffic.log'], { cwd: folder });
    expect({ exitCode, stderr }).toStrictEqual({ exitCode: 1, stderr: '' });
    expect(stdout).toMatch(/^<!-- sluice-review policies -->\n\n# ❌ Review of policies: HEAD → policies\n/);
    expect(stdout).toContain('**Check**: 0 errors, 0 warnings.');
    expect(stdout).toMatch(/\*\*Tests\*\*: \d+ of \d+ tests pass\./);
    expect(stdout).toMatch(
      /- ❌ `policies\/exchange\.test\.yaml:\d+:\d+` .*refusedMinutes\.throttle was expected to be 10, is 15, decided at `policies\/exchange-2016\.policy\.yaml:3`/,
    );
    expect(stdout).toContain('- **days 40–50: throttle 10 → 15 min/h**');
    const [, changed] = /Of 20,000 records .* (\d+) would have been decided otherwise/.exec(stdout) ?? [];
    expect(Number(changed)).toBeGreaterThan(10);
  });

  it('passes where nothing changes, and says that it is proved', async () => {
    const folder = await changedRepository((policy) => `# A comment.\n${policy}`);
    const { exitCode, stdout } = await runSluice(['review', '--base', 'HEAD'], { cwd: folder });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      /# ✅ .*\n[\s\S]*are equivalent: every connection gets the same on every day\. This is proved/,
    );
  });

  it('annotates errors at their lines, and reviews no more than the check then', async () => {
    const folder = await changedRepository((policy) => policy.replace('versionIn', 'versionIm'));
    const { exitCode, stdout } = await runSluice(['review', '--base', 'HEAD', '--annotate', '--output', 'review.md'], {
      cwd: folder,
    });
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^::error file=policies\/exchange-2016\.policy\.yaml,line=\d+,.*versionIn/m);
    const report = await readFile(join(folder, 'review.md'), 'utf8');
    expect(report).toContain('**Check**: 1 error');
    expect(report).not.toContain('**Tests**');
  });

  it('says so where there is nothing to compare with', async () => {
    const folder = await changedRepository((policy) => policy);
    await cp(join(folder, 'policies'), join(folder, 'other'), { recursive: true });
    const { exitCode, stdout } = await runSluice(['review', '--base', 'HEAD', '--policies', 'other'], { cwd: folder });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/\*\*Difference\*\*: there is nothing to compare with: .*no folder other/);
  });

  it('does not pass where what to compare with is not there at all', async () => {
    const folder = await changedRepository((policy) => policy);
    const { exitCode, stderr } = await runSluice(['review', '--base', 'no-such-branch'], { cwd: folder });
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('no-such-branch') });
  });
});

describe('a change by a stranger', () => {
  it('brings nothing from outside the policy folder into the report', async () => {
    const folder = await changedRepository((policy) => policy);
    await writeFile(join(folder, 'secret'), 'header: a basic c2VjcmV0\n  - b\n');
    await symlink('../secret', join(folder, 'policies/leak.policy.yaml'));
    const { exitCode, stdout, stderr } = await runSluice(['review', '--base', 'HEAD'], { cwd: folder });
    expect({ exitCode, stdout }).toStrictEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(/policies\/leak\.policy\.yaml is a link that leads out of the policy folder/);
  });

  it('names files so that nothing in them is Markdown', async () => {
    const folder = await changedRepository((policy) => policy);
    await writeFile(join(folder, 'policies/a`<img src=x> @octo\n# Injected\n.policy.yaml'), 'nonsense\n');
    const { exitCode, stdout } = await runSluice(['review', '--base', 'HEAD'], { cwd: folder });
    expect(exitCode).toBe(1);
    expect(stdout).toContain('- ❌ `` policies/a`<img src=x> @octo·# Injected·.policy.yaml:1:1 ``');
    expect(stdout).not.toMatch(/^# Injected/m);
  });
});

interface Comment {
  readonly id: number;
  body: string;
  readonly user?: object;
  readonly author?: object;
}

/** What a stranger writes to have it taken for the review. */
const FORGED = '<!-- sluice-review policies -->\nLooks good to me.';

interface ForgePaths {
  readonly list: string;
  readonly one: RegExp;
  /** Where a token asks whose it is. */
  readonly self: string;
}

/** Comments of a change as a forge's REST interface has them: a stand-in, since no forge runs here. */
async function startForge({ list, one, self }: ForgePaths) {
  const isGitHub = self === '/user';
  const stranger = isGitHub ? { user: { login: 'mallory', type: 'User' } } : { author: { username: 'mallory' } };
  const own = isGitHub ? { user: { login: 'github-actions[bot]', type: 'Bot' } } : { author: { username: 'sluice' } };
  const comments: Comment[] = Array.from({ length: 120 }, (_, id) => ({ id, body: FORGED, ...stranger }));
  const requests: string[] = [];
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://forge.example');
    const secret = request.headers.authorization ?? request.headers['private-token'];
    requests.push(`${request.method} ${secret}`);
    const reply = (status: number, json: unknown) => response.writeHead(status).end(JSON.stringify(json));
    // The token of a GitHub job may not ask who it is.
    if (url.pathname === self) return isGitHub ? reply(403, {}) : reply(200, own.author);
    const [, id] = one.exec(url.pathname) ?? [];
    const known = comments.find((comment) => comment.id === Number(id));
    if (url.pathname === list && request.method === 'GET') {
      const [page, size] = [Number(url.searchParams.get('page')), Number(url.searchParams.get('per_page'))];
      return reply(200, comments.slice((page - 1) * size, page * size));
    }
    if (url.pathname === list && request.method === 'POST') {
      comments.push({ id: comments.length, body: await bodyOf(request), ...own });
      return reply(201, {});
    }
    if (known === undefined) return reply(404, { message: 'Not Found' });
    known.body = await bodyOf(request);
    return reply(200, {});
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { comments, requests, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of request.setEncoding('utf8')) text += part;
  return (JSON.parse(text) as { body: string }).body;
}

describe('the comment on a change', () => {
  it('is made once on GitHub, by the action, and updated after that', async () => {
    const folder = await changedRepository(throttlesLonger);
    const forge = await startForge({
      list: '/repos/owner/name/issues/17/comments',
      one: /^\/repos\/owner\/name\/issues\/comments\/(\d+)$/,
      self: '/user',
    });
    await writeFile(join(folder, 'event.json'), JSON.stringify({ pull_request: { number: 17 } }));
    const env = {
      GITHUB_API_URL: forge.url,
      GITHUB_REPOSITORY: 'owner/name',
      GITHUB_EVENT_PATH: join(folder, 'event.json'),
      GITHUB_TOKEN: 'secret',
      GITHUB_STEP_SUMMARY: join(folder, 'summary.md'),
      SLUICE_POLICIES: 'policies',
      SLUICE_BASE: 'HEAD',
      SLUICE_LOGS: '',
      SLUICE_ARGUMENTS: '',
      SLUICE_COMMENT: 'true',
    };
    const action = join(REPOSITORY, '.github/actions/review/review.sh');
    const first = await runProgram(action, [], { cwd: folder, env });
    expect(first).toMatchObject({ exitCode: 1, stderr: '' });
    expect(first.stdout).toMatch(/^::error file=policies\/exchange\.test\.yaml,line=\d+/m);
    expect(forge.comments).toHaveLength(121);
    expect(forge.comments[0]?.body).toBe(FORGED);
    expect(forge.comments[120]?.body).toContain('throttle 10 → 15 min/h');
    expect(await readFile(env.GITHUB_STEP_SUMMARY, 'utf8')).toBe(forge.comments[120]?.body);

    await writeFile(join(folder, POLICY), await readFile(join(SAMPLE_POLICIES, 'exchange-2016.policy.yaml')));
    expect(await runProgram(action, [], { cwd: folder, env })).toMatchObject({ exitCode: 0, stderr: '' });
    expect(forge.comments).toHaveLength(121);
    expect(forge.comments[120]?.body).toContain('are equivalent');
    expect(new Set(forge.requests)).toStrictEqual(
      new Set(['GET Bearer secret', 'POST Bearer secret', 'PATCH Bearer secret']),
    );
  });

  it('is made once on GitLab, and updated after that', async () => {
    const folder = await changedRepository(throttlesLonger);
    const forge = await startForge({
      list: '/api/v4/projects/5/merge_requests/3/notes',
      one: /^\/api\/v4\/projects\/5\/merge_requests\/3\/notes\/(\d+)$/,
      self: '/api/v4/user',
    });
    const env = {
      CI_API_V4_URL: `${forge.url}/api/v4`,
      CI_PROJECT_ID: '5',
      CI_MERGE_REQUEST_IID: '3',
      GITLAB_TOKEN: 'secret',
    };
    for (let run = 0; run < 2; run++) {
      const args = [SLUICE, 'review', '--base', 'HEAD', '--post', 'gitlab', '--output', 'review.md'];
      expect(await runProgram(process.execPath, args, { cwd: folder, env })).toMatchObject({ exitCode: 1, stderr: '' });
    }
    expect(forge.comments).toHaveLength(121);
    expect(new Set(forge.requests)).toStrictEqual(new Set(['GET secret', 'POST secret', 'PUT secret']));
  });

  it('is told not to have been made where the forge refuses, or the job is none', async () => {
    const folder = await changedRepository((policy) => policy);
    const forge = await startForge({ list: '/elsewhere', one: /^$/, self: '/user' });
    const env = { CI_API_V4_URL: forge.url, CI_PROJECT_ID: '5', CI_MERGE_REQUEST_IID: '3', GITLAB_TOKEN: 'secret' };
    const args = [SLUICE, 'review', '--base', 'HEAD', '--post', 'gitlab', '--output', 'review.md'];
    const refused = await runProgram(process.execPath, args, { cwd: folder, env });
    expect(refused).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(/was answered with 404/) });
    const none = await runProgram(process.execPath, args, { cwd: folder, env: { ...env, GITLAB_TOKEN: '' } });
    expect(none).toMatchObject({
      exitCode: 2,
      stderr: 'sluice: The environment has no GITLAB_TOKEN, which --post needs.\n',
    });
  });
});
