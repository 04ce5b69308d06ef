import { type CompiledPolicySet, compilePolicySet } from '@sluice/engine';
import { makePopulation } from './make-population.js';
import { policySetOf } from './policy-set-of.js';
import type { PopulationName } from './population.js';
import { median } from './statistics.js';
import { answerParent } from './worker-process.js';

export interface CompileTask {
  readonly population: PopulationName;
  readonly size: number;
  readonly rounds: number;
}

export interface CompileFigures {
  /** The first compile of the process, before any code is optimised: what a start waits for. */
  readonly firstMillis: number;
  /** The median of the ones after it: what a reload takes. */
  readonly againMillis: number;
  /** What heap and buffers held more with one more compiled set, after garbage collection: the median. */
  readonly heldOctets: number;
  /** Highest resident memory of the process, the policy set itself included. */
  readonly peakOctets: number;
}

await answerParent(measureCompile);

function measureCompile({ population, size, rounds }: CompileTask): CompileFigures {
  const policySet = policySetOf(makePopulation(population, size));
  const compiled: CompiledPolicySet[] = [];
  const [millis, octets]: [number[], number[]] = [[], []];
  let before = heldOctets();
  for (let round = 0; round <= rounds; round++) {
    const start = performance.now();
    compiled.push(compilePolicySet(policySet));
    millis.push(performance.now() - start);
    const after = heldOctets();
    octets.push(after - before);
    before = after;
  }
  // Looked at last, so that no set is collected while the memory is measured.
  if (compiled.some((each) => each.policySet !== policySet)) throw new Error('it compiled another policy set');
  const [firstMillis = Number.NaN, ...againMillis] = millis;
  return {
    firstMillis,
    againMillis: median(againMillis),
    heldOctets: median(octets),
    peakOctets: process.resourceUsage().maxRSS * 1024,
  };
}

/** Twice: the first collection lets go of what finalizers held. */
function heldOctets(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
