import { RevisionError, readPoliciesAtRevision } from '@sluice/engine/policy/read-policies-at-revision.js';
import type { ImpactParams, ImpactResult, ReplayResult, TrafficParams } from '../protocol.js';
import { readTrafficParams } from '../traffic/read-traffic-params.js';
import type { TrafficOfFolders } from '../traffic/traffic-of-folders.js';
import type { DocumentInSet } from '../workspace/workspace.js';
import type { ImpactTask, ReplayTask } from './dry-run-worker.js';
import type { LongWork } from './long-work.js';
import { runInWorker } from './run-in-worker.js';

const WORKER = new URL('./dry-run-worker.js', import.meta.url);

/** Decides again for the traffic of logs under the policies in the editor, and keeps for the lenses what came of it. */
export async function replayLogs(
  { folder, snapshot }: DocumentInSet,
  params: TrafficParams,
  work: LongWork,
  known: TrafficOfFolders,
): Promise<ReplayResult> {
  const traffic = readTrafficParams(params);
  if (!traffic.ok) return { problem: traffic.problem };
  const { selection, shift } = traffic;
  const task: ReplayTask = { files: snapshot.files, selection, shift, now: snapshot.now };
  const result = await run<ReplayTask, ReplayResult>(task, 'Dry run', work);
  if ('rules' in result) {
    known.take(folder, snapshot, params, result.rules);
    // What was edited meanwhile has made it stale already.
    known.changed(folder);
  }
  return result;
}

/** Decides for the traffic of logs under the policies of a revision and those in the editor, side by side. */
export async function impactOnLogs(
  { folder, snapshot }: DocumentInSet,
  params: ImpactParams,
  work: LongWork,
): Promise<ImpactResult> {
  const traffic = readTrafficParams(params);
  if (!traffic.ok) return { problem: traffic.problem };
  const { selection, shift } = traffic;
  try {
    const before = { name: params.revision, files: await readPoliciesAtRevision(params.revision, folder.root) };
    const task: ImpactTask = { files: snapshot.files, selection, shift, now: snapshot.now, before };
    return await run<ImpactTask, ImpactResult>(task, 'Impact', work);
  } catch (error) {
    if (error instanceof RevisionError) return { problem: error.message };
    throw error;
  }
}

/** In a thread of its own: months of logs take minutes. */
async function run<T, R>(task: T, title: string, { token, progress }: LongWork): Promise<R> {
  progress.begin(title, 0, undefined, true);
  try {
    return await runInWorker<T, R>(WORKER, task, token, (percentage) => progress.report(percentage));
  } finally {
    progress.done();
  }
}
