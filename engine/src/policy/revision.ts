import { createHash } from 'node:crypto';
import type { PolicyFile } from './policy-file.js';

/** A hash of names and contents, 16 hexadecimal digits: equal folders have equal revisions wherever they lie. */
export function revisionOf(files: readonly PolicyFile[]): string {
  const hash = createHash('sha256');
  for (const { path, content } of [...files].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    const octets = 'unreadable' in content ? content.unreadable : content;
    hash.update(`${path}\0${octets.length}\0`).update(octets);
  }
  return hash.digest('hex').slice(0, 16);
}
