import { DocumentCache } from '@sluice/engine/policy/document-cache.js';
import type { EpochMillis } from '@sluice/engine/policy/instant.js';
import type { PolicyFile } from '@sluice/engine/policy/policy-file.js';
import { type ReadPolicySet, readPolicySet } from '@sluice/engine/policy/read-policy-set.js';
import type { PolicyDocument } from './policy-document.js';

/**
 * All files of a policy folder at one moment, unsaved text included. Whatever is asked of it is worked out when it is asked
 * for the first time.
 */
export class FolderSnapshot {
  /** Counts the changes of the folder. */
  readonly version: number;
  readonly files: readonly PolicyFile[];
  readonly now: EpochMillis;
  readonly #documents: ReadonlyMap<string, PolicyDocument>;
  readonly #cache: DocumentCache;
  #reading: ReadPolicySet | undefined;

  constructor(
    version: number,
    files: readonly PolicyFile[],
    documents: ReadonlyMap<string, PolicyDocument>,
    now: EpochMillis,
    cache: DocumentCache = new DocumentCache(),
  ) {
    this.version = version;
    this.files = files;
    this.now = now;
    this.#documents = documents;
    this.#cache = cache;
  }

  /** The policy documents, in the order of their paths. */
  get documents(): Iterable<PolicyDocument> {
    return this.#documents.values();
  }

  documentAt(path: string): PolicyDocument | undefined {
    return this.#documents.get(path);
  }

  /** The policy set as far as it is sound, and the findings that need no analysis. */
  get reading(): ReadPolicySet {
    this.#reading ??= readPolicySet(this.files, this.now, this.#cache);
    return this.#reading;
  }

  /** The policy set as it would be with other files. */
  readingOf(files: readonly PolicyFile[]): ReadPolicySet {
    return readPolicySet(files, this.now, this.#cache);
  }
}
