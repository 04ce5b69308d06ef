import { checkShape } from './check-shape.js';
import type { FileKind } from './file-kind.js';
import { type DocumentResult, readDocument } from './read-document.js';

interface CachedDocument {
  readonly content: Uint8Array;
  readonly result: DocumentResult;
}

/** Documents by path, read and checked for their shape. Of two policy sets that are nearly the same, most are read once. */
export class DocumentCache {
  readonly #documents = new Map<string, CachedDocument>();

  /** The document of a file with this content; read only where the file had another content the last time. */
  read(path: string, kind: FileKind, content: Uint8Array): DocumentResult {
    const earlier = this.#documents.get(path);
    if (earlier !== undefined && Buffer.compare(earlier.content, content) === 0) return earlier.result;
    const result = readChecked(path, kind, content);
    this.#documents.set(path, { content, result });
    return result;
  }

  /** Forgets the files of all other paths. */
  retain(paths: Iterable<string>): void {
    const kept = new Set(paths);
    for (const path of this.#documents.keys()) if (!kept.has(path)) this.#documents.delete(path);
  }
}

function readChecked(path: string, kind: FileKind, content: Uint8Array): DocumentResult {
  const { root, findings } = readDocument(path, content);
  if (root === undefined) return { findings };
  return { root, findings: kind === 'test' ? findings : [...findings, ...checkShape(kind, root)] };
}
