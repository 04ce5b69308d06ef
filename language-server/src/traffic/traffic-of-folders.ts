import { fileKindOf } from '@sluice/engine/policy/file-kind.js';
import type { PolicyFile } from '@sluice/engine/policy/policy-file.js';
import type { RuleTraffic, TrafficParams } from '../protocol.js';
import type { FolderSnapshot } from '../workspace/folder-snapshot.js';
import type { PolicyFolder } from '../workspace/policy-folder.js';
import { areSameFiles } from '../workspace/same-files.js';

/** What the last dry run of a policy set has shown. */
export interface KnownTraffic {
  /** What was asked for, to ask for it again. */
  readonly params: TrafficParams;
  readonly rules: readonly RuleTraffic[];
  /** Whether the policies are no longer those that the traffic met. */
  readonly isStale: boolean;
}

interface LastRun extends KnownTraffic {
  /** The files that decided. */
  readonly files: readonly PolicyFile[];
}

/** The last dry run of each policy folder. */
export class TrafficOfFolders {
  readonly #onChange: () => void;
  readonly #runs = new Map<string, LastRun>();

  /** @param onChange called when there is something new to tell */
  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /** @param snapshot the folder as it was when the dry run began */
  take({ root }: PolicyFolder, snapshot: FolderSnapshot, params: TrafficParams, rules: readonly RuleTraffic[]): void {
    this.#runs.set(root, { params, rules, isStale: false, files: decidingFiles(snapshot) });
    this.#onChange();
  }

  of({ root }: PolicyFolder): KnownTraffic | undefined {
    return this.#runs.get(root);
  }

  /** To be called after each change of a folder. */
  changed({ root, snapshot }: PolicyFolder): void {
    const last = this.#runs.get(root);
    if (last === undefined) return;
    const isStale = !areSameFiles(decidingFiles(snapshot), last.files);
    if (isStale === last.isStale) return;
    this.#runs.set(root, { ...last, isStale });
    this.#onChange();
  }

  forget({ root }: PolicyFolder): void {
    this.#runs.delete(root);
  }
}

/** Tests and invariants do not change what traffic meets. */
function decidingFiles({ files }: FolderSnapshot): readonly PolicyFile[] {
  return files.filter(({ path }) => !IRRELEVANT.has(fileKindOf(path)));
}

const IRRELEVANT: ReadonlySet<ReturnType<typeof fileKindOf>> = new Set(['test', 'invariants', undefined]);
