import { Worker } from 'node:worker_threads';
import { RevisionError, readPoliciesAtRevision } from '@sluice/engine/policy/read-policies-at-revision.js';
import type { CompareParams, CompareResult } from '../protocol.js';
import type { DocumentInSet } from '../workspace/workspace.js';
import type { CompareTask } from './compare-worker.js';

/** Compares a policy set as it is in the editor with what it was at a git revision; in a thread of its own, as it can take long. */
export async function compareWithRevision(
  { folder, snapshot }: DocumentInSet,
  { revision }: CompareParams,
): Promise<CompareResult> {
  try {
    const before = await readPoliciesAtRevision(revision, folder.root);
    return await run({
      before,
      after: snapshot.files,
      names: { before: revision, after: 'the editor' },
      now: snapshot.now,
    });
  } catch (error) {
    if (error instanceof RevisionError) return { problem: error.message };
    throw error;
  }
}

function run(task: CompareTask): Promise<CompareResult> {
  const worker = new Worker(new URL('./compare-worker.js', import.meta.url), { workerData: task });
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`the comparison ended with code ${code}`)));
  });
}
