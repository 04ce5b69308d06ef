import type { Policy } from '../../policy/policy-set.js';
import { compileCondition } from '../compile-condition.js';
import { deriveFacts } from '../derive-facts.js';
import { operatorLookup } from '../rules-engine.js';
import { describeConnection, describeOutcome, placeOfPolicy } from './describe-found.js';
import { type FoundServer, findAtStage, searchRegions } from './find-server.js';
import { HOLDS, type InvariantCheck } from './invariant-check.js';
import type { InvariantContext } from './invariant-context.js';
import { isWorse, NO_SEVERITY, type Route, routesOf } from './refusal-route.js';

/** `protected`: connections that fulfil a condition are never refused. */
export const PROTECTED_CHECK: InvariantCheck<'protected'> = {
  kind: 'protected',
  check({ when }, context) {
    const { exact, set, policySet, compiled } = context;
    const routes = set.deciders.map((decider) => ('policy' in decider ? refusingRoutes(decider.policy, context) : []));
    const holds = compileCondition(when, {
      conditions: policySet.conditions,
      operator: operatorLookup(),
      compiled: new Map(),
    });
    const isProtected = ({ facts, record, time }: FoundServer) => holds(deriveFacts(compiled, facts, record, time));
    const others = set.deciders.length;
    const root = exact.build([
      { target: others, formula: exact.table.not(context.formulaOf(when)) },
      ...set.formulas.map((formula, target) => ({ target, formula })),
    ]);
    const search = searchRegions(
      context,
      root,
      (target) => (routes[target]?.length ?? 0) > 0,
      (region) => {
        for (const route of routes[region.target] ?? []) {
          const found = findAtStage(context, region, route, isProtected);
          if (found !== undefined) return { found, route };
        }
        return undefined;
      },
    );
    if (search.found === undefined) return search.isCertain ? HOLDS : { kind: 'undecided', message: search.reason };
    const { found, route } = search.found;
    const message = `${describeConnection(found, route)}: ${describeOutcome(found, policySet)}`;
    const hint = 'Narrow the conditions of the policy, or those of the invariant.';
    return { kind: 'violated', message, hint, related: [placeOfPolicy(route.policy)] };
  },
};

function refusingRoutes(policy: Policy, { policySet }: InvariantContext): Route[] {
  if (policy.mode !== 'enforce') return [];
  return routesOf(policy, policySet).filter(({ stage }) => isWorse(stage, NO_SEVERITY));
}
