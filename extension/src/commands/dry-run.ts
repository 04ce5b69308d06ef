import {
  ImpactRequest,
  type ImpactResult,
  ReplayRequest,
  type ReplayResult,
  type TrafficParams,
} from '@sluice/language-server/protocol';
import { type CancellationToken, type Disposable, ProgressLocation, Uri, window, workspace } from 'vscode';
import type { PolicyClient } from '../client/policy-client.js';
import { ReportPanel } from '../views/report-panel.js';

/** Which logs to replay, and how they are read. */
type Traffic = Omit<TrafficParams, 'uri' | 'workDoneToken'>;

/** Decides again for the traffic of logs, under the policies as they are in the editor, and shows what came of it. */
export class DryRun implements Disposable {
  readonly #client: PolicyClient;
  readonly #panel: ReportPanel;

  constructor(extensionUri: Uri, client: PolicyClient) {
    this.#client = client;
    this.#panel = new ReportPanel(extensionUri);
  }

  /** @param again what a lens says of the run before; the settings tell the logs else, or the user is asked */
  async replay(uri: Uri, again?: Traffic): Promise<void> {
    const traffic = again ?? (await trafficFor(uri));
    if (traffic === undefined) return;
    const params = { ...traffic, uri: uri.toString() };
    const result = await shown('Dry run', (token) => this.#client.connection.sendRequest(ReplayRequest, params, token));
    if (isGood(result)) this.#panel.show('Dry run', result.html);
  }

  async impact(uri: Uri): Promise<void> {
    if (!workspace.isTrusted) {
      void window.showInformationMessage('The comparison runs git, so that it needs a trusted workspace.');
      return;
    }
    const traffic = await trafficFor(uri);
    if (traffic === undefined) return;
    const params = { ...traffic, uri: uri.toString(), revision: 'HEAD' };
    const result = await shown('Impact since HEAD', (token) =>
      this.#client.connection.sendRequest(ImpactRequest, params, token),
    );
    if (isGood(result)) this.#panel.show('Impact since HEAD', result.html);
  }

  dispose(): void {
    this.#panel.dispose();
  }
}

/** @returns null where the user did not wait */
function shown<R>(title: string, run: (token: CancellationToken) => Promise<R | null>): Thenable<R | null> {
  return window.withProgress(
    { location: ProgressLocation.Notification, title, cancellable: true },
    async (_, token) => {
      try {
        return await run(token);
      } catch (error) {
        if (token.isCancellationRequested) return null;
        throw error;
      }
    },
  );
}

function isGood<R extends ReplayResult | ImpactResult>(result: R | null): result is Exclude<R, { problem: string }> {
  if (result !== null && 'problem' in result) void window.showErrorMessage(result.problem);
  return result !== null && !('problem' in result);
}

/** @returns undefined where the user names no log */
async function trafficFor(uri: Uri): Promise<Traffic | undefined> {
  const settings = workspace.getConfiguration('sluice.traffic', uri);
  const connector = settings.get<string>('connector', '');
  const logs = await logsFor(uri, settings.get<readonly string[]>('logs', []));
  return logs.length === 0 ? undefined : { logs, ...(connector === '' ? {} : { connector }) };
}

async function logsFor(uri: Uri, configured: readonly string[]): Promise<readonly string[]> {
  if (configured.length > 0) {
    const folder = workspace.getWorkspaceFolder(uri)?.uri;
    return configured.map((path) =>
      path.startsWith('/') || folder === undefined ? path : Uri.joinPath(folder, path).fsPath,
    );
  }
  const chosen = await window.showOpenDialog({
    title: 'Logs of traffic',
    openLabel: 'Replay',
    canSelectMany: true,
    canSelectFolders: true,
    canSelectFiles: true,
  });
  return (chosen ?? []).map(({ fsPath }) => fsPath);
}
