import type { Facts } from '../policy/fact.js';
import type { EpochMillis } from '../policy/instant.js';
import type { PolicySet } from '../policy/policy-set.js';
import type { CandidateFacts } from './candidate-facts.js';
import { DEFAULT_SETTINGS } from './compiled-policy-set.js';
import { deriveFacts } from './derive-facts.js';
import { stepsFor, type WorkBudget } from './work-budget.js';

/** A connection that fulfils a test, or that there is none among the candidates, or that the budget ran out. */
export type Witness =
  | { readonly found: true; readonly facts: Facts; readonly time: EpochMillis }
  | { readonly found: false; readonly triedAll: boolean };

/** Tries candidates until one, with its derived facts, fulfils the test. */
export function findWitness(
  candidates: CandidateFacts,
  policySet: PolicySet,
  test: (facts: Facts, time: EpochMillis) => boolean,
  budget: WorkBudget,
): Witness {
  const stepsEach = stepsFor(sizeOf(policySet));
  for (const time of candidates.times) {
    for (const told of product(candidates.dimensions)) {
      if (budget.isSpent) return { found: false, triedAll: false };
      budget.spend(stepsEach);
      const facts = deriveFacts({ policySet, settings: DEFAULT_SETTINGS }, told, undefined, time);
      if (test({ ...facts, ...told }, time)) return { found: true, facts: told, time };
    }
  }
  return { found: false, triedAll: true };
}

/** What deriving facts may have to look through: builds, and what connectors claim. */
export function sizeOf({ catalogue, connectors }: PolicySet): number {
  const claims = connectors.reduce(
    (sum, each) => sum + 1 + each.networks.length + each.tlsNames.length + each.tlsFingerprints.length,
    0,
  );
  return catalogue.products.reduce((sum, product) => sum + 1 + product.builds.length, claims);
}

function* product(dimensions: CandidateFacts['dimensions']): Generator<Facts> {
  const [first, ...rest] = dimensions;
  if (first === undefined) {
    yield {};
    return;
  }
  for (const others of product(rest)) for (const values of first) yield { ...others, ...values };
}
