import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FACTS, type Facts } from '../../policy/fact.js';
import { instantOf, policySetOf } from '../../policy/policy-text.fixture.js';
import { compilePolicySet } from '../compile-policy-set.js';
import { selectionOf } from '../make-selection.js';
import { decidersOf, orderedWalk, ruleOf } from '../policy-selector.js';
import { decisionTimes, factsOf, policySets, policyTextsOf, writtenFacts } from '../policy-set-arbitrary.fixture.js';
import { operatorLookup } from '../rules-engine.js';
import { analyse } from './analyses.js';

const NOW = instantOf('2026-06-01');
const connections = fc.array(fc.tuple(writtenFacts, decisionTimes), { minLength: 40, maxLength: 40 });

/** Facts that a gateway tells; connections that tell what else is derived are none of the analysis. */
function toldByGateways(facts: Facts): Facts {
  const origins = new Map(FACTS.map(({ name, origin }) => [name as string, origin]));
  const isTold = (name: string) =>
    origins.get(name) === 'connection' || name === 'server.version' || name === 'server.name';
  return Object.fromEntries(Object.entries(facts).filter(([name]) => isTold(name))) as Facts;
}

test('no connection belies what the analysis of any policy set says', () => {
  fc.assert(
    fc.property(policySets, connections, (written, met) => {
      const policySet = policySetOf(policyTextsOf(written));
      const compiled = compilePolicySet(policySet);
      const context = { conditions: policySet.conditions, operator: operatorLookup(), compiled: new Map() };
      const walk = orderedWalk(decidersOf(policySet), context);
      const findings = [...analyse(policySet, NOW, true)];
      const named = (code: string) =>
        findings
          .filter((each) => each.code === code)
          .map(({ message }) => /(?:policy|exemption) (\S+?):? /.exec(message)?.[1]);
      for (const [texts, at] of met) {
        const selection = selectionOf(compiled, toldByGateways(factsOf(texts)), undefined, instantOf(at));
        const decider = walk.decider(selection);
        if (decider === undefined) continue;
        const code = 'policy' in decider ? 'policy-shadowed' : 'exemption-idle';
        const isIdle = named(code).includes(ruleOf(decider).name);
        expect(isIdle && ('policy' in decider || walk.policy(selection) !== undefined)).toBe(false);
        expect('policy' in decider && named('policy-unmatchable').includes(decider.policy.name)).toBe(false);
      }
    }),
    { numRuns: 60 },
  );
});
