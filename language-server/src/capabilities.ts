import {
  type ClientCapabilities,
  CodeActionKind,
  type ServerCapabilities,
  TextDocumentSyncKind,
} from 'vscode-languageserver';
import { FIX_ALL_KIND } from './features/code-action-kinds.js';
import { SEMANTIC_TOKENS_LEGEND } from './features/semantic-tokens.js';
import type { InitializationOptions } from './settings.js';

/** Whether the client asks for diagnostics; else it is told of them. Both at once would show each twice. */
export function pullsDiagnostics(client: ClientCapabilities, { diagnostics }: InitializationOptions): boolean {
  return client.textDocument?.diagnostic !== undefined && diagnostics !== 'push';
}

/** What the server can do. */
export function serverCapabilities(isPull: boolean): ServerCapabilities {
  return {
    textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: false },
    completionProvider: {
      triggerCharacters: [':', ' ', '-', '"', "'", '.', '{', '<', '>', '='],
      resolveProvider: true,
    },
    hoverProvider: true,
    definitionProvider: true,
    referencesProvider: true,
    documentHighlightProvider: true,
    linkedEditingRangeProvider: true,
    renameProvider: { prepareProvider: true },
    documentLinkProvider: { resolveProvider: false },
    documentSymbolProvider: true,
    workspaceSymbolProvider: true,
    foldingRangeProvider: true,
    selectionRangeProvider: true,
    semanticTokensProvider: { legend: SEMANTIC_TOKENS_LEGEND, full: true, range: true },
    inlayHintProvider: true,
    codeLensProvider: { resolveProvider: false },
    signatureHelpProvider: { triggerCharacters: ['"', "'", '<', '>', '=', '|', ' '] },
    codeActionProvider: {
      codeActionKinds: [
        CodeActionKind.QuickFix,
        CodeActionKind.RefactorExtract,
        CodeActionKind.RefactorInline,
        CodeActionKind.RefactorRewrite,
        FIX_ALL_KIND,
      ],
      resolveProvider: true,
    },
    documentFormattingProvider: true,
    documentOnTypeFormattingProvider: { firstTriggerCharacter: '\n' },
    workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
    ...(isPull
      ? { diagnosticProvider: { identifier: 'sluice', interFileDependencies: true, workspaceDiagnostics: true } }
      : {}),
  };
}
