import type { ContenderName } from './contender.js';
import type { DecideEntry, DecideFigures, DecideTask } from './decide-worker.js';
import type { PopulationName } from './population.js';
import type { Progress } from './progress.js';
import type { BenchSettings } from './settings.js';
import { runWorker } from './worker-process.js';

/** Speed of decisions. */
export interface DecideResult {
  /** Sluice against the limit, at all sizes and populations in one process, so that sizes compare as well. */
  readonly limit: readonly DecideFigures[];
  /** Sluice against its peers: one process a population and a size. */
  readonly peers: readonly DecideFigures[];
}

const LIMIT_CONTENDERS: Readonly<Record<PopulationName, readonly ContenderName[]>> = {
  laned: ['sluice', 'hand-written index'],
  told: ['sluice', 'hand-written index'],
  hard: ['sluice', 'linear walk'],
};

const PEERS: readonly ContenderName[] = [
  'sluice',
  'json-rules-engine',
  'json-logic-js',
  '@gorules/zen-engine',
  '@cedar-policy/cedar-wasm',
  'casbin',
  '@marcbachmann/cel-js',
];
const PEER_POPULATIONS: readonly PopulationName[] = ['laned', 'hard'];

/** Measures decisions per second and latency. */
export async function benchmarkDecisions(settings: BenchSettings, progress: Progress): Promise<DecideResult> {
  progress('decide: Sluice and the limit at all sizes');
  const limit = await measure(limitEntries(settings.sizes), settings);
  const peers: DecideFigures[] = [];
  for (const population of PEER_POPULATIONS) {
    for (const size of settings.sizes) {
      progress(`decide: peers, ${population}, ${size} policies`);
      const entries = PEERS.map((contender) => ({ contender, population, size }));
      peers.push(...(await measure(entries, settings)));
    }
  }
  return { limit, peers };
}

function limitEntries(sizes: readonly number[]): DecideEntry[] {
  return sizes.flatMap((size) =>
    (['laned', 'told', 'hard'] as const).flatMap((population) =>
      LIMIT_CONTENDERS[population].map((contender) => ({ contender, population, size })),
    ),
  );
}

function measure(entries: readonly DecideEntry[], settings: BenchSettings): Promise<DecideFigures[]> {
  const task: DecideTask = { entries, settings };
  return runWorker('decide-worker', task);
}
