import { relative, sep } from 'node:path';
import { DocumentCache } from '@sluice/engine/policy/document-cache.js';
import { fileKindOf } from '@sluice/engine/policy/file-kind.js';
import type { EpochMillis } from '@sluice/engine/policy/instant.js';
import type { PolicyFile } from '@sluice/engine/policy/policy-file.js';
import { readPolicyFile, readPolicyFolder } from '@sluice/engine/policy/read-policy-folder.js';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { URI } from 'vscode-uri';
import { FolderSnapshot } from './folder-snapshot.js';
import { PolicyDocument } from './policy-document.js';

/** A folder that holds a policy set: its files on disk, and over them what editors have open. */
export class PolicyFolder {
  /** Absolute path. */
  readonly root: string;
  readonly #clock: () => EpochMillis;
  readonly #cache = new DocumentCache();
  readonly #onDisk = new Map<string, PolicyFile>();
  readonly #open = new Map<string, PolicyDocument>();
  /** Documents of files on disk, made when they are asked for. */
  readonly #closed = new Map<string, PolicyDocument>();
  readonly #uris = new Map<string, string>();
  #version = 0;
  #snapshot: FolderSnapshot | undefined;

  constructor(root: string, clock: () => EpochMillis) {
    this.root = root;
    this.#clock = clock;
  }

  pathOf(location: string): string {
    return relative(this.root, location).split(sep).join('/');
  }

  uriOf(path: string): string {
    const known = this.#open.get(path)?.uri ?? this.#uris.get(path);
    if (known !== undefined) return known;
    const uri = URI.file(`${this.root}/${path}`).toString();
    this.#uris.set(path, uri);
    return uri;
  }

  /** Reads all files from disk. A folder that cannot be read is empty. */
  async load(): Promise<void> {
    const files = await readPolicyFolder(this.root).catch((): PolicyFile[] => []);
    this.#onDisk.clear();
    this.#closed.clear();
    for (const file of files) this.#onDisk.set(file.path, file);
    this.#changed();
  }

  /** Reads one file again that was changed, made or removed on disk. */
  async reread(location: string): Promise<void> {
    const path = this.pathOf(location);
    const file = await readPolicyFile(location, path);
    const isGone = 'unreadable' in file.content && file.content.unreadable.startsWith('ENOENT');
    if (isGone) this.#onDisk.delete(path);
    else this.#onDisk.set(path, file);
    this.#closed.delete(path);
    this.#changed();
  }

  open(location: string, text: TextDocument): void {
    const path = this.pathOf(location);
    if (fileKindOf(path) === undefined) return;
    const content = new TextEncoder().encode(text.getText());
    this.#open.set(path, new PolicyDocument(path, text.uri, content, this.#cache, text));
    this.#changed();
  }

  close(location: string): void {
    if (this.#open.delete(this.pathOf(location))) this.#changed();
  }

  get isEmpty(): boolean {
    return this.#onDisk.size === 0 && this.#open.size === 0;
  }

  /** The folder as it is now. */
  get snapshot(): FolderSnapshot {
    this.#snapshot ??= this.#makeSnapshot();
    return this.#snapshot;
  }

  #changed(): void {
    this.#version++;
    this.#snapshot = undefined;
  }

  #makeSnapshot(): FolderSnapshot {
    const paths = [...new Set([...this.#onDisk.keys(), ...this.#open.keys()])].sort();
    const files: PolicyFile[] = [];
    const documents = new Map<string, PolicyDocument>();
    for (const path of paths) {
      const document = this.#open.get(path) ?? this.#closedDocument(path);
      const file = document === undefined ? this.#onDisk.get(path) : { path, content: document.content };
      if (file !== undefined) files.push(file);
      if (document !== undefined) documents.set(path, document);
    }
    return new FolderSnapshot(this.#version, files, documents, this.#clock(), this.#cache);
  }

  #closedDocument(path: string): PolicyDocument | undefined {
    const known = this.#closed.get(path);
    if (known !== undefined) return known;
    const content = this.#onDisk.get(path)?.content;
    if (!(content instanceof Uint8Array) || fileKindOf(path) === undefined) return undefined;
    const document = new PolicyDocument(path, this.uriOf(path), content, this.#cache);
    this.#closed.set(path, document);
    return document;
  }
}

/** Whether a file would belong to the policy folder at a root. */
export function isBelow(root: string, location: string): boolean {
  return location.startsWith(root.endsWith(sep) ? root : `${root}${sep}`);
}
