import {
  CodeLensRefreshRequest,
  type Connection,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  type InitializeParams,
  type InitializeResult,
  TextDocuments,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { URI } from 'vscode-uri';
import { pullsDiagnostics, serverCapabilities } from './capabilities.js';
import { DiagnosticsOfFolders } from './diagnostics/diagnostics-of-folders.js';
import { PullDiagnostics } from './diagnostics/pull-diagnostics.js';
import { PushDiagnostics } from './diagnostics/push-diagnostics.js';
import { codeActionClientOf } from './features/code-action-client.js';
import { resolvesDocumentation } from './features/completion-documentation.js';
import { registerFeatures } from './register-features.js';
import { registerRequests } from './requests/register-requests.js';
import { TestWatch } from './requests/test-watch.js';
import { SERVER_VERSION } from './server-version.js';
import { clockOf, folderNames, readInitializationOptions } from './settings.js';
import { TrafficOfFolders } from './traffic/traffic-of-folders.js';
import { type DocumentInSet, Workspace } from './workspace/workspace.js';

/** The files that the server wants to be told of. */
const WATCHED = '**/*.{policy,connectors,conditions,exemptions,invariants,builds,test}.{yaml,yml,json}';

/** Serves one client over a connection, until the client goes. */
export function serve(connection: Connection): void {
  const texts = new TextDocuments(TextDocument);
  connection.onInitialize((params) => initialize(connection, texts, params));
  texts.listen(connection);
  connection.listen();
}

function initialize(
  connection: Connection,
  texts: TextDocuments<TextDocument>,
  params: InitializeParams,
): InitializeResult {
  const options = readInitializationOptions(params.initializationOptions);
  const isPull = pullsDiagnostics(params.capabilities, options);
  const diagnostics = new DiagnosticsOfFolders({
    ...(options.findingsPage === undefined ? {} : { findingsPage: options.findingsPage }),
    onDiagnostics: (folder, isWhole) => shown.update(folder, isWhole),
    onFault: (message) => connection.console.error(`The exact analysis failed: ${message}`),
  });
  const refreshesLenses = params.capabilities.workspace?.codeLens?.refreshSupport === true;
  const traffic = new TrafficOfFolders(() => {
    if (refreshesLenses) void connection.sendRequest(CodeLensRefreshRequest.type);
  });
  const tests = new TestWatch(connection);
  const clock = clockOf(options);
  const workspace = new Workspace({
    workspaceFolders: foldersOf(params),
    onChange: (folder) => {
      diagnostics.changed(folder);
      traffic.changed(folder);
      tests.changed(folder);
    },
    onRemove: (folder) => {
      traffic.forget(folder);
      tests.removed(folder);
      diagnostics.forget(folder);
      shown.clear(folder);
    },
    ...(clock === undefined ? {} : { clock }),
  });
  const shown = isPull
    ? new PullDiagnostics(connection, workspace, diagnostics)
    : new PushDiagnostics(connection, diagnostics);

  texts.onDidOpen(({ document }) => void workspace.openDocument(document));
  texts.onDidChangeContent(({ document }) => workspace.changeDocument(document));
  texts.onDidClose(({ document }) => workspace.closeDocument(document.uri));
  connection.onDidChangeWatchedFiles(({ changes }) => workspace.changeFiles(changes.map(({ uri }) => uri)));
  registerRequests(connection, workspace, { diagnostics, traffic, tests });
  const known = {
    findingsOf: ({ folder }: DocumentInSet) => diagnostics.findings(folder),
    trafficOf: ({ folder }: DocumentInSet) => traffic.of(folder),
  };
  registerFeatures(connection, workspace, known, {
    hasCommands: options.commands === true,
    hasSnippets: params.capabilities.textDocument?.completion?.completionItem?.snippetSupport === true,
    resolvesDocumentation: resolvesDocumentation(params.capabilities),
    codeActions: codeActionClientOf(params.capabilities),
  });
  connection.onInitialized(() => start(connection, workspace, params, options.policyFolders ?? []));
  connection.onShutdown(() => diagnostics.close());
  return {
    capabilities: serverCapabilities(isPull),
    serverInfo: { name: 'Sluice', version: SERVER_VERSION },
  };
}

async function start(
  connection: Connection,
  workspace: Workspace,
  { capabilities }: InitializeParams,
  policyFolders: readonly string[],
): Promise<void> {
  const client = capabilities.workspace;
  if (client?.didChangeWatchedFiles?.dynamicRegistration === true) {
    await connection.client.register(DidChangeWatchedFilesNotification.type, { watchers: [{ globPattern: WATCHED }] });
  }
  if (client?.didChangeConfiguration?.dynamicRegistration === true) {
    await connection.client.register(DidChangeConfigurationNotification.type, { section: 'sluice' });
  }
  const canAsk = client?.configuration === true;
  const namedFolders = async () =>
    canAsk ? folderNames(await connection.workspace.getConfiguration('sluice.policyFolders')) : [];
  connection.onDidChangeConfiguration(async () => workspace.setNamedFolders(await namedFolders()));
  if (client?.workspaceFolders === true) {
    connection.workspace.onDidChangeWorkspaceFolders(async () => {
      const folders = (await connection.workspace.getWorkspaceFolders()) ?? [];
      await workspace.setWorkspaceFolders(folders.map(({ uri }) => URI.parse(uri).fsPath));
    });
  }
  const named = policyFolders.length > 0 ? policyFolders : await namedFolders();
  await workspace.setNamedFolders(named);
}

function foldersOf({ workspaceFolders, rootUri }: InitializeParams): string[] {
  const uris = workspaceFolders?.map(({ uri }) => uri) ?? (rootUri === null ? [] : [rootUri]);
  return uris.map((uri) => URI.parse(uri).fsPath);
}
