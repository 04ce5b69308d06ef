import { type AuthorizationAnswer, preparsePolicySet, statefulIsAuthorized } from '@cedar-policy/cedar-wasm/nodejs';
import type { Rule } from '../population.js';
import { wholeDecisions } from './whole-decision.js';

/**
 * @cedar-policy/cedar-wasm: the policies parsed once. Cedar tells all policies that match; the one of the highest priority is
 * picked afterwards.
 */
export const CEDAR = wholeDecisions('@cedar-policy/cedar-wasm', ({ name, rules }) => {
  const preparsedPolicySetId = `${name}-${rules.length}`;
  const staticPolicies = Object.fromEntries(rules.map((rule) => [rule.name, policyOf(rule)]));
  const parsed = preparsePolicySet(preparsedPolicySetId, { staticPolicies });
  if (parsed.type === 'failure') throw new Error(`Cedar refuses the policies: ${JSON.stringify(parsed.errors[0])}`);
  const priorities = new Map(rules.map((rule) => [rule.name, rule.priority]));
  const call = {
    principal: { type: 'Server', id: 'sender' },
    action: { type: 'Action', id: 'connect' },
    resource: { type: 'Gateway', id: 'gateway' },
    entities: [],
    preparsedPolicySetId,
  };
  return {
    isAsync: false,
    find: ({ connector, version, address }) =>
      statefulIsAuthorized({ ...call, context: { connector, version, address } }),
    nameOf: (answer) => highest(answer as AuthorizationAnswer, priorities),
  };
});

function policyOf({ connector, network, packedVersions: { from, to } }: Rule): string {
  const whom =
    network === undefined
      ? `context.connector == "${connector}"`
      : `context.address >= ${network.first} && context.address <= ${network.last}`;
  return `permit(principal, action, resource) when { ${whom} && context.version >= ${from} && context.version < ${to} };`;
}

function highest(answer: AuthorizationAnswer, priorities: ReadonlyMap<string, number>): string | undefined {
  if (answer.type === 'failure') throw new Error(`Cedar does not answer: ${JSON.stringify(answer.errors[0])}`);
  let best: string | undefined;
  for (const name of answer.response.diagnostics.reason) {
    if (best === undefined || (priorities.get(name) ?? 0) > (priorities.get(best) ?? 0)) best = name;
  }
  return best;
}
