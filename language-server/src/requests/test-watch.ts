import type { Connection } from 'vscode-languageserver';
import { URI } from 'vscode-uri';
import { TestsChangedNotification } from '../protocol.js';
import type { PolicyFolder } from '../workspace/policy-folder.js';

/** Tells a client that has asked for tests when they, or their results, may have changed. */
export class TestWatch {
  readonly #connection: Connection;
  #isWanted = false;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  begin(): void {
    this.#isWanted = true;
  }

  changed({ root }: PolicyFolder): void {
    if (!this.#isWanted) return;
    void this.#connection.sendNotification(TestsChangedNotification, { uri: URI.file(root).toString() });
  }
}
