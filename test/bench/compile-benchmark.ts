import type { CompileFigures, CompileTask } from './compile-worker.js';
import type { PopulationName } from './population.js';
import type { Progress } from './progress.js';
import type { BenchSettings } from './settings.js';
import { runWorker } from './worker-process.js';

/** Figures of one population and size. */
export interface CompileResult extends CompileFigures {
  readonly population: PopulationName;
  readonly size: number;
  /** Reading and checking the files; absent where that was not measured. */
  readonly checkMillis?: number;
}

const POPULATIONS: readonly PopulationName[] = ['laned', 'hard'];

/** Measures time and memory of compiling, each population and size in a process of its own. */
export async function benchmarkCompile(settings: BenchSettings, progress: Progress): Promise<CompileResult[]> {
  const { sizes, readSizes, rounds } = settings;
  const results: CompileResult[] = [];
  for (const population of POPULATIONS) {
    for (const size of sizes) {
      progress(`compile: ${population}, ${size} policies`);
      const task: CompileTask = { population, size, rounds };
      const figures = await runWorker<CompileFigures>('compile-worker', task);
      const isRead = readSizes.includes(size);
      const read = isRead ? { checkMillis: await runWorker<number>('read-worker', task) } : {};
      results.push({ population, size, ...figures, ...read });
    }
  }
  return results;
}
