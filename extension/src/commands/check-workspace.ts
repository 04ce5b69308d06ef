import { CheckRequest } from '@sluice/language-server/protocol';
import { commands, ProgressLocation, Uri, window, workspace } from 'vscode';
import type { PolicyClient } from '../client/policy-client.js';
import { describeSummary } from './describe-summary.js';

/** Waits for the exact analysis of all policy sets, says how they stand, and shows the Problems view where there are any. */
export async function checkWorkspace(client: PolicyClient): Promise<void> {
  const summaries = await window.withProgress({ location: ProgressLocation.Window, title: 'Checking policies' }, () =>
    client.connection.sendRequest(CheckRequest, {}),
  );
  if (summaries.length === 0) {
    await window.showInformationMessage('There are no policy files in this workspace.');
    return;
  }
  if (summaries.some(({ errors, warnings }) => errors + warnings > 0)) {
    await commands.executeCommand('workbench.actions.view.problems');
  }
  const told = summaries.map((summary) => describeSummary(nameOf(Uri.parse(summary.uri)), summary));
  void window.showInformationMessage(told.join(' '));
}

/** A folder as the workspace names it; a whole workspace folder has no path within the workspace. */
function nameOf(folder: Uri): string {
  const whole = workspace.workspaceFolders?.find(({ uri }) => uri.toString() === folder.toString());
  return whole?.name ?? workspace.asRelativePath(folder);
}
