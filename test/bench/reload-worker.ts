import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';
import {
  createServiceLog,
  DEFAULT_CONFIGURATION,
  decide,
  type RunningService,
  startService,
  systemClock,
} from '@sluice/engine';
import { makePopulation } from './make-population.js';
import { policyFilesOf } from './policy-files.js';
import type { Case, Population } from './population.js';
import { answerParent } from './worker-process.js';

export interface ReloadTask {
  /** Files of the policy set: policies, and two beside them. */
  readonly files: number;
  readonly reloads: number;
  readonly idleMillis: number;
}

export interface ReloadFigures {
  readonly policies: number;
  /** Longest pauses of the event loop while the process decides and does nothing else. */
  readonly idlePauseMillis: readonly number[];
  /** Longest pauses while it decides and reloads. */
  readonly reloadPauseMillis: readonly number[];
  /** From the change on disk until the new set decides. */
  readonly reloadMillis: readonly number[];
}

/** Files of a set that are no policies. */
const OTHER_FILES = 2;
/** Decisions between two turns of the event loop: far less than a millisecond's worth. */
const DECISIONS_A_TURN = 20;
/** Long enough for the probe's timer to fire once more after the work that is measured. */
const AFTERMATH_MILLIS = 20;

await answerParent(measureReloads);

async function measureReloads({ files, reloads, idleMillis }: ReloadTask): Promise<ReloadFigures> {
  const population = makePopulation('laned', files - OTHER_FILES);
  const parent = await mkdtemp(join(tmpdir(), 'sluice-bench-'));
  // The service watches the folder above as well, where nothing else may happen.
  const folder = join(parent, 'policies');
  try {
    await mkdir(folder);
    await writeAll(folder, population);
    const service = await startService({
      configuration: { ...DEFAULT_CONFIGURATION, store: { kind: 'memory' } },
      policies: folder,
      clock: systemClock,
      log: createServiceLog('error', 'bench'),
    });
    const deciding = startDeciding(service, population.cases);
    const figures = { policies: population.rules.length, idlePauseMillis: [], reloadPauseMillis: [], reloadMillis: [] };
    for (let reload = 0; reload < reloads; reload++)
      await measureOne({ service, folder, population, idleMillis, reload }, figures);
    await deciding.stop();
    await service.close();
    return figures;
  } finally {
    await rm(parent, { recursive: true, force: true });
  }
}

interface Reload {
  readonly service: RunningService;
  readonly folder: string;
  readonly population: Population;
  readonly idleMillis: number;
  readonly reload: number;
}

async function measureOne(
  { service, folder, population, idleMillis, reload }: Reload,
  figures: { idlePauseMillis: number[]; reloadPauseMillis: number[]; reloadMillis: number[] },
): Promise<void> {
  figures.idlePauseMillis.push(await longestPause(() => delay(idleMillis)));
  const before = service.policies.current;
  let reloadMillis = 0;
  const pause = await longestPause(async () => {
    await changeOnePolicy(folder, population, reload);
    const start = performance.now();
    await service.policies.reload();
    reloadMillis = performance.now() - start;
  });
  if (service.policies.current === before) throw new Error('the change on disk was not loaded');
  figures.reloadPauseMillis.push(pause);
  figures.reloadMillis.push(reloadMillis);
}

/** Longest time between two firings of a timer of one millisecond while the work is done. */
async function longestPause(work: () => Promise<unknown>): Promise<number> {
  const histogram = monitorEventLoopDelay({ resolution: 1 });
  histogram.enable();
  await work();
  await delay(AFTERMATH_MILLIS);
  histogram.disable();
  return histogram.max / 1e6;
}

/** Decides all the time, by whatever policy set runs. */
function startDeciding(service: RunningService, cases: readonly Case[]): { stop(): Promise<void> } {
  let isStopping = false;
  const stopped = (async () => {
    for (let index = 0; !isStopping; index += DECISIONS_A_TURN) {
      for (let step = 0; step < DECISIONS_A_TURN; step++) {
        const each = cases[(index + step) % cases.length];
        if (each !== undefined) decide(service.policies.current, each.facts, each.record, each.now);
      }
      await nextTurn();
    }
  })();
  return {
    stop: () => {
      isStopping = true;
      return stopped;
    },
  };
}

async function writeAll(folder: string, population: Population): Promise<void> {
  for (const { path, content } of policyFilesOf(population)) {
    if (content instanceof Uint8Array) await writeFile(join(folder, path), content);
  }
}

/** Writes a policy that is like the first one, but for its description. */
async function changeOnePolicy(folder: string, population: Population, reload: number): Promise<void> {
  const [first] = policyFilesOf({ ...population, rules: population.rules.slice(0, 1) });
  if (!(first?.content instanceof Uint8Array)) throw new Error('a population has at least one policy');
  const policy = JSON.parse(new TextDecoder().decode(first.content)) as object;
  await writeFile(join(folder, first.path), JSON.stringify({ ...policy, description: `Change ${reload}.` }));
}
