import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findLogFiles } from './log-files.js';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-logs-'));
  await mkdir(join(folder, 'logs/.git'), { recursive: true });
  await mkdir(join(folder, 'logs/2026'));
  for (const file of ['elsewhere.log', 'logs/b.log', 'logs/2026/a.log', 'logs/.hidden', 'logs/.git/HEAD']) {
    await writeFile(join(folder, file), '');
  }
  await symlink('../elsewhere.log', join(folder, 'logs/linked.log'));
  await symlink('b.log', join(folder, 'logs/same.log'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function find(...paths: string[]): Promise<string[]> {
  const files = await findLogFiles(
    paths.map((path) => join(folder, path)),
    async () => [join(folder, 'logs/b.log'), join(folder, 'elsewhere.log')],
  );
  return files.map((file) => relative(folder, file));
}

it('finds what lies below a folder, links to files too, hidden files and folders not', async () => {
  expect(await find('logs')).toEqual(['logs/2026/a.log', 'logs/b.log', 'logs/linked.log']);
});

it('takes each file once, by whatever path', async () => {
  expect(await find('logs/b.log', 'logs/../logs/same.log', 'l*.log')).toEqual(['logs/b.log', 'elsewhere.log']);
});

it('refuses what is not there', async () => {
  await expect(find('none.log')).rejects.toThrow(/none\.log: there is no such file$/);
});
