import { Worker } from 'node:worker_threads';
import { RevisionError, readPoliciesAtRevision } from '@sluice/engine/policy/read-policies-at-revision.js';
import { type CancellationToken, LSPErrorCodes, ResponseError } from 'vscode-languageserver';
import type { CompareParams, CompareResult } from '../protocol.js';
import type { DocumentInSet } from '../workspace/workspace.js';
import type { CompareTask } from './compare-worker.js';

/** Compares a policy set as it is in the editor with what it was at a git revision; in a thread of its own, as it can take long. */
export async function compareWithRevision(
  { folder, snapshot }: DocumentInSet,
  { revision }: CompareParams,
  token: CancellationToken,
): Promise<CompareResult> {
  try {
    const before = await readPoliciesAtRevision(revision, folder.root);
    const task = {
      before,
      after: snapshot.files,
      names: { before: revision, after: 'the editor' },
      now: snapshot.now,
    };
    return await run(task, token);
  } catch (error) {
    if (error instanceof RevisionError) return { problem: error.message };
    throw error;
  }
}

/** @throws ResponseError `RequestCancelled` where the client no longer wants the answer */
function run(task: CompareTask, token: CancellationToken): Promise<CompareResult> {
  if (token.isCancellationRequested) throw cancelled();
  const worker = new Worker(new URL('./compare-worker.js', import.meta.url), { workerData: task });
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    token.onCancellationRequested(() => {
      reject(cancelled());
      void worker.terminate();
    });
    worker.once('exit', (code) => reject(new Error(`the comparison ended with code ${code}`)));
  });
}

function cancelled(): ResponseError<void> {
  return new ResponseError(LSPErrorCodes.RequestCancelled, 'The comparison was cancelled.');
}
