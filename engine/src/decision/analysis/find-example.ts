import type { Facts } from '../../policy/fact.js';
import { type EpochMillis, formatInstant } from '../../policy/instant.js';
import type { PolicySet } from '../../policy/policy-set.js';
import { compileCondition, type Predicate } from '../compile-condition.js';
import { DEFAULT_SETTINGS } from '../compiled-policy-set.js';
import { deriveFacts } from '../derive-facts.js';
import type { ExactDiagrams } from '../diagram/exact-diagrams.js';
import { findRegionWitness, type Witness } from '../diagram/witness.js';
import { formatFacts } from '../format-facts.js';
import { type Decider, decidersOf, intervalOf, ruleOf } from '../policy-selector.js';
import { operatorLookup } from '../rules-engine.js';
import type { Cells } from './walk-together.js';

/** Conditions that are tested in looking for examples, in all. */
const MAX_TESTS = 5_000_000;

/** Finds connections that show what a diagram says; each is tested against the conditions themselves. */
export class ExampleFinder {
  readonly #policySet: PolicySet;
  readonly #exact: ExactDiagrams;
  readonly #now: EpochMillis;
  readonly #rules: readonly { readonly decider: Decider; readonly holds: Predicate }[];
  #tests = 0;

  constructor(policySet: PolicySet, exact: ExactDiagrams, now: EpochMillis) {
    this.#policySet = policySet;
    this.#exact = exact;
    this.#now = now;
    const context = { conditions: policySet.conditions, operator: operatorLookup(), compiled: new Map() };
    this.#rules = decidersOf(policySet).map((decider) => ({
      decider,
      holds: compileCondition(ruleOf(decider).when, context),
    }));
  }

  /**
   * A connection within cells, at an instant as near to the check as can be; undefined where none was found.
   *
   * @param isExample tests a connection
   */
  find(cells: Cells, isExample: (witness: Witness) => boolean): Witness | undefined {
    return findRegionWitness(
      this.#exact,
      { cells },
      this.#now,
      (witness) => this.#tests < MAX_TESTS && isExample(witness),
    );
  }

  /** Whether the deciders with these indexes hold for a connection. */
  holdAll(indexes: readonly number[], witness: Witness): boolean {
    const facts = this.#factsOf(witness);
    return indexes.every((index) => this.#holds(index, facts, witness.time));
  }

  /**
   * The index of what decides for a connection; -1 for nothing.
   *
   * @param first deciders before this index are left out: the number of exemptions, for the policy alone
   */
  deciderOf(witness: Witness, first = 0): number {
    const facts = this.#factsOf(witness);
    for (let index = first; index < this.#rules.length; index++) {
      if (this.#holds(index, facts, witness.time)) return index;
    }
    return -1;
  }

  #holds(index: number, facts: Facts, time: EpochMillis): boolean {
    this.#tests++;
    const rule = this.#rules[index];
    if (rule === undefined) return false;
    const { from, until } = intervalOf(rule.decider);
    return (from === undefined || from <= time) && (until === undefined || time < until) && rule.holds(facts);
  }

  #factsOf({ facts, isKnown, time }: Witness): Facts {
    const derived = deriveFacts({ policySet: this.#policySet, settings: DEFAULT_SETTINGS }, facts, undefined, time);
    return { ...derived, 'server.known': isKnown };
  }
}

/** A connection in words: what is known of it, and when. */
export function formatWitness({ facts, isKnown, time }: Witness, asksKnown: boolean): string {
  const known = asksKnown ? `, ${isKnown ? 'seen before' : 'not seen before'}` : '';
  return `${formatFacts(facts)}${known} at ${formatInstant(time)}`;
}
