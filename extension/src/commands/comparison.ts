import { CompareRequest, type CompareResult } from '@sluice/language-server/protocol';
import { commands, Disposable, EventEmitter, ProgressLocation, Uri, window, workspace } from 'vscode';
import type { PolicyClient } from '../client/policy-client.js';

const SCHEME = 'sluice-comparison';

/** Compares the policy set in the editor with a git revision, and shows what differs as rendered Markdown. */
export class Comparison implements Disposable {
  readonly #client: PolicyClient;
  readonly #texts = new Map<string, string>();
  readonly #changed = new EventEmitter<Uri>();
  readonly #registration: Disposable;

  constructor(client: PolicyClient) {
    this.#client = client;
    const provider = {
      onDidChange: this.#changed.event,
      provideTextDocumentContent: (uri: Uri) => this.#texts.get(uri.toString()) ?? '',
    };
    this.#registration = workspace.registerTextDocumentContentProvider(SCHEME, provider);
  }

  async show(uri: Uri, givenRevision?: string): Promise<void> {
    if (!workspace.isTrusted) {
      void window.showInformationMessage('The comparison runs git, so that it needs a trusted workspace.');
      return;
    }
    const revision = givenRevision ?? (await askForRevision());
    if (revision === undefined) return;
    const result = await this.#compare(uri, revision);
    if (result === null) return;
    if ('problem' in result) {
      void window.showErrorMessage(result.problem);
      return;
    }
    const page = Uri.from({ scheme: SCHEME, path: `/Compared with ${revision.replaceAll('/', '∕')}.md` });
    this.#texts.set(page.toString(), result.markdown);
    this.#changed.fire(page);
    await commands.executeCommand('markdown.showPreview', page);
  }

  /** @returns null where the file belongs to no policy set, or the user did not wait */
  #compare(uri: Uri, revision: string): Thenable<CompareResult | null> {
    return window.withProgress(
      { location: ProgressLocation.Notification, title: `Comparing with ${revision}`, cancellable: true },
      async (_progress, token) => {
        try {
          return await this.#client.connection.sendRequest(CompareRequest, { uri: uri.toString(), revision }, token);
        } catch (error) {
          if (token.isCancellationRequested) return null;
          throw error;
        }
      },
    );
  }

  dispose(): void {
    Disposable.from(this.#registration, this.#changed).dispose();
  }
}

function askForRevision(): Thenable<string | undefined> {
  return window.showInputBox({
    title: 'Compare with a git revision',
    prompt: 'What the policies decide now, beside what they decided at this revision.',
    placeHolder: 'HEAD, origin/main, v1.2 …',
    value: 'HEAD',
    validateInput: (text) => (text.trim() === '' ? 'A revision was expected, such as HEAD.' : undefined),
  });
}
