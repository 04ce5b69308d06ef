import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { fileKindOf, nearestFileKind } from './file-kind.js';
import { MAX_FILE_OCTETS } from './read-document.js';
import type { PolicyFile } from './read-policy-set.js';

/** Most files that a policy set can have. */
export const MAX_POLICY_FILES = 10_000;

/**
 * Reads all policy files in a folder and the folders below it, without those whose names begin with a dot and
 * `node_modules`. The one place of the policy language that touches the disk.
 *
 * @throws Error where the folder itself cannot be read, or has more than {@link MAX_POLICY_FILES} policy files
 */
export async function readPolicyFolder(folder: string): Promise<PolicyFile[]> {
  const paths: string[] = [];
  await collect(folder, folder, paths, 0);
  return Promise.all(paths.sort().map((path) => readPolicyFile(join(folder, path), path)));
}

/** Reads one policy file; `path` is what findings call it. */
export async function readPolicyFile(location: string, path: string): Promise<PolicyFile> {
  try {
    const { size } = await stat(location);
    if (size > MAX_FILE_OCTETS) return { path, content: new Uint8Array(MAX_FILE_OCTETS + 1) };
    return { path, content: await readFile(location) };
  } catch (error) {
    return { path, content: { unreadable: error instanceof Error ? error.message : String(error) } };
  }
}

async function collect(root: string, folder: string, paths: string[], depth: number): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
    const location = join(folder, entry.name);
    const isFolder = entry.isSymbolicLink() ? await leadsToFolder(location) : entry.isDirectory();
    if (isFolder && depth < 16) await collect(root, location, paths, depth + 1);
    else if (!isFolder && (fileKindOf(entry.name) !== undefined || nearestFileKind(entry.name) !== undefined)) {
      paths.push(relative(root, location).split(sep).join('/'));
    }
    if (paths.length > MAX_POLICY_FILES) {
      throw new Error(
        `${root} has more than ${MAX_POLICY_FILES} policy files; name the folder that holds your policies`,
      );
    }
  }
}

async function leadsToFolder(location: string): Promise<boolean> {
  try {
    return (await stat(location)).isDirectory();
  } catch {
    return false;
  }
}
