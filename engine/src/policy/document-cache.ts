import { checkShape } from './check-shape.js';
import type { FileKind } from './file-kind.js';
import { type DocumentResult, readDocument } from './read-document.js';

interface CachedDocument {
  readonly content: Uint8Array;
  readonly result: DocumentResult;
}

/** What was made of documents, and under what. */
interface Made {
  readonly of: readonly unknown[];
  readonly value: unknown;
}

/**
 * Documents by path, read and checked for their shape, and what was made of them. Of two policy sets that are nearly the same,
 * most is read once.
 */
export class DocumentCache {
  readonly #documents = new Map<string, CachedDocument>();
  /** By path, then by what was made of the file there. */
  readonly #made = new Map<string, Map<string, Made>>();

  /** The document of a file with this content; read only where the file had another content the last time. */
  read(path: string, kind: FileKind, content: Uint8Array): DocumentResult {
    const earlier = this.#documents.get(path);
    if (earlier !== undefined && isSame(earlier.content, content)) return earlier.result;
    const result = readChecked(path, kind, content);
    this.#documents.set(path, { content, result });
    return result;
  }

  /**
   * What was made of a file under this name the last time, if of the same; else it is made now.
   *
   * @param path the file; empty for what is made of several
   * @param of everything that it depends on, compared by identity
   */
  made<T>(path: string, name: string, of: readonly unknown[], make: () => T): T {
    const ofFile = this.#made.get(path) ?? new Map<string, Made>();
    this.#made.set(path, ofFile);
    const earlier = ofFile.get(name);
    if (earlier?.of.length === of.length && earlier.of.every((each, index) => each === of[index])) {
      return earlier.value as T;
    }
    const value = make();
    ofFile.set(name, { of, value });
    return value;
  }

  /** Forgets the files of all other paths. */
  retain(paths: Iterable<string>): void {
    const kept = new Set(paths);
    for (const path of this.#documents.keys()) {
      if (kept.has(path)) continue;
      this.#documents.delete(path);
      this.#made.delete(path);
    }
  }
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a === b || Buffer.compare(a, b) === 0;
}

function readChecked(path: string, kind: FileKind, content: Uint8Array): DocumentResult {
  const { root, findings } = readDocument(path, content);
  if (root === undefined) return { findings };
  return { root, findings: [...findings, ...checkShape(kind, root)] };
}
