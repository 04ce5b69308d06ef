import type { Finding } from '@sluice/engine/policy/finding.js';
import {
  type CancellationToken,
  type Connection,
  LSPErrorCodes,
  ResponseError,
  type TextDocumentIdentifier,
} from 'vscode-languageserver';
import type { CodeActionClient } from './features/code-action-client.js';
import { codeActions, fileActions, resolveCodeAction } from './features/code-actions.js';
import { codeLenses } from './features/code-lens.js';
import { completion } from './features/completion.js';
import { CompletionDocumentation } from './features/completion-documentation.js';
import { documentLinks } from './features/document-links.js';
import { foldingRanges, selectionRanges } from './features/folding.js';
import { formatDocument, formatOnType } from './features/formatting.js';
import { hover } from './features/hover.js';
import { inlayHints } from './features/inlay-hints.js';
import { linkedEditingRanges } from './features/linked-editing.js';
import { definition, documentHighlights, references } from './features/navigation.js';
import { prepareRename, rename } from './features/rename.js';
import { semanticTokens } from './features/semantic-tokens.js';
import { signatureHelp } from './features/signature-help.js';
import { documentSymbols, workspaceSymbols } from './features/symbols.js';
import type { KnownTraffic } from './traffic/traffic-of-folders.js';
import type { DocumentInSet, Workspace } from './workspace/workspace.js';

/** What a client has beyond LSP. */
export interface ClientSupport {
  /** Whether it has the commands `sluice.…`. */
  readonly hasCommands: boolean;
  /** Whether completions may have places to fill in. */
  readonly hasSnippets: boolean;
  /** Whether it asks for the documentation of the completion that is chosen. */
  readonly resolvesDocumentation: boolean;
  readonly codeActions: CodeActionClient;
}

/** What others have found out about policy sets. */
export interface KnownOfSets {
  /** What is wrong. */
  readonly findingsOf: (context: DocumentInSet) => readonly Finding[];
  /** What the last dry run has shown. */
  readonly trafficOf: (context: DocumentInSet) => KnownTraffic | undefined;
}

/**
 * Answers what editors ask of a document. Each answer is worked out at one go from the newest text, so that none is stale;
 * what was cancelled while it waited is not worked out at all.
 */
export function registerFeatures(
  connection: Connection,
  workspace: Workspace,
  { findingsOf, trafficOf }: KnownOfSets,
  { hasCommands, hasSnippets, resolvesDocumentation, codeActions: client }: ClientSupport,
): void {
  const at =
    <P extends { readonly textDocument: TextDocumentIdentifier }, R>(
      answer: (context: DocumentInSet, params: P) => R,
    ) =>
    async (params: P, token: CancellationToken): Promise<R | null> => {
      await workspace.loaded;
      if (token.isCancellationRequested) throw new ResponseError(LSPErrorCodes.RequestCancelled, 'cancelled');
      const context = workspace.documentAt(params.textDocument.uri);
      return context === undefined ? null : answer(context, params);
    };

  const documentation = new CompletionDocumentation();
  connection.onCompletion(
    at((context, { position }) => {
      const items = completion(context, position, hasSnippets);
      return resolvesDocumentation ? documentation.withhold(items) : items;
    }),
  );
  connection.onCompletionResolve((item) => documentation.resolve(item));
  connection.onSignatureHelp(at((context, { position }) => signatureHelp(context, position) ?? null));
  connection.onHover(at((context, { position }) => hover(context, position, findingsOf(context)) ?? null));
  connection.onDefinition(at((context, { position }) => definition(context, position)));
  connection.onReferences(
    at((context, params) => references(context, params.position, params.context.includeDeclaration)),
  );
  connection.onDocumentHighlight(at((context, { position }) => documentHighlights(context, position)));
  connection.languages.onLinkedEditingRange(
    at((context, { position }) => linkedEditingRanges(context, position) ?? null),
  );
  connection.onPrepareRename(at((context, { position }) => prepareRename(context, position)));
  connection.onRenameRequest(at((context, { position, newName }) => rename(context, position, newName)));
  connection.onDocumentLinks(at(documentLinks));
  connection.onDocumentSymbol(at(documentSymbols));
  connection.onWorkspaceSymbol(async ({ query }) => {
    await workspace.loaded;
    return workspaceSymbols(workspace.folders, query);
  });
  connection.onFoldingRanges(at(foldingRanges));
  connection.onSelectionRanges(at((context, { positions }) => selectionRanges(context, positions)));
  connection.languages.semanticTokens.on(async (params, token) => {
    return (await at((context) => semanticTokens(context))(params, token)) ?? { data: [] };
  });
  connection.languages.semanticTokens.onRange(async (params, token) => {
    return (
      (await at((context, { range }: typeof params) => semanticTokens(context, range))(params, token)) ?? { data: [] }
    );
  });
  connection.languages.inlayHint.on(at((context, { range }) => inlayHints(context, range)));
  connection.onCodeLens(at((context) => codeLenses(context, hasCommands, trafficOf(context))));
  connection.onCodeAction(async (params, token) => {
    const answer = at((context, asked: typeof params) => codeActions(context, asked, findingsOf(context), client));
    const actions = await answer(params, token);
    const file = actions === null ? workspace.fileAt(params.textDocument.uri) : undefined;
    return file === undefined ? actions : fileActions(file, params, client);
  });
  connection.onCodeActionResolve(async (action) => {
    await workspace.loaded;
    return resolveCodeAction(workspace, action);
  });
  connection.onDocumentFormatting(at((context, { options }) => formatDocument(context, options)));
  connection.onDocumentOnTypeFormatting(
    at((context, { position, ch, options }) => formatOnType(context, position, ch, options)),
  );
}
