import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { dirname, posix, relative, resolve, sep } from 'node:path';
import { promisify } from 'node:util';
import { fileKindOf, nearestFileKind } from './file-kind.js';
import type { PolicyFile } from './policy-file.js';
import { MAX_FILE_OCTETS } from './read-document.js';
import { MAX_POLICY_FILES, MAX_POLICY_SET_OCTETS } from './read-policy-folder.js';

const run = promisify(execFile);

/** Why there are no files at a revision, in words for the user. */
export class RevisionError extends Error {}

/** The revision is there, and has no such folder. */
export class NoFolderError extends RevisionError {}

/** Longest time that one call of git may take, in milliseconds. */
const TIMEOUT_MILLIS = 60_000;
/** Deepest folder below the policy folder that is looked into, as on disk. */
const MAX_FOLDER_DEPTH = 16;

/** A file as `git ls-tree --long` lists it. */
interface Entry {
  readonly mode: string;
  readonly object: string;
  readonly octets: number;
  readonly path: string;
}

/**
 * Reads the policy files that a folder had at a git revision, by the rules of `readPolicyFolder`. Symbolic links to files are
 * followed within the repository, those to folders are not. Nothing is checked out.
 *
 * @param revision anything that `git rev-parse` takes for a commit: `origin/main`, `v1.2`, `HEAD~3`
 * @param folder as it is named on disk; it need not exist there
 * @throws RevisionError where there is no such revision, no such folder in it, or no git
 */
export async function readPoliciesAtRevision(revision: string, folder: string): Promise<PolicyFile[]> {
  const place = await placeOf(folder);
  const commit = await commitOf(revision, place.directory);
  const prefix = await git(place.directory, ['rev-parse', '--show-prefix']);
  const path = posix.join(prefix.toString('utf8').replace(/\n$/, ''), place.below).replace(/\/$/, '');
  const tree = `${commit}:${path === '.' ? '' : path}`;
  const listing = await git(place.directory, ['ls-tree', '-r', '-z', '--long', '--full-tree', tree]).catch(() => {
    throw new NoFolderError(`There is no folder ${folder} at the revision ${revision}; name it with --policies`);
  });
  const entries = entriesOf(listing.toString('utf8')).filter(isPolicyEntry);
  checkLimits(entries, `${folder} at ${revision}`);
  return readEntries(entries, tree, place.directory);
}

/** The nearest folder that exists on disk, and what is below it. */
async function placeOf(folder: string): Promise<{ readonly directory: string; readonly below: string }> {
  const wanted = resolve(folder);
  for (let directory = wanted; ; directory = dirname(directory)) {
    const stats = await stat(directory).catch(() => undefined);
    if (stats?.isDirectory()) return { directory, below: relative(directory, wanted).split(sep).join('/') };
    if (dirname(directory) === directory) throw new RevisionError(`${folder} lies in no folder that exists`);
  }
}

