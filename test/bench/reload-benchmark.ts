import type { Progress } from './progress.js';
import type { ReloadFigures, ReloadTask } from './reload-worker.js';
import type { BenchSettings } from './settings.js';
import { median } from './statistics.js';
import { runWorker } from './worker-process.js';

/** Medians over all reloads. */
export interface ReloadResult {
  readonly policies: number;
  readonly idlePauseMillis: number;
  readonly reloadPauseMillis: number;
  readonly reloadMillis: number;
  readonly rounds: ReloadFigures;
}

/** Measures how long a reload holds up a process that decides. */
export async function benchmarkReload(settings: BenchSettings, progress: Progress): Promise<ReloadResult> {
  progress(`reload: ${settings.reloads} reloads of ${settings.reloadFiles} files`);
  const { reloadFiles: files, reloads, idleMillis } = settings;
  const task: ReloadTask = { files, reloads, idleMillis };
  const rounds = await runWorker<ReloadFigures>('reload-worker', task);
  return {
    policies: rounds.policies,
    idlePauseMillis: median(rounds.idlePauseMillis),
    reloadPauseMillis: median(rounds.reloadPauseMillis),
    reloadMillis: median(rounds.reloadMillis),
    rounds,
  };
}
