import { ImpactRequest, type ImpactResult, ReplayRequest, type ReplayResult } from '@sluice/language-server/protocol';
import { type Disposable, type Uri, window, workspace } from 'vscode';
import type { PolicyClient } from '../client/policy-client.js';
import { requestWithProgress } from '../client/request-with-progress.js';
import { ReportPanel } from '../views/report-panel.js';
import { type Traffic, trafficSettings } from './traffic-settings.js';

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
    const result = await requestWithProgress(this.#client, 'Dry run', (workDoneToken, token) => {
      const params = { ...traffic, uri: uri.toString(), workDoneToken };
      return this.#client.connection.sendRequest(ReplayRequest, params, token);
    });
    if (isGood(result)) this.#panel.show('Dry run', result.html);
  }

  async impact(uri: Uri): Promise<void> {
    if (!workspace.isTrusted) {
      void window.showInformationMessage('The comparison runs git, so that it needs a trusted workspace.');
      return;
    }
    const traffic = await trafficFor(uri);
    if (traffic === undefined) return;
    const result = await requestWithProgress(this.#client, 'Impact since HEAD', (workDoneToken, token) => {
      const params = { ...traffic, uri: uri.toString(), revision: 'HEAD', workDoneToken };
      return this.#client.connection.sendRequest(ImpactRequest, params, token);
    });
    if (isGood(result)) this.#panel.show('Impact since HEAD', result.html);
  }

  dispose(): void {
    this.#panel.dispose();
  }
}

/** @returns undefined where the user names no log */
async function trafficFor(uri: Uri): Promise<Traffic | undefined> {
  const settings = trafficSettings(uri);
  const logs = settings.logs.length > 0 ? settings.logs : await chosenLogs();
  return logs.length === 0 ? undefined : { ...settings, logs };
}

/** Files only: where both could be chosen, systems offer nothing but folders. */
async function chosenLogs(): Promise<readonly string[]> {
  const chosen = await window.showOpenDialog({
    title: 'Logs of traffic',
    openLabel: 'Replay',
    canSelectMany: true,
    canSelectFiles: true,
    canSelectFolders: false,
  });
  return (chosen ?? []).map(({ fsPath }) => fsPath);
}

function isGood<R extends ReplayResult | ImpactResult>(result: R | null): result is Exclude<R, { problem: string }> {
  if (result !== null && 'problem' in result) void window.showErrorMessage(result.problem);
  return result !== null && !('problem' in result);
}
