import { readdir } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileKindOf } from '@sluice/engine/policy/file-kind.js';

/** Deepest folder of a workspace that is looked into. */
const MAX_DEPTH = 8;
const SKIPPED = new Set(['node_modules', 'dist', 'build', 'coverage']);

/**
 * The folders of a workspace that hold policy sets: those named in the settings, else the topmost folders that hold policy
 * files themselves. A folder below such a one is part of its set.
 *
 * @param named folders from the settings, relative to the workspace
 */
export async function findPolicyFolders(workspace: string, named: readonly string[] = []): Promise<string[]> {
  if (named.length > 0) return named.map((folder) => resolve(workspace, folder));
  return collect(workspace, 0);
}

/** The folder whose set a file belongs to where no folder of the workspace is known to hold it. */
export function folderOfLoneFile(location: string): string {
  return dirname(location);
}

async function collect(folder: string, depth: number): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  if (entries.some((entry) => entry.isFile() && isOfPolicySet(entry.name))) return [folder];
  if (depth >= MAX_DEPTH) return [];
  const folders = entries.filter(
    (entry) => entry.isDirectory() && !entry.name.startsWith('.') && !SKIPPED.has(entry.name),
  );
  const found = await Promise.all(folders.map((entry) => collect(join(folder, entry.name), depth + 1)));
  return withSharedParts(folder, found);
}

/** Tests alone are no policy set: other projects have files of such names. */
function isOfPolicySet(name: string): boolean {
  const kind = fileKindOf(name);
  return kind !== undefined && kind !== 'test';
}

/** Where the parts of one set lie side by side (connectors/, rules/), the set is the folder that has them all. */
function withSharedParts(folder: string, found: readonly string[][]): string[] {
  const all = found.flat();
  const isPart = (root: string) => PART_NAMES.test(relative(folder, root).split(sep)[0] ?? '');
  return all.length > 1 && all.every(isPart) ? [folder] : all;
}

const PART_NAMES =
  /^(?:policies|policy|rules|connectors|conditions|exemptions|invariants|builds|catalogue|catalog|tests?)$/i;