async function commitOf(revision: string, directory: string): Promise<string> {
  if (revision.startsWith('-')) throw new RevisionError(`${revision} cannot be a revision: it begins with -`);
  await git(directory, ['rev-parse', '--git-dir']).catch((error: Error & { code?: unknown }) => {
    if (error.code === 'ENOENT') throw new RevisionError('git cannot be found; it is needed to read a revision');
    throw new RevisionError(`${directory} lies in no git repository, so there is no revision ${revision}`);
  });
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`];
  const commit = await git(directory, args).catch(() => {
    throw new RevisionError(`${revision} is neither a folder nor a revision that git knows here`);
  });
  return commit.toString('utf8').trim();
}

/** `MODE blob OBJECT SIZE\tPATH`, each with a NUL behind it (git-ls-tree(1)). */
function entriesOf(listing: string): Entry[] {
  return listing.split('\0').flatMap((line) => {
    const match = /^(\d+) blob ([0-9a-f]+) +(\d+)\t(.+)$/s.exec(line);
    if (match === null) return [];
    const [, mode = '', object = '', octets = '', path = ''] = match;
    return [{ mode, object, octets: Number(octets), path }];
  });
}

function isPolicyEntry({ path }: Entry): boolean {
  const parts = path.split('/');
  if (parts.length > MAX_FOLDER_DEPTH + 1) return false;
  if (parts.some((part) => part.startsWith('.') || part === 'node_modules')) return false;
  const name = parts.at(-1) ?? '';
  return fileKindOf(name) !== undefined || nearestFileKind(name) !== undefined;
}

function checkLimits(entries: readonly Entry[], what: string): void {
  if (entries.length > MAX_POLICY_FILES) {
    throw new RevisionError(`${what} has more than ${MAX_POLICY_FILES} policy files`);
  }
  const octets = entries.reduce((sum, entry) => sum + Math.min(entry.octets, MAX_FILE_OCTETS + 1), 0);
  if (octets > MAX_POLICY_SET_OCTETS) {
    throw new RevisionError(`${what} has more than ${MAX_POLICY_SET_OCTETS} octets of policy files`);
  }
}

const SYMBOLIC_LINK = '120000';

/** Reads all files in one process of git, which answers in the order in which it is asked. */
async function readEntries(entries: readonly Entry[], tree: string, directory: string): Promise<PolicyFile[]> {
  const isTooLarge = (entry: Entry) => entry.octets > MAX_FILE_OCTETS;
  const asked = entries.filter((entry) => !isTooLarge(entry) && !entry.path.includes('\n'));
  const names = asked.map(({ mode, object, path }) =>
    mode === SYMBOLIC_LINK ? `${tree}${tree.endsWith(':') ? '' : '/'}${path}` : object,
  );
  const answers = await contentsOf(names, directory);
  const byPath = new Map(asked.map((entry, index) => [entry.path, answers[index]]));
  return entries
    .map(({ path, ...entry }): PolicyFile => {
      if (isTooLarge({ path, ...entry })) return { path, content: new Uint8Array(MAX_FILE_OCTETS + 1) };
      return { path, content: byPath.get(path) ?? { unreadable: 'it is a symbolic link that leads to no file here' } };
    })
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function contentsOf(names: readonly string[], directory: string): Promise<(Uint8Array | undefined)[]> {
  if (names.length === 0) return [];
  const output = await git(directory, ['cat-file', '--batch', '--follow-symlinks'], `${names.join('\n')}\n`);
  const contents: (Uint8Array | undefined)[] = [];
  for (let at = 0; contents.length < names.length && at < output.length; ) {
    const lineEnd = output.indexOf(10, at);
    const line = output.toString('utf8', at, lineEnd);
    const size = /^[0-9a-f]+ blob (\d+)$/.exec(line)?.[1];
    at = lineEnd + 1;
    if (size === undefined) {
      contents.push(undefined);
      at += skippedBehind(line);
      continue;
    }
    contents.push(new Uint8Array(output.subarray(at, at + Number(size))));
    at += Number(size) + 1;
  }
  return contents;
}

/** Octets behind a line that tells of no file: `dangling SIZE` and its like are followed by a name, other objects by themselves. */
function skippedBehind(line: string): number {
  const size = /^(?:dangling|loop|notdir|symlink) (\d+)$/.exec(line)?.[1] ?? /^[0-9a-f]+ \w+ (\d+)$/.exec(line)?.[1];
  return size === undefined ? 0 : Number(size) + 1;
}

async function git(directory: string, args: readonly string[], input?: string): Promise<Buffer> {
  const call = run('git', [...args], {
    cwd: directory,
    timeout: TIMEOUT_MILLIS,
    maxBuffer: 4 * MAX_POLICY_SET_OCTETS,
    encoding: 'buffer',
  });
  call.child.stdin?.on('error', () => {});
  call.child.stdin?.end(input ?? '');
  return (await call).stdout;
}
