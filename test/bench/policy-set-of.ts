import { checkPolicySet, epochMillis, type PolicySet } from '@sluice/engine';
import { policyFilesOf, rangeText } from './policy-files.js';
import type { Population, Rule } from './population.js';

type Policy = PolicySet['policies'][number];
type Condition = Policy['when'];

const CHECK_TIME = epochMillis(Date.UTC(2026, 8, 8));

/**
 * The policy set of a population. One policy is read and checked; the others are made from it, since reading ten thousand
 * takes long. A test holds it to what reading all of them gives.
 *
 * @throws Error where the policy that is read has errors
 */
export function policySetOf(population: Population): PolicySet {
  const { policySet, findings } = checkPolicySet(
    policyFilesOf({ ...population, rules: population.rules.slice(0, 1) }),
    CHECK_TIME,
  );
  const template = policySet?.policies[0];
  if (policySet === undefined || template === undefined) {
    throw new Error(`The first policy of ${population.name} has errors: ${JSON.stringify(findings)}`);
  }
  return { ...policySet, policies: population.rules.map((rule) => policyOf(rule, template)) };
}

/** The policy set of a population, all of it read and checked from its files. */
export function checkedPolicySetOf(population: Population): PolicySet {
  const { policySet, findings } = checkPolicySet(policyFilesOf(population), CHECK_TIME);
  if (policySet === undefined)
    throw new Error(`${population.name} has errors: ${JSON.stringify(findings.slice(0, 3))}`);
  return policySet;
}

function policyOf(rule: Rule, template: Policy): Policy {
  const source = { ...template.source, file: `${rule.name}.policy.json` };
  const when: Condition = { kind: 'all', conditions: [whomOf(rule, source), versionsOf(rule, source)], source };
  return { ...template, name: rule.name, priority: rule.priority, when, source };
}

function whomOf({ connector, network }: Rule, source: Policy['source']): Condition {
  if (network === undefined) {
    return {
      kind: 'comparison',
      fact: 'connector.name',
      operator: 'equal',
      operand: { value: connector ?? '' },
      source,
    };
  }
  const { text } = network;
  const prefixBits = Number(text.slice(text.indexOf('/') + 1));
  const value = { family: 4 as const, first: BigInt(network.first), last: BigInt(network.last), prefixBits, text };
  return { kind: 'comparison', fact: 'client.address', operator: 'inNetwork', operand: { value: [value] }, source };
}

function versionsOf({ versions }: Rule, source: Policy['source']): Condition {
  const value = { text: rangeText(versions), intervals: [versions] };
  return { kind: 'comparison', fact: 'server.version', operator: 'versionIn', operand: { value }, source };
}
