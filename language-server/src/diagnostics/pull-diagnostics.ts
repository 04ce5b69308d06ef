import { createHash } from 'node:crypto';
import {
  type Connection,
  type DocumentDiagnosticReport,
  DocumentDiagnosticReportKind,
  type FullDocumentDiagnosticReport,
  type UnchangedDocumentDiagnosticReport,
  type WorkspaceDocumentDiagnosticReport,
} from 'vscode-languageserver';
import type { PolicyFolder } from '../workspace/policy-folder.js';
import type { Workspace } from '../workspace/workspace.js';
import type { DiagnosticsOfFolders, FileDiagnostics } from './diagnostics-of-folders.js';

/** Answers a client that asks for diagnostics, and tells it when to ask again. */
export class PullDiagnostics {
  readonly #connection: Connection;
  readonly #workspace: Workspace;
  readonly #diagnostics: DiagnosticsOfFolders;

  constructor(connection: Connection, workspace: Workspace, diagnostics: DiagnosticsOfFolders) {
    this.#connection = connection;
    this.#workspace = workspace;
    this.#diagnostics = diagnostics;
    connection.languages.diagnostics.on(async ({ textDocument, previousResultId }) => {
      await workspace.loaded;
      return this.#reportOf(textDocument.uri, previousResultId);
    });
    connection.languages.diagnostics.onWorkspace(async ({ previousResultIds }) => {
      await workspace.loaded;
      return { items: this.#workspaceReport(new Map(previousResultIds.map(({ uri, value }) => [uri, value]))) };
    });
  }

  /** An edit makes the client ask by itself; the exact analysis comes later. */
  update(_folder: PolicyFolder, isWhole: boolean): void {
    if (isWhole) this.#connection.languages.diagnostics.refresh();
  }

  clear(): void {
    this.#connection.languages.diagnostics.refresh();
  }

  #reportOf(uri: string, previousResultId: string | undefined): DocumentDiagnosticReport {
    const folder = this.#workspace.documentAt(uri)?.folder;
    const file = folder === undefined ? undefined : this.#diagnostics.of(folder).find((each) => each.uri === uri);
    return report(file?.diagnostics ?? [], previousResultId);
  }

  #workspaceReport(previous: ReadonlyMap<string, string>): WorkspaceDocumentDiagnosticReport[] {
    const files = this.#workspace.folders.flatMap((folder) => this.#diagnostics.of(folder));
    const present = new Set(files.map(({ uri }) => uri));
    const gone = [...previous.keys()].filter((uri) => !present.has(uri));
    return [
      ...files.map(({ uri, version, diagnostics }) => ({
        ...report(diagnostics, previous.get(uri)),
        uri,
        version: version ?? null,
      })),
      ...gone.map((uri) => ({ ...report([], previous.get(uri)), uri, version: null })),
    ];
  }
}

function report(
  diagnostics: FileDiagnostics['diagnostics'],
  previousResultId: string | undefined,
): FullDocumentDiagnosticReport | UnchangedDocumentDiagnosticReport {
  const resultId = createHash('sha256').update(JSON.stringify(diagnostics)).digest('hex').slice(0, 16);
  return resultId === previousResultId
    ? { kind: DocumentDiagnosticReportKind.Unchanged, resultId }
    : { kind: DocumentDiagnosticReportKind.Full, resultId, items: [...diagnostics] };
}
