import { fileKindOf } from '@sluice/engine/policy/file-kind.js';
import { type EpochMillis, epochMillis } from '@sluice/engine/policy/instant.js';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { URI } from 'vscode-uri';
import { findPolicyFolders, folderOfLoneFile } from './find-policy-folders.js';
import type { FolderSnapshot } from './folder-snapshot.js';
import type { PolicyDocument } from './policy-document.js';
import { isBelow, PolicyFolder } from './policy-folder.js';

/** A document with the policy set that it is part of. */
export interface DocumentInSet {
  readonly folder: PolicyFolder;
  readonly snapshot: FolderSnapshot;
  readonly document: PolicyDocument;
}

/** A file of a policy folder, whatever it holds. */
export interface FileInFolder {
  readonly folder: PolicyFolder;
  /** Relative to the folder, with `/`. */
  readonly path: string;
}

export interface WorkspaceOptions {
  /** Absolute paths of the folders that the editor has open. */
  readonly workspaceFolders: readonly string[];
  /** The instant by which exemptions have expired or not. */
  readonly clock?: () => EpochMillis;
  /** Called after each change of a folder. */
  readonly onChange: (folder: PolicyFolder) => void;
  /** Called when a folder is no longer part of the workspace. */
  readonly onRemove: (folder: PolicyFolder) => void;
}

/** All policy folders of an editor's workspace, kept up to date. */
export class Workspace {
  readonly #clock: () => EpochMillis;
  readonly #onChange: (folder: PolicyFolder) => void;
  readonly #onRemove: (folder: PolicyFolder) => void;
  #workspaceFolders: readonly string[];
  #named: readonly string[] = [];
  readonly #folders = new Map<string, PolicyFolder>();
  readonly #open = new Map<string, TextDocument>();
  #begin: () => void = () => {};
  /** What is loaded is loaded one after the other; nothing before the first {@link discover}. */
  #loading = new Promise<void>((resolve) => {
    this.#begin = resolve;
  });

  constructor({ workspaceFolders, clock = () => epochMillis(Date.now()), onChange, onRemove }: WorkspaceOptions) {
    this.#workspaceFolders = workspaceFolders;
    this.#clock = clock;
    this.#onChange = onChange;
    this.#onRemove = onRemove;
  }

  get folders(): readonly PolicyFolder[] {
    return [...this.#folders.values()];
  }

  /** Resolves once everything that was asked for so far is loaded. */
  get loaded(): Promise<void> {
    return this.#loading;
  }

  setWorkspaceFolders(folders: readonly string[]): Promise<void> {
    this.#workspaceFolders = folders;
    return this.discover();
  }

  /** Takes the folders that the settings name, relative to the folders of the workspace. */
  setNamedFolders(named: readonly string[]): Promise<void> {
    this.#named = named;
    return this.discover();
  }

  /** Looks for policy folders anew and loads them. */
  discover(): Promise<void> {
    this.#begin();
    this.#loading = this.#loading.then(() => this.#discover());
    return this.#loading;
  }

  async openDocument(text: TextDocument): Promise<void> {
    const location = locationOf(text.uri);
    if (location === undefined || fileKindOf(location) === undefined) return;
    this.#open.set(location, text);
    await this.loaded;
    if (!this.#open.has(location)) return;
    const folder = this.#folderHolding(location);
    if (folder === undefined) return this.discover();
    folder.open(location, text);
    this.#onChange(folder);
  }

  changeDocument(text: TextDocument): void {
    const location = locationOf(text.uri);
    const folder = location === undefined ? undefined : this.#folderHolding(location);
    if (location === undefined || folder === undefined) return;
    folder.open(location, text);
    this.#onChange(folder);
  }

  closeDocument(uri: string): void {
    const location = locationOf(uri);
    if (location === undefined) return;
    this.#open.delete(location);
    const folder = this.#folderHolding(location);
    if (folder === undefined) return;
    folder.close(location);
    this.#onChange(folder);
  }

  /** Takes over what changed on disk. */
  changeFiles(uris: readonly string[]): Promise<void> {
    this.#loading = this.#loading.then(() => this.#changeFiles(uris));
    return this.#loading;
  }

  /** Finds a file by the folder in which it lies; undefined where that is no policy folder. */
  fileAt(uri: string): FileInFolder | undefined {
    const location = locationOf(uri);
    const folder = location === undefined ? undefined : this.#folderHolding(location);
    return location === undefined || folder === undefined ? undefined : { folder, path: folder.pathOf(location) };
  }

  /** Finds a document; undefined where it is no policy file. */
  documentAt(uri: string): DocumentInSet | undefined {
    const location = locationOf(uri);
    const folder = location === undefined ? undefined : this.#folderHolding(location);
    if (location === undefined || folder === undefined) return undefined;
    const { snapshot } = folder;
    const document = snapshot.documentAt(folder.pathOf(location));
    return document === undefined ? undefined : { folder, snapshot, document };
  }

  async #discover(): Promise<void> {
    const found = await Promise.all(this.#workspaceFolders.map((each) => findPolicyFolders(each, this.#named)));
    const roots = new Set(found.flat());
    for (const [root, folder] of this.#folders) {
      if (roots.has(root)) continue;
      this.#folders.delete(root);
      this.#onRemove(folder);
    }
    for (const location of this.#open.keys()) {
      if (![...roots].some((root) => isBelow(root, location))) roots.add(folderOfLoneFile(location));
    }
    for (const root of roots) {
      const folder = this.#folders.get(root) ?? new PolicyFolder(root, this.#clock);
      await folder.load();
      this.#folders.set(root, folder);
      for (const [location, text] of this.#open)
        if (this.#folderHolding(location) === folder) folder.open(location, text);
      this.#onChange(folder);
    }
  }

  async #changeFiles(uris: readonly string[]): Promise<void> {
    const changed = new Set<PolicyFolder>();
    let isUnknown = false;
    for (const uri of uris) {
      const location = locationOf(uri);
      if (location === undefined || fileKindOf(location) === undefined) continue;
      const folder = this.#folderHolding(location);
      if (folder === undefined) isUnknown = true;
      else {
        await folder.reread(location);
        changed.add(folder);
      }
    }
    if (isUnknown || [...changed].some((folder) => folder.isEmpty)) return this.#discover();
    for (const folder of changed) this.#onChange(folder);
  }

  /** Of nested folders, the innermost. */
  #folderHolding(location: string): PolicyFolder | undefined {
    return this.folders
      .filter((folder) => isBelow(folder.root, location))
      .reduce<PolicyFolder | undefined>(
        (best, each) => (best === undefined || each.root.length > best.root.length ? each : best),
        undefined,
      );
  }
}

/** The path of a file on disk; undefined for what is none, such as a revision in a git view. */
function locationOf(uri: string): string | undefined {
  const parsed = URI.parse(uri);
  return parsed.scheme === 'file' || parsed.scheme === 'untitled' ? parsed.fsPath : undefined;
}
