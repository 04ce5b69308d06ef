import { parentPort, workerData } from 'node:worker_threads';
import { compilePolicySet } from '@sluice/engine/decision/compile-policy-set.js';
import { Impact } from '@sluice/engine/dry-run/impact/impact.js';
import { impactDocument } from '@sluice/engine/dry-run/impact/impact-document.js';
import { Replay } from '@sluice/engine/dry-run/replay/replay.js';
import { replayDocument } from '@sluice/engine/dry-run/replay/replay-document.js';
import type { PolicyReport } from '@sluice/engine/dry-run/replay/replay-report.js';
import { ReplayTally } from '@sluice/engine/dry-run/replay/replay-tally.js';
import { renderHtml } from '@sluice/engine/dry-run/report/render-html.js';
import { DocumentCache } from '@sluice/engine/policy/document-cache.js';
import type { DurationMillis } from '@sluice/engine/policy/duration.js';
import type { EpochMillis } from '@sluice/engine/policy/instant.js';
import type { PolicyFile } from '@sluice/engine/policy/policy-file.js';
import type { PolicySet } from '@sluice/engine/policy/policy-set.js';
import { readPolicySet } from '@sluice/engine/policy/read-policy-set.js';
import { LogInputError } from '@sluice/engine/traffic/logs/log-source.js';
import { type LogSelection, type ReadingObserver, readLogFiles } from '@sluice/engine/traffic/logs/read-log-files.js';
import type { ImpactResult, ReplayResult, RuleTraffic } from '../protocol.js';
import type { WorkerMessage } from './run-in-worker.js';

/** The traffic of logs, under the policies in the editor. */
export interface ReplayTask {
  readonly files: readonly PolicyFile[];
  readonly selection: LogSelection;
  readonly shift: DurationMillis;
  readonly now: EpochMillis;
}

/** The same beside the policies of a revision. */
export interface ImpactTask extends ReplayTask {
  readonly before: { readonly name: string; readonly files: readonly PolicyFile[] };
}

/** Servers that the page shows. */
const MAX_SHOWN_SERVERS = 100;

post({ result: await answer(workerData as ReplayTask | ImpactTask) });

function post(message: WorkerMessage<ReplayResult | ImpactResult>): void {
  parentPort?.postMessage(message);
}

async function answer(task: ReplayTask | ImpactTask): Promise<ReplayResult | ImpactResult> {
  try {
    return 'before' in task ? await impactOf(task) : await replayOf(task);
  } catch (error) {
    if (error instanceof LogInputError) return { problem: error.message };
    throw error;
  }
}

async function replayOf({ files, selection, shift, now }: ReplayTask): Promise<ReplayResult> {
  const { policySet } = readPolicySet(files, now);
  if (policySet === undefined) return problemOf('in the editor');
  const replay = new Replay(compilePolicySet(policySet), { shift });
  const tally = new ReplayTally();
  const logs = await readLogFiles(selection, (record) => tally.add(replay.take(record)), { observer: progress() });
  const report = tally.report(policySet.revision, logs, shift);
  return {
    html: renderHtml(replayDocument(report, MAX_SHOWN_SERVERS)),
    records: report.records,
    rules: report.policies.flatMap(ruleTraffic),
  };
}

async function impactOf({ files, selection, shift, now, before }: ImpactTask): Promise<ImpactResult> {
  const documents = new DocumentCache();
  const read = (of: readonly PolicyFile[]): PolicySet | undefined => readPolicySet(of, now, documents).policySet;
  const sets = { before: read(before.files), after: read(files) };
  if (sets.before === undefined) return problemOf(`at ${before.name}`);
  if (sets.after === undefined) return problemOf('in the editor');
  const compiled = { before: compilePolicySet(sets.before), after: compilePolicySet(sets.after) };
  const impact = new Impact(compiled, { shift }, now);
  const logs = await readLogFiles(selection, (record) => impact.take(record), { observer: progress() });
  const report = impact.report({ before: before.name, after: 'the editor' }, logs);
  const { equivalent, records, changed } = report;
  return { html: renderHtml(impactDocument(report, MAX_SHOWN_SERVERS)), equivalent, records, changed };
}

function problemOf(which: string): { readonly problem: string } {
  return {
    problem: `The policy set ${which} has errors; only a set without errors can decide for the traffic of logs.`,
  };
}

function ruleTraffic({ kind, name, servers, accept, throttle, block, wouldRefuse }: PolicyReport): RuleTraffic[] {
  if (kind === 'none') return [];
  const records = accept + throttle + block;
  return [{ kind, name, records, servers, throttled: throttle, blocked: block, wouldRefuse }];
}

/** Tells each hundredth of the logs once. */
function progress(): ReadingObserver {
  let total = 0;
  let octets = 0;
  let told = 0;
  return {
    start: (all) => {
      total = all;
    },
    add: (more) => {
      octets += more;
      const percentage = Math.min(100, Math.floor((100 * octets) / Math.max(1, total)));
      if (percentage <= told) return;
      told = percentage;
      post({ percentage });
    },
  };
}
