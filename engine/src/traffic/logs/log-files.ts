import { readdir, realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { LogInputError } from './log-source.js';

/** Finds the files that a pattern matches. */
export type Glob = (pattern: string) => Promise<readonly string[]>;

/**
 * The files that arguments name: files, folders with all that lies below them, and patterns such as `mail.log*`. Hidden files
 * and folders are left out, links to folders too. Each file comes once, by whatever path.
 *
 * @throws LogInputError where an argument names nothing
 */
export async function findLogFiles(paths: readonly string[], glob: Glob): Promise<string[]> {
  const found = (await Promise.all(paths.map((path) => filesOf(path, glob)))).flat();
  const byPlace = new Map<string, string>();
  for (const path of found) {
    const place = path === '-' ? path : await realpath(path).catch(() => path);
    if (!byPlace.has(place)) byPlace.set(place, path);
  }
  return [...byPlace.values()];
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
  const files: string[] = [];
  for (const entry of entries) {
    // Node 20.12 renamed `path`.
    const path = join(entry.parentPath ?? entry.path, entry.name);
    const isHidden = relative(folder, path)
      .split(sep)
      .some((part) => part.startsWith('.'));
    if (!isHidden && (entry.isFile() || (entry.isSymbolicLink() && (await leadsToFile(path))))) files.push(path);
  }
  if (files.length === 0) throw new LogInputError(`${folder}: the folder has no files`);
  return files.sort();
}

async function leadsToFile(link: string): Promise<boolean> {
  return (await stat(link).catch(() => undefined))?.isFile() ?? false;
}
