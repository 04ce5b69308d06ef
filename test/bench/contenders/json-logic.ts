import jsonLogic, { type RulesLogic } from 'json-logic-js';
import type { Rule } from '../population.js';
import { wholeDecisions } from './whole-decision.js';

/** json-logic-js: one `if` with a branch for each policy, the highest priority first. */
export const JSON_LOGIC = wholeDecisions('json-logic-js', ({ rules }) => {
  const logic = { if: [...rules.flatMap((rule) => [conditionOf(rule), rule.name]), null] } as RulesLogic;
  return {
    isAsync: false,
    find: (facts) => jsonLogic.apply(logic, facts),
    nameOf: (answer) => (answer as string | null) ?? undefined,
  };
});

function conditionOf({ connector, network, packedVersions: { from, to } }: Rule): object {
  const versions = [{ '>=': [{ var: 'version' }, from] }, { '<': [{ var: 'version' }, to] }];
  if (network === undefined) return { and: [{ '===': [{ var: 'connector' }, connector] }, ...versions] };
  return { and: [{ '<=': [network.first, { var: 'address' }, network.last] }, ...versions] };
}
