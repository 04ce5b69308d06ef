import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The git commit that a folder is checked out at, 12 digits, with `-dirty` where files in it differ; undefined without git. */
export async function gitCommitOf(folder: string): Promise<string | undefined> {
  try {
    const options = { cwd: folder, timeout: 5_000 };
    const { stdout: commit } = await run('git', ['rev-parse', '--short=12', 'HEAD'], options);
    const { stdout: changes } = await run('git', ['status', '--porcelain', '--', '.'], options);
    return `${commit.trim()}${changes.trim() === '' ? '' : '-dirty'}`;
  } catch {
    return undefined;
  }
}

/** A policy set's revision with the commit that its folder is checked out at: `1f8e98f48f492cb5@925b551f28ae`. */
export async function revisionWithCommit(revision: string, folder: string): Promise<string> {
  const commit = await gitCommitOf(folder);
  return commit === undefined ? revision : `${revision}@${commit}`;
}
