import { CheckRequest, type PolicySetSummary } from '@sluice/language-server/protocol';
import { commands, ProgressLocation, Uri, window, workspace } from 'vscode';
import type { PolicyClient } from '../client/policy-client.js';

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
  void window.showInformationMessage(summaries.map(describe).join(' '));
}

function describe({ uri, files, policies, errors, warnings, infos }: PolicySetSummary): string {
  const folder = workspace.asRelativePath(Uri.parse(uri));
  const counts = `${errors} errors, ${warnings} warnings, ${infos} informations`;
  return `${folder}: ${policies} policies in ${files} files, ${counts}.`;
}
