import type { Connection } from 'vscode-languageserver';
import type { PolicyFolder } from '../workspace/policy-folder.js';
import type { DiagnosticsOfFolders } from './diagnostics-of-folders.js';

/** Tells the client of the diagnostics of each file that changed. */
export class PushDiagnostics {
  readonly #connection: Connection;
  readonly #diagnostics: DiagnosticsOfFolders;
  /** What the client was told last, by folder and URI. */
  readonly #told = new Map<string, Map<string, string>>();

  constructor(connection: Connection, diagnostics: DiagnosticsOfFolders) {
    this.#connection = connection;
    this.#diagnostics = diagnostics;
  }

  update(folder: PolicyFolder): void {
    const earlier = this.#told.get(folder.root) ?? new Map<string, string>();
    const told = new Map<string, string>();
    for (const { uri, version, diagnostics } of this.#diagnostics.of(folder)) {
      const known = earlier.get(uri);
      if (diagnostics.length === 0 && known === undefined && version === undefined) continue;
      const now = JSON.stringify([version, diagnostics]);
      told.set(uri, now);
      if (known !== now) this.#send(uri, diagnostics, version);
    }
    for (const uri of earlier.keys()) if (!told.has(uri)) this.#send(uri, [], undefined);
    this.#told.set(folder.root, told);
  }

  clear(folder: PolicyFolder): void {
    for (const uri of this.#told.get(folder.root)?.keys() ?? []) this.#send(uri, [], undefined);
    this.#told.delete(folder.root);
  }

  #send(
    uri: string,
    diagnostics: ReturnType<DiagnosticsOfFolders['of']>[number]['diagnostics'],
    version?: number,
  ): void {
    const message = { uri, diagnostics: [...diagnostics], ...(version === undefined ? {} : { version }) };
    void this.#connection.sendDiagnostics(message);
  }
}
