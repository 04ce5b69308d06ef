import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { LogInputError } from './log-source.js';

/** Finds the files that a pattern matches. */
export type Glob = (pattern: string) => Promise<readonly string[]>;

/**
 * The files that arguments name: files, folders with all that lies below them, and patterns such as `mail.log*`. Hidden files
 * are left out. Each file comes once.
 *
 * @throws LogInputError where an argument names nothing
 */
export async function findLogFiles(paths: readonly string[], glob: Glob): Promise<string[]> {
  const found = await Promise.all(paths.map((path) => filesOf(path, glob)));
  return [...new Set(found.flat())];
}

async function filesOf(path: string, glob: Glob): Promise<readonly string[]> {
  const kind = await stat(path).catch(() => undefined);
  if (kind?.isDirectory()) return filesBelow(path);
  if (kind !== undefined || path === '-') return [path];
  const isPattern = /[*?[\]{}]/.test(path);
  const matched = isPattern ? [...(await glob(path))].sort() : [];
  if (matched.length > 0) return matched;
  throw new LogInputError(`${path}: there is no such file${isPattern ? ', and none that matches' : ''}`);
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    // Node 20.12 renamed `path`.
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
  if (files.length === 0) throw new LogInputError(`${folder}: the folder has no files`);
  return files;
}
