import type { Finding } from '@sluice/engine/policy/finding.js';
import type { Diagnostic } from 'vscode-languageserver';
import type { FolderSnapshot } from '../workspace/folder-snapshot.js';
import type { PolicyFolder } from '../workspace/policy-folder.js';
import { Analyser } from './analyser.js';
import { toDiagnostic } from './to-diagnostic.js';

/** Time without an edit before the exact analysis of all policies together begins, in milliseconds. */
const ANALYSIS_DELAY_MILLIS = 100;

/** The diagnostics of one file. */
export interface FileDiagnostics {
  readonly path: string;
  readonly uri: string;
  /** Version of the text that they belong to; absent where the file is not open. */
  readonly version?: number;
  readonly diagnostics: readonly Diagnostic[];
}

export interface FolderDiagnosticsOptions {
  readonly findingsPage?: string;
  /** Called when the findings of a folder are new; `isWhole` where the exact analysis has been done as well. */
  readonly onDiagnostics: (folder: PolicyFolder, isWhole: boolean) => void;
  readonly onFault: (message: string) => void;
}

interface FolderState {
  readonly folder: PolicyFolder;
  /** The findings of the exact analysis and the snapshot that they belong to. */
  whole?: { readonly snapshot: FolderSnapshot; readonly findings: readonly Finding[] };
  delay?: NodeJS.Timeout;
  turn?: NodeJS.Immediate;
  /** Who waits for the exact analysis. */
  readonly waiting: (() => void)[];
}

/**
 * The findings of all folders. Those that need one file or names only come with the next turn of the event loop, so that edits
 * that came together are dealt with together; those of the exact analysis follow once typing rests.
 */
export class DiagnosticsOfFolders {
  readonly #options: FolderDiagnosticsOptions;
  readonly #states = new Map<string, FolderState>();
  readonly #analyser: Analyser;

  constructor(options: FolderDiagnosticsOptions) {
    this.#options = options;
    this.#analyser = new Analyser({
      onFindings: (root, snapshot, findings) => this.#takeWhole(root, snapshot, findings),
      onFault: (message) => {
        options.onFault(message);
        for (const state of this.#states.values()) stopWaiting(state);
      },
    });
  }

  /** To be called after each change of a folder. */
  changed(folder: PolicyFolder): void {
    const state = this.#states.get(folder.root) ?? { folder, waiting: [] };
    this.#states.set(folder.root, state);
    clearTimeout(state.delay);
    state.delay = setTimeout(() => this.#analyser.analyse(folder.root, folder.snapshot), ANALYSIS_DELAY_MILLIS);
    state.turn ??= setImmediate(() => {
      delete state.turn;
      this.#options.onDiagnostics(folder, state.whole?.snapshot === folder.snapshot);
    });
  }

  forget(folder: PolicyFolder): void {
    const state = this.#states.get(folder.root);
    clearTimeout(state?.delay);
    clearImmediate(state?.turn);
    if (state !== undefined) stopWaiting(state);
    this.#states.delete(folder.root);
    this.#analyser.forget(folder.root);
  }

  /** The diagnostics of each file of a folder, files without any included. */
  of(folder: PolicyFolder): FileDiagnostics[] {
    const { snapshot } = folder;
    const byPath = new Map<string, Finding[]>();
    for (const finding of this.findings(folder)) {
      const found = byPath.get(finding.file) ?? [];
      found.push(finding);
      byPath.set(finding.file, found);
    }
    return snapshot.files.map(({ path }) => {
      const version = snapshot.documentAt(path)?.version;
      const uriOf = (other: string) => folder.uriOf(other);
      const found = byPath.get(path) ?? [];
      const diagnostics = found.map((each) => toDiagnostic(each, this.#options.findingsPage, uriOf));
      return { path, uri: folder.uriOf(path), diagnostics, ...(version === undefined ? {} : { version }) };
    });
  }

  /** The findings as far as they are known. */
  findings(folder: PolicyFolder): readonly Finding[] {
    const whole = this.#states.get(folder.root)?.whole;
    return whole?.snapshot === folder.snapshot ? whole.findings : folder.snapshot.reading.findings;
  }

  /** All findings of a folder as it is when the exact analysis is done; where that fails, those that need none. */
  async wholeFindings(folder: PolicyFolder): Promise<readonly Finding[]> {
    const state = this.#states.get(folder.root);
    if (state !== undefined && state.whole?.snapshot !== folder.snapshot) {
      await new Promise<void>((resolve) => state.waiting.push(resolve));
    }
    return this.findings(folder);
  }

  async close(): Promise<void> {
    for (const { delay, turn } of this.#states.values()) {
      clearTimeout(delay);
      clearImmediate(turn);
    }
    await this.#analyser.close();
  }

  #takeWhole(root: string, snapshot: FolderSnapshot, findings: readonly Finding[]): void {
    const state = this.#states.get(root);
    if (state === undefined || state.folder.snapshot !== snapshot) return;
    state.whole = { snapshot, findings };
    stopWaiting(state);
    this.#options.onDiagnostics(state.folder, true);
  }
}

function stopWaiting({ waiting }: FolderState): void {
  for (const resolve of waiting.splice(0)) resolve();
}
