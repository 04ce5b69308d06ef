import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MAX_FILE_OCTETS } from './read-document.js';
import { MAX_POLICY_SET_OCTETS, readPolicyFolder } from './read-policy-folder.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-folder-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function write(path: string, content = ''): Promise<void> {
  await mkdir(join(folder, path, '..'), { recursive: true });
  await writeFile(join(folder, path), content);
}

async function paths(): Promise<string[]> {
  return (await readPolicyFolder(folder)).map(({ path }) => path);
}

describe('reading a policy folder', () => {
  test('takes the policy files in it and below it, in the order of their names', async () => {
    for (const path of ['b.policy.yaml', 'a.policy.json', 'sub/c.builds.yml', 'README.md', 'values.yaml'])
      await write(path);
    expect(await paths()).toEqual(['a.policy.json', 'b.policy.yaml', 'sub/c.builds.yml']);
  });

  test('takes files whose names are only like those of policy files, for the check to tell', async () => {
    await write('a.polcy.yaml');
    expect(await paths()).toEqual(['a.polcy.yaml']);
  });

  test('leaves out what begins with a dot, and node_modules', async () => {
    for (const path of ['.a.policy.yaml', '.git/b.policy.yaml', 'node_modules/x/c.policy.yaml']) await write(path);
    expect(await paths()).toEqual([]);
  });

  test('follows links to files and folders, as a mounted configuration has them', async () => {
    await write('..data/a.policy.yaml', 'name: a\n');
    await symlink('..data/a.policy.yaml', join(folder, 'a.policy.yaml'));
    await symlink('..data', join(folder, 'linked'));
    const files = await readPolicyFolder(folder);
    expect(files.map(({ path, content }) => [path, Buffer.from(content as Uint8Array).toString()])).toEqual([
      ['a.policy.yaml', 'name: a\n'],
      ['linked/a.policy.yaml', 'name: a\n'],
    ]);
  });

  test('does not go round in links that lead upwards', async () => {
    await write('sub/a.policy.yaml');
    for (const name of ['x', 'y', 'z']) await symlink('..', join(folder, 'sub', name));
    expect(await paths()).toEqual(['sub/a.policy.yaml']);
  });

  test.each([
    ['a link that leads nowhere', 'ln -s nowhere a.policy.yaml', 'ENOENT: no such file or directory'],
    ['a link to itself', 'ln -s a.policy.yaml a.policy.yaml', 'ELOOP: too many symbolic links encountered'],
    ['a pipe, which would never end', 'mkfifo a.policy.yaml', 'it is no regular file'],
  ])('tells why %s cannot be read, without the path on this machine', async (_what, command, unreadable) => {
    await promisify(execFile)('sh', ['-c', command], { cwd: folder });
    expect(await readPolicyFolder(folder)).toEqual([{ path: 'a.policy.yaml', content: { unreadable } }]);
  });

  test('reads no file that is too large for a policy file', async () => {
    await write('a.policy.yaml', '#'.repeat(2 * MAX_FILE_OCTETS));
    const [file] = await readPolicyFolder(folder);
    expect(file?.content).toHaveLength(MAX_FILE_OCTETS + 1);
  });

  test('refuses a folder with more than a policy set can have', async () => {
    const text = '#'.repeat(MAX_FILE_OCTETS);
    for (let index = 0; index <= MAX_POLICY_SET_OCTETS / MAX_FILE_OCTETS; index++)
      await write(`${index}.policy.yaml`, text);
    await expect(readPolicyFolder(folder)).rejects.toThrow(`more than ${MAX_POLICY_SET_OCTETS} octets`);
  });

  test('refuses a folder that is not there', async () => {
    await expect(readPolicyFolder(join(folder, 'nowhere'))).rejects.toThrow('ENOENT');
  });
});
