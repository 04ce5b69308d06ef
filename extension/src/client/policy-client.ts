import { type Disposable, type ExtensionContext, type LogOutputChannel, Uri, workspace } from 'vscode';
import { LanguageClient, State, TransportKind } from 'vscode-languageclient/node';

/** The files that the language server is about. */
const POLICY_FILES = '**/*.{policy,connectors,conditions,exemptions,invariants,builds}.{yaml,yml,json}';
/** Tests of policies; those in JSON are left to others, who have many such files. */
const TEST_FILES = '**/*.test.{yaml,yml}';

/** The language server, and the connection to it. */
export class PolicyClient implements Disposable {
  readonly #client: LanguageClient;

  constructor({ extensionUri }: ExtensionContext, output: LogOutputChannel) {
    const module = Uri.joinPath(extensionUri, 'dist/server/main.js').fsPath;
    const findingsPage = Uri.joinPath(extensionUri, 'dist/findings.md').toString();
    this.#client = new LanguageClient(
      'sluice',
      'Sluice',
      { module, transport: TransportKind.ipc },
      {
        documentSelector: [POLICY_FILES, TEST_FILES].map((pattern) => ({ scheme: 'file', pattern })),
        outputChannel: output,
        initializationOptions: () => ({
          diagnostics: 'push',
          findingsPage,
          commands: workspace.getConfiguration('sluice').get<boolean>('codeLens', true),
        }),
      },
    );
  }

  start(): Promise<void> {
    return this.#client.start();
  }

  restart(): Promise<void> {
    return this.#client.restart();
  }

  /** Calls each time that the server has started. */
  onReady(call: () => void): Disposable {
    return this.#client.onDidChangeState(({ newState }) => {
      if (newState === State.Running) call();
    });
  }

  /** What the server answers once it is ready. */
  get connection(): Pick<LanguageClient, 'sendRequest' | 'onNotification' | 'onProgress' | 'protocol2CodeConverter'> {
    return this.#client;
  }

  dispose(): void {
    void this.#client.dispose();
  }
}
