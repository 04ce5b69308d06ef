import type { PolicyFile } from '@sluice/engine/policy/policy-file.js';
import type { Connection } from 'vscode-languageserver';
import { URI } from 'vscode-uri';
import { TestsChangedNotification } from '../protocol.js';
import type { PolicyFolder } from '../workspace/policy-folder.js';
import { areSameFiles } from '../workspace/same-files.js';

/** Tells a client that has asked for tests when they, or their results, may have changed. */
export class TestWatch {
  readonly #connection: Connection;
  /** What the client knows of each folder; absent until it has asked. */
  #told: Map<string, readonly PolicyFile[]> | undefined;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** The client knows the folders as they are now. */
  begin(folders: readonly PolicyFolder[]): void {
    this.#told = new Map(folders.map((folder) => [folder.root, folder.snapshot.files]));
  }

  /** To be called after each change of a folder; opening a file changes nothing. */
  changed(folder: PolicyFolder): void {
    if (this.#told === undefined) return;
    const { files } = folder.snapshot;
    const known = this.#told.get(folder.root);
    if (known !== undefined && areSameFiles(known, files)) return;
    this.#told.set(folder.root, files);
    this.#tell(folder);
  }

  removed(folder: PolicyFolder): void {
    if (this.#told?.delete(folder.root)) this.#tell(folder);
  }

  #tell({ root }: PolicyFolder): void {
    void this.#connection.sendNotification(TestsChangedNotification, { uri: URI.file(root).toString() });
  }
}
