import { Worker } from 'node:worker_threads';
import { type CancellationToken, LSPErrorCodes, ResponseError } from 'vscode-languageserver';

/** What a worker says: once what came of its task, before that how far it is. */
export type WorkerMessage<R> = { readonly result: R } | { readonly percentage: number };

/**
 * Runs what can take long in a thread of its own.
 *
 * @param module the worker, which posts {@link WorkerMessage}
 * @param onProgress is told how many hundredths are done
 * @throws ResponseError `RequestCancelled` where the client no longer wants the answer
 */
export function runInWorker<T, R>(
  module: URL,
  task: T,
  token: CancellationToken,
  onProgress: (percentage: number) => void = () => {},
): Promise<R> {
  if (token.isCancellationRequested) throw cancelled();
  const worker = new Worker(module, { workerData: task });
  return new Promise((resolve, reject) => {
    worker.on('message', (message: WorkerMessage<R>) => {
      if ('result' in message) resolve(message.result);
      else onProgress(message.percentage);
    });
    worker.once('error', reject);
    token.onCancellationRequested(() => {
      reject(cancelled());
      void worker.terminate();
    });
    worker.once('exit', (code) => reject(new Error(`the worker ended with code ${code}`)));
  });
}

function cancelled(): ResponseError<void> {
  return new ResponseError(LSPErrorCodes.RequestCancelled, 'The request was cancelled.');
}
