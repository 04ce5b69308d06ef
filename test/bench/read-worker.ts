import { checkPolicySet, epochMillis } from '@sluice/engine';
import type { CompileTask } from './compile-worker.js';
import { makePopulation } from './make-population.js';
import { policyFilesOf } from './policy-files.js';
import { median } from './statistics.js';
import { answerParent } from './worker-process.js';

await answerParent(measureReading);

/** Reads and checks the files of a population, as `sluice check` and a reload do; the median in milliseconds. */
function measureReading({ population, size, rounds }: CompileTask): number {
  const files = policyFilesOf(makePopulation(population, size));
  const times = Array.from({ length: rounds }, () => {
    const start = performance.now();
    const { policySet } = checkPolicySet(files, epochMillis(Date.UTC(2026, 8, 8)));
    if (policySet?.policies.length !== size) throw new Error(`${population} with ${size} policies was not read whole`);
    return performance.now() - start;
  });
  return median(times);
}
