import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { pathToFileURL } from 'node:url';
import {
  type ClientCapabilities,
  ConfigurationRequest,
  createProtocolConnection,
  type Diagnostic,
  DidChangeTextDocumentNotification,
  DidCloseTextDocumentNotification,
  DidOpenTextDocumentNotification,
  ExitNotification,
  InitializedNotification,
  InitializeRequest,
  type InitializeResult,
  LogMessageNotification,
  type ProtocolConnection,
  PublishDiagnosticsNotification,
  RegistrationRequest,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
  type TextDocumentContentChangeEvent,
} from 'vscode-languageserver-protocol/node';

export interface LanguageClientOptions {
  /** Absolute path of the folder that the editor has open. */
  readonly folder: string;
  readonly command: readonly [string, ...string[]];
  readonly capabilities?: ClientCapabilities;
  readonly initializationOptions?: object;
  /** Settings by their section. */
  readonly configuration?: Readonly<Record<string, unknown>>;
}

/** The diagnostics that a server told last of a file. */
export interface Published {
  readonly version?: number;
  readonly diagnostics: readonly Diagnostic[];
}

/** A language client over the real wire: a server process and its standard streams. */
export class LanguageClient {
  readonly connection: ProtocolConnection;
  readonly published = new Map<string, Published>();
  /** What the server logged as an error. */
  readonly faults: string[] = [];
  initializeResult!: InitializeResult;
  readonly #child: ChildProcess;
  readonly #folder: string;
  readonly #versions = new Map<string, number>();
  readonly #listeners = new Set<() => void>();

  static async start(options: LanguageClientOptions): Promise<LanguageClient> {
    const client = new LanguageClient(options);
    const { folder, capabilities = {}, initializationOptions } = options;
    client.initializeResult = await client.connection.sendRequest(InitializeRequest.type, {
      processId: process.pid,
      rootUri: pathToFileURL(folder).href,
      workspaceFolders: [{ uri: pathToFileURL(folder).href, name: 'policies' }],
      capabilities,
      initializationOptions,
    });
    await client.connection.sendNotification(InitializedNotification.type, {});
    return client;
  }

  private constructor({ folder, command: [program, ...args], configuration = {} }: LanguageClientOptions) {
    this.#folder = folder;
    this.#child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    const { stdin, stdout } = this.#child;
    if (stdin === null || stdout === null) throw new Error('the server has no streams');
    this.connection = createProtocolConnection(new StreamMessageReader(stdout), new StreamMessageWriter(stdin));
    this.connection.onNotification(PublishDiagnosticsNotification.type, ({ uri, version, diagnostics }) => {
      this.published.set(uri, { diagnostics, ...(version === undefined ? {} : { version }) });
      for (const listener of this.#listeners) listener();
    });
    this.connection.onNotification(LogMessageNotification.type, ({ type, message }) => {
      if (type === 1) this.faults.push(message);
    });
    this.connection.onRequest(ConfigurationRequest.type, ({ items }) =>
      items.map(({ section }) => configuration[section ?? ''] ?? null),
    );
    this.connection.onRequest(RegistrationRequest.type, () => {});
    this.connection.onError(([error]) => this.faults.push(error.message));
    this.connection.listen();
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  uriOf(path: string): string {
    return pathToFileURL(`${this.#folder}/${path}`).href;
  }

  async open(path: string, text: string): Promise<void> {
    this.#versions.set(path, 1);
    const languageId = path.endsWith('.json') ? 'json' : 'yaml';
    const textDocument = { uri: this.uriOf(path), languageId, version: 1, text };
    await this.connection.sendNotification(DidOpenTextDocumentNotification.type, { textDocument });
  }

  async change(path: string, ...contentChanges: TextDocumentContentChangeEvent[]): Promise<number> {
    const version = (this.#versions.get(path) ?? 0) + 1;
    this.#versions.set(path, version);
    const textDocument = { uri: this.uriOf(path), version };
    await this.connection.sendNotification(DidChangeTextDocumentNotification.type, { textDocument, contentChanges });
    return version;
  }

  async close(path: string): Promise<void> {
    const textDocument = { uri: this.uriOf(path) };
    await this.connection.sendNotification(DidCloseTextDocumentNotification.type, { textDocument });
  }

  /** Resolves once what was published fulfils a condition; fails, with the last reason, where it does not in time. */
  async until(isFulfilled: () => boolean, describe: () => string, limitMillis = 20_000): Promise<void> {
    if (isFulfilled()) return;
    await new Promise<void>((resolve, reject) => {
      const done = (error?: Error) => {
        clearTimeout(limit);
        this.#listeners.delete(check);
        if (error === undefined) resolve();
        else reject(error);
      };
      const check = () => {
        if (isFulfilled()) done();
      };
      const limit = setTimeout(() => done(new Error(`not in ${limitMillis} ms: ${describe()}`)), limitMillis);
      this.#listeners.add(check);
    });
  }

  async stop(): Promise<number | null> {
    const exited = once(this.#child, 'exit');
    await this.connection.sendRequest(ShutdownRequest.type);
    await this.connection.sendNotification(ExitNotification.type);
    await exited;
    this.connection.dispose();
    return this.#child.exitCode;
  }
}
