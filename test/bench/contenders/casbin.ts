import { newEnforcer, newModelFromString } from 'casbin';
import type { Rule } from '../population.js';
import { wholeDecisions } from './whole-decision.js';

const BY_CONNECTOR = 'r.connector == p.first && r.version >= p.from && r.version < p.to';
const BY_ADDRESS = 'r.address >= p.first && r.address <= p.last && r.version >= p.from && r.version < p.to';

/** casbin: one policy line a policy, the highest priority first; the first that allows ends its search. */
export const CASBIN = wholeDecisions('casbin', async ({ rules }) => {
  const model = newModelFromString(`
[request_definition]
r = connector, version, address
[policy_definition]
p = name, first, last, from, to
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = ${rules[0]?.network === undefined ? BY_CONNECTOR : BY_ADDRESS}
`);
  const enforcer = await newEnforcer(model);
  await enforcer.addPolicies(rules.map(lineOf));
  return {
    isAsync: false,
    find: ({ connector, version, address }) => enforcer.enforceExSync(connector, version, address),
    nameOf: (answer) => (answer as [boolean, string[]])[1][0],
  };
});

/** Numbers stand as text in casbin's policies; JavaScript compares them as numbers with those of the request. */
function lineOf({ name, connector, network, packedVersions: { from, to } }: Rule): string[] {
  const whom = network === undefined ? [connector ?? '', ''] : [String(network.first), String(network.last)];
  return [name, ...whom, String(from), String(to)];
}
