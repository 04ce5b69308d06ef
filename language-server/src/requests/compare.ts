import { RevisionError, readPoliciesAtRevision } from '@sluice/engine/policy/read-policies-at-revision.js';
import type { CancellationToken } from 'vscode-languageserver';
import type { CompareParams, CompareResult } from '../protocol.js';
import type { DocumentInSet } from '../workspace/workspace.js';
import type { CompareTask } from './compare-worker.js';
import { runInWorker } from './run-in-worker.js';

const WORKER = new URL('./compare-worker.js', import.meta.url);

/** Compares a policy set as it is in the editor with what it was at a git revision; in a thread of its own, as it can take long. */
export async function compareWithRevision(
  { folder, snapshot }: DocumentInSet,
  { revision }: CompareParams,
  token: CancellationToken,
): Promise<CompareResult> {
  try {
    const before = await readPoliciesAtRevision(revision, folder.root);
    const task: CompareTask = {
      before,
      after: snapshot.files,
      names: { before: revision, after: 'the editor' },
      now: snapshot.now,
    };
    return await runInWorker<CompareTask, CompareResult>(WORKER, task, token);
  } catch (error) {
    if (error instanceof RevisionError) return { problem: error.message };
    throw error;
  }
}
