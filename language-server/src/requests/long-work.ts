import {
  type CancellationToken,
  CancellationTokenSource,
  type Connection,
  type WorkDoneProgressParams,
  type WorkDoneProgressReporter,
} from 'vscode-languageserver';

/** How a request that can take long tells how far it is, and learns that nobody waits for it any longer. */
export interface LongWork {
  readonly token: CancellationToken;
  /** Discards what it is told where the client cannot show it. */
  readonly progress: WorkDoneProgressReporter;
}

/**
 * Progress goes where the client wants to be told of it, or else where it shows by itself what the server is at. There the user
 * can call it off too.
 */
export async function longWork(
  { window }: Connection,
  { workDoneToken }: WorkDoneProgressParams,
  token: CancellationToken,
): Promise<LongWork> {
  if (workDoneToken !== undefined) return { token, progress: window.attachWorkDoneProgress(workDoneToken) };
  const progress = await window.createWorkDoneProgress();
  const either = new CancellationTokenSource();
  for (const each of [token, progress.token]) {
    if (each.isCancellationRequested) either.cancel();
    each.onCancellationRequested(() => either.cancel());
  }
  return { token: either.token, progress };
}
