import { parentPort, workerData } from 'node:worker_threads';
import { diffPolicySets } from '@sluice/engine/decision/diff/diff-policy-sets.js';
import { formatDiffMarkdown } from '@sluice/engine/decision/diff/format-diff-markdown.js';
import { DocumentCache } from '@sluice/engine/policy/document-cache.js';
import type { EpochMillis } from '@sluice/engine/policy/instant.js';
import type { PolicyFile } from '@sluice/engine/policy/policy-file.js';
import type { PolicySet } from '@sluice/engine/policy/policy-set.js';
import { readPolicySet } from '@sluice/engine/policy/read-policy-set.js';
import type { CompareResult } from '../protocol.js';
import type { WorkerMessage } from './run-in-worker.js';

/** Two policy sets to compare, and what they are called. */
export interface CompareTask {
  readonly before: readonly PolicyFile[];
  readonly after: readonly PolicyFile[];
  readonly names: { readonly before: string; readonly after: string };
  readonly now: EpochMillis;
}

const message: WorkerMessage<CompareResult> = { result: compare(workerData as CompareTask) };
parentPort?.postMessage(message);

function compare({ before, after, names, now }: CompareTask): CompareResult {
  const documents = new DocumentCache();
  const read = (files: readonly PolicyFile[]): PolicySet | undefined => readPolicySet(files, now, documents).policySet;
  const [earlier, later] = [read(before), read(after)];
  if (earlier === undefined || later === undefined) {
    const which = earlier === undefined ? `at ${names.before}` : `in ${names.after}`;
    return { problem: `The policy set ${which} has errors; only sets without errors can be compared.` };
  }
  const diff = diffPolicySets(earlier, later, now);
  return { equivalent: diff.equivalent, markdown: formatDiffMarkdown(diff, names) };
}
