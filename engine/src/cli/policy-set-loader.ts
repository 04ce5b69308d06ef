import { stat } from 'node:fs/promises';
import { DocumentCache } from '../policy/document-cache.js';
import type { EpochMillis } from '../policy/instant.js';
import type { PolicyFile } from '../policy/policy-file.js';
import type { PolicySet } from '../policy/policy-set.js';
import { NoFolderError, RevisionError, readPoliciesAtRevision } from '../policy/read-policies-at-revision.js';
import { readPolicyFolder } from '../policy/read-policy-folder.js';
import { readPolicySet } from '../policy/read-policy-set.js';
import type { CommandLine } from './command-line.js';
import { UsageError } from './exit-code.js';
import { formatFindings } from './format-findings.js';
import { SLUICE_VERSION } from './sluice-version.js';

/** What is to be compared with is there, and holds no valid policy set. */
export class NoPolicySetError extends UsageError {}

/** Loads policy sets to compare; a file that is the same in several of them is read once. */
export class PolicySetLoader {
  readonly #folder: string;
  readonly #now: EpochMillis;
  readonly #line: CommandLine;
  readonly #documents = new DocumentCache();

  /** @param folder the folder of the policy set within the repository, for git revisions */
  constructor(folder: string, now: EpochMillis, line: CommandLine) {
    this.#folder = folder;
    this.#now = now;
    this.#line = line;
  }

  /**
   * @param source a folder, or a git revision; what exists as a folder is taken for one
   * @throws UsageError where there is no valid policy set
   */
  async load(source: string): Promise<PolicySet> {
    if (await isFolder(source)) return this.loadFolder(source);
    const files = await readPoliciesAtRevision(source, this.#folder).catch((error: unknown) => {
      if (error instanceof NoFolderError) throw new NoPolicySetError(error.message);
      throw error instanceof RevisionError ? new UsageError(error.message) : error;
    });
    return this.#policySetOf(files, `${this.#folder} at ${source}`);
  }

  /** @throws UsageError where there is no valid policy set */
  async loadFolder(folder = this.#folder): Promise<PolicySet> {
    const files = await readPolicyFolder(folder).catch((error: Error) => {
      throw new UsageError(`The policies cannot be read: ${error.message}`);
    });
    return this.#policySetOf(files, folder);
  }

  /** Contradictions between policies do not matter here: which one decides is certain for all that. */
  #policySetOf(files: readonly PolicyFile[], what: string): PolicySet {
    const { policySet, findings } = readPolicySet(files, this.#now, this.#documents);
    if (policySet !== undefined) return policySet;
    const errors = findings.filter((each) => each.severity === 'error');
    this.#line.err(formatFindings('pretty', errors, { colours: false, version: SLUICE_VERSION, files: files.length }));
    throw new NoPolicySetError(`${what} holds no valid policy set`);
  }
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}
