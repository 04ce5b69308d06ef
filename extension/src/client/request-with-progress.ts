import { randomUUID } from 'node:crypto';
import { type CancellationToken, ProgressLocation, window } from 'vscode';
import { WorkDoneProgress } from 'vscode-languageclient';
import type { PolicyClient } from './policy-client.js';

/**
 * Asks the server for what can take long, tells in a notification how far it is, and calls it off where the user wants that.
 *
 * @param ask sends the request with the token of its progress
 * @returns null where the user did not wait
 */
export function requestWithProgress<R>(
  { connection }: PolicyClient,
  title: string,
  ask: (workDoneToken: string, token: CancellationToken) => Promise<R | null>,
): Thenable<R | null> {
  return window.withProgress(
    { location: ProgressLocation.Notification, title, cancellable: true },
    async (progress, token) => {
      const workDoneToken = randomUUID();
      let told = 0;
      const listener = connection.onProgress(WorkDoneProgress.type, workDoneToken, (value) => {
        if (value.kind !== 'report' || value.percentage === undefined) return;
        progress.report({ increment: value.percentage - told, message: `${value.percentage} %` });
        told = value.percentage;
      });
      try {
        return await ask(workDoneToken, token);
      } catch (error) {
        if (token.isCancellationRequested) return null;
        throw error;
      } finally {
        listener.dispose();
      }
    },
  );
}
