import type { Decision } from '@sluice/engine';
import type { Contender, ContenderName } from '../contender.js';
import { policySetOf } from '../policy-set-of.js';
import type { Case, PlainFacts, Population } from '../population.js';
import { type PlainSettings, plainDecision, plainPolicyOf } from './plain-decision.js';
import { plainFactsOf } from './plain-facts.js';

/** A library, or plain code, that finds the deciding policy and no more. */
export interface Finder {
  /** Asks for the policy that decides. A promise where the library gives one. */
  readonly find: (facts: PlainFacts) => unknown;
  readonly isAsync: boolean;
  /** The name of the deciding policy in an answer; undefined where none matches. */
  readonly nameOf: (answer: unknown) => string | undefined;
}

/**
 * Makes whole decisions by a library that finds policies: plain code before it makes the facts that it knows of those that a
 * gateway gives, and plain code behind it makes stage, window and reply. Anyone who builds on such a library needs both.
 */
export function wholeDecisions(
  name: ContenderName,
  prepare: (population: Population) => Finder | Promise<Finder>,
): Contender {
  return {
    name,
    prepare: async (population) => {
      const { find, isAsync, nameOf } = await prepare(population);
      const toFacts = plainFactsOf(population);
      const settings = plainSettingsOf(population);
      const policies = new Map(population.rules.map((rule) => [rule.name, plainPolicyOf(rule)]));
      const decide = (answer: unknown, each: Case, facts: PlainFacts) => {
        const found = nameOf(answer);
        return plainDecision(found === undefined ? undefined : policies.get(found), each, facts.connector, settings);
      };
      const askSync = (each: Case) => {
        const facts = toFacts(each);
        return decide(find(facts), each, facts);
      };
      const askAsync = async (each: Case) => {
        const facts = toFacts(each);
        return decide(await find(facts), each, facts);
      };
      return {
        isAsync,
        ask: isAsync ? askAsync : askSync,
        nameOf: (answer) => (answer as Decision).policy,
        findOnly: ({ plain }) => find(plain),
      };
    },
  };
}

/** What a decision by plain code takes from the policy set. */
export function plainSettingsOf(population: Population): PlainSettings {
  const { revision } = policySetOf({ ...population, rules: population.rules.slice(0, 1) });
  return { revision, gatewayName: 'gateway.example' };
}
