import { Engine, type EngineResult, type NestedCondition } from 'json-rules-engine';
import type { Rule } from '../population.js';
import { wholeDecisions } from './whole-decision.js';

/**
 * json-rules-engine as shipped: one engine, runs in sequence. All rules are of one priority, so that it asks them in one
 * go, which is faster than one priority a rule; the highest of those that match is picked afterwards.
 */
export const JSON_RULES_ENGINE = wholeDecisions('json-rules-engine', ({ rules }) => {
  const engine = new Engine();
  for (const rule of rules) {
    engine.addRule({
      name: rule.name,
      conditions: { all: conditionsOf(rule) },
      event: { type: 'match', params: { name: rule.name, priority: rule.priority } },
    });
  }
  return {
    isAsync: true,
    // The engine writes into what it is given.
    find: (facts) => engine.run({ ...facts }),
    nameOf: (answer) => highest((answer as EngineResult).events),
  };
});

function conditionsOf({ connector, network, packedVersions: { from, to } }: Rule): NestedCondition[] {
  const versions = [
    { fact: 'version', operator: 'greaterThanInclusive', value: from },
    { fact: 'version', operator: 'lessThan', value: to },
  ];
  if (network === undefined) return [{ fact: 'connector', operator: 'equal', value: connector }, ...versions];
  return [
    { fact: 'address', operator: 'greaterThanInclusive', value: network.first },
    { fact: 'address', operator: 'lessThanInclusive', value: network.last },
    ...versions,
  ];
}

function highest(events: EngineResult['events']): string | undefined {
  let best: { readonly name: string; readonly priority: number } | undefined;
  for (const { params } of events) {
    if (best === undefined || params?.['priority'] > best.priority) best = params as typeof best;
  }
  return best?.name;
}
