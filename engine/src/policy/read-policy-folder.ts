import { readFile } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { fileKindOf, nearestFileKind } from './file-kind.js';
import type { PolicyFile } from './policy-file.js';
import { MAX_FILE_OCTETS } from './read-document.js';

/** Most files that a policy set can have. */
export const MAX_POLICY_FILES = 20_000;
/** Most octets that the files of a policy set can have together; reading takes some hundred times as many. */
export const MAX_POLICY_SET_OCTETS = 16 * 1024 * 1024;
/** Files that are read at a time: one after the other they take seconds in a process that is busy with mail. */
const FILES_AT_A_TIME = 32;
/** Of thousands of small files, `readFile` of `node:fs/promises` takes four times as long. */
const readWhole = promisify(readFile);
/** Which symbolic links are followed: all, as mounted configurations have them, or those that stay within the folder. */
export type FollowedLinks = 'all links' | 'links within';
/** Deepest folder below the policy folder that is looked into. */
const MAX_FOLDER_DEPTH = 16;

/**
 * Reads all policy files in a folder and the folders below it, without those whose names begin with a dot and
 * `node_modules`. Symbolic links are followed; a folder that several lead to is read once. Beside
 * `read-policies-at-revision.ts` the one place of the policy language that touches the disk.
 *
 * @param follows `links within` for what strangers propose: a link must not bring what lies elsewhere into a report
 * @throws Error where the folder itself cannot be read, a link leads out that is not followed, or it holds more than {@link MAX_POLICY_FILES} policy files or
 *   {@link MAX_POLICY_SET_OCTETS}
 */
export async function readPolicyFolder(folder: string, follows: FollowedLinks = 'all links'): Promise<PolicyFile[]> {
  const paths: string[] = [];
  const realRoot = follows === 'links within' ? await realpath(folder) : undefined;
  await collect(folder, folder, { paths, visited: new Set(), realRoot }, 0);
  paths.sort();
  const files: PolicyFile[] = [];
  let octets = 0;
  for (let start = 0; start < paths.length; start += FILES_AT_A_TIME) {
    const batch = paths.slice(start, start + FILES_AT_A_TIME);
    const read = await Promise.all(batch.map((path) => readPolicyFile(join(folder, path), path)));
    for (const { content } of read) octets += content instanceof Uint8Array ? content.length : 0;
    if (octets > MAX_POLICY_SET_OCTETS) {
      throw new Error(`${folder} has more than ${MAX_POLICY_SET_OCTETS} octets of policy files; ${WRONG_FOLDER_HINT}`);
    }
    files.push(...read);
  }
  return files;
}

const WRONG_FOLDER_HINT = 'name the folder that holds your policies';

/** Reads one policy file; `path` is what findings call it. */
export async function readPolicyFile(location: string, path: string): Promise<PolicyFile> {
  try {
    const stats = await stat(location);
    if (!stats.isFile()) return { path, content: { unreadable: 'it is no regular file' } };
    if (stats.size > MAX_FILE_OCTETS) return { path, content: new Uint8Array(MAX_FILE_OCTETS + 1) };
    return { path, content: await readWhole(location) };
  } catch (error) {
    return { path, content: { unreadable: reasonOf(error) } };
  }
}

/** Node's message without the location, which is not the same on every machine: `ENOENT: no such file or directory`. */
function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message.replace(/, \w+(?: '.*')?$/s, '') : String(error);
}

interface Collected {
  readonly paths: string[];
  /** Where the folders that were looked into really lie, so that links that lead upwards do not go round for ever. */
  readonly visited: Set<string>;
  /** Where the policy folder really lies, if links must not lead out of it. */
  readonly realRoot: string | undefined;
}

async function collect(root: string, folder: string, found: Collected, depth: number): Promise<void> {
  const place = await realpath(folder);
  if (found.visited.has(place)) return;
  found.visited.add(place);
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
    const location = join(folder, entry.name);
    if (entry.isSymbolicLink()) await expectWithin(location, found.realRoot);
    const isFolder = entry.isSymbolicLink() ? await leadsToFolder(location) : entry.isDirectory();
    if (isFolder && depth < MAX_FOLDER_DEPTH) await collect(root, location, found, depth + 1);
    else if (!isFolder && (fileKindOf(entry.name) !== undefined || nearestFileKind(entry.name) !== undefined)) {
      found.paths.push(relative(root, location).split(sep).join('/'));
    }
    if (found.paths.length > MAX_POLICY_FILES) {
      throw new Error(`${root} has more than ${MAX_POLICY_FILES} policy files; ${WRONG_FOLDER_HINT}`);
    }
  }
}

async function expectWithin(location: string, realRoot: string | undefined): Promise<void> {
  if (realRoot === undefined) return;
  const place = await realpath(location).catch(() => location);
  if (place.startsWith(`${realRoot}${sep}`) || place === location) return;
  throw new Error(`${location} is a link that leads out of the policy folder; copy there what it leads to`);
}

async function leadsToFolder(location: string): Promise<boolean> {
  try {
    return (await stat(location)).isDirectory();
  } catch {
    return false;
  }
}
