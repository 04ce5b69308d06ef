import type { Decision } from '@sluice/engine';
import type { Contender } from '../contender.js';
import type { Population } from '../population.js';
import { lastNotAbove } from './last-not-above.js';
import { type PlainPolicy, plainDecision, plainPolicyOf } from './plain-decision.js';
import { plainFactsOf } from './plain-facts.js';
import { plainSettingsOf } from './whole-decision.js';

/** The version ranges of one connector: sorted edges, and the policy from each edge to the next. */
interface Lanes {
  readonly edges: Float64Array;
  readonly policies: readonly (PlainPolicy | undefined)[];
}

/**
 * The stand-in for the limit: an index written by hand for this one shape of policies. A map by connector, then a binary
 * search in the edges of its version ranges, which do not overlap.
 */
export const HAND_WRITTEN_INDEX: Contender = {
  name: 'hand-written index',
  prepare: (population) => {
    if (population.name === 'hard') throw new Error('it is written for ranges that do not overlap');
    const settings = plainSettingsOf(population);
    const index = indexOf(population);
    const toFacts = plainFactsOf(population);
    return {
      isAsync: false,
      ask: (each) => {
        const { connector, version } = toFacts(each);
        return plainDecision(find(index.get(connector), version), each, connector, settings);
      },
      nameOf: (answer) => (answer as Decision).policy,
    };
  },
};

function indexOf({ rules, connectors }: Population): ReadonlyMap<string, Lanes> {
  return new Map(
    connectors.map(({ name }) => {
      const lanes = rules
        .filter((rule) => rule.connector === name)
        .sort((a, b) => a.packedVersions.from - b.packedVersions.from);
      const edges = Float64Array.from(lanes.flatMap(({ packedVersions: { from, to } }) => [from, to]));
      const policies = lanes.flatMap((rule) => [plainPolicyOf(rule), undefined]);
      return [name, { edges, policies }];
    }),
  );
}

function find(lanes: Lanes | undefined, version: number): PlainPolicy | undefined {
  if (lanes === undefined) return undefined;
  return lanes.policies[lastNotAbove(lanes.edges, version)];
}
