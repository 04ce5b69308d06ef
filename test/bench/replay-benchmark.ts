import { cp, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lanedPopulation } from './laned-population.js';
import { SAMPLE_POLICIES } from './places.js';
import { policyFilesOf } from './policy-files.js';
import type { Progress } from './progress.js';
import { writeDecisionLog, writePostfixLog } from './replay-logs.js';
import type { ReplayFigures, ReplayTask } from './replay-worker.js';
import type { BenchSettings } from './settings.js';
import { median } from './statistics.js';
import { runWorker } from './worker-process.js';

/** Policies beside the sample's five. */
const ADDED_POLICIES = [5, 95] as const;
const SAMPLE_COUNT = 5;

/** One log, replayed under so many policies and read by a bare loop. */
export interface ReplayResult {
  readonly log: 'JSON Lines' | 'Postfix syslog';
  readonly policies: number;
  readonly octets: number;
  readonly replayMillis: readonly number[];
  readonly bareMillis: readonly number[];
  /** Of the process that replays, at its highest. */
  readonly peakOctets: number;
}

/** Measures replaying logs, one thread each, beside bare loops over the same files that decide nothing. */
export async function benchmarkReplay(settings: BenchSettings, progress: Progress): Promise<readonly ReplayResult[]> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-bench-'));
  try {
    const logs = { decisions: join(folder, 'decisions.jsonl'), postfix: join(folder, 'mail.log') };
    progress('replay: writing logs');
    await writeDecisionLog(logs.decisions, settings.logOctets);
    await writePostfixLog(logs.postfix, settings.logOctets);
    const results: ReplayResult[] = [];
    for (const added of ADDED_POLICIES) {
      const policies = await policyFolder(folder, added);
      const count = SAMPLE_COUNT + added;
      progress(`replay: JSON Lines, ${count} policies`);
      results.push(await measure('JSON Lines', 'parse', logs.decisions, policies, count, settings));
      if (added !== ADDED_POLICIES[0]) continue;
      progress(`replay: Postfix syslog, ${count} policies`);
      results.push(await measure('Postfix syslog', 'split', logs.postfix, policies, count, settings));
    }
    return results;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The sample's invariants stay behind: they speak of its own connectors only. */
async function policyFolder(folder: string, added: number): Promise<string> {
  const policies = join(folder, `policies-${added}`);
  const isWanted = (path: string) => !/\.(?:invariants|test)\.yaml$/.test(path);
  await cp(SAMPLE_POLICIES, policies, { recursive: true, filter: isWanted });
  for (const { path, content } of policyFilesOf(lanedPopulation(added, 'derived'))) {
    if (content instanceof Uint8Array) await writeFile(join(policies, path), content);
  }
  return policies;
}

async function measure(
  log: ReplayResult['log'],
  bare: 'parse' | 'split',
  path: string,
  policies: string,
  count: number,
  { rounds }: BenchSettings,
): Promise<ReplayResult> {
  const figures = { replay: [] as ReplayFigures[], bare: [] as ReplayFigures[] };
  for (let round = 0; round < rounds; round++) {
    const task = { log: path, policies };
    figures.bare.push(await runReplay({ ...task, work: bare }));
    figures.replay.push(await runReplay({ ...task, work: 'replay' }));
  }
  return {
    log,
    policies: count,
    octets: (await stat(path)).size,
    replayMillis: figures.replay.map(({ millis }) => millis),
    bareMillis: figures.bare.map(({ millis }) => millis),
    peakOctets: median(figures.replay.map(({ peakOctets }) => peakOctets)),
  };
}

function runReplay(task: ReplayTask): Promise<ReplayFigures> {
  return runWorker<ReplayFigures>('replay-worker', task);
}
