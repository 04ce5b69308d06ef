import { Environment } from '@marcbachmann/cel-js';
import type { Rule } from '../population.js';
import { wholeDecisions } from './whole-decision.js';

/** @marcbachmann/cel-js: one parsed expression a policy, asked one after the other, the highest priority first. */
export const CEL = wholeDecisions('@marcbachmann/cel-js', ({ rules }) => {
  const environment = new Environment()
    .registerVariable('connector', 'string')
    .registerVariable('version', 'double')
    .registerVariable('address', 'double');
  const policies = rules.map((rule) => ({ name: rule.name, holds: environment.parse(expressionOf(rule)) }));
  return {
    isAsync: false,
    find: (facts) => policies.find(({ holds }) => holds(facts) === true)?.name,
    nameOf: (answer) => answer as string | undefined,
  };
});

function expressionOf({ connector, network, packedVersions: { from, to } }: Rule): string {
  const whom =
    network === undefined
      ? `connector == "${connector}"`
      : `address >= ${network.first}.0 && address <= ${network.last}.0`;
  return `${whom} && version >= ${from}.0 && version < ${to}.0`;
}
