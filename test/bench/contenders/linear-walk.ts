import type { PlainFacts, Rule } from '../population.js';
import { wholeDecisions } from './whole-decision.js';

/** One policy after the other, by plain code: what an engine without an index can reach at most. */
export const LINEAR_WALK = wholeDecisions('linear walk', ({ rules }) => ({
  isAsync: false,
  find: (facts) => rules.find((rule) => matches(rule, facts)),
  nameOf: (answer) => (answer as Rule | undefined)?.name,
}));

/** Whether a rule matches: the whole meaning of the populations. */
export function matches(rule: Rule, { connector, version, address }: PlainFacts): boolean {
  if (version < rule.packedVersions.from || version >= rule.packedVersions.to) return false;
  if (rule.network !== undefined) return address >= rule.network.first && address <= rule.network.last;
  return rule.connector === connector;
}
