import type { PolicySet } from '../policy/policy-set.js';
import { finish, type Steps } from '../policy/steps.js';
import { type CompiledPolicySet, DEFAULT_SETTINGS, type DecisionSettings } from './compiled-policy-set.js';
import { compileDiagramSteps } from './diagram/compile-diagram.js';
import { ConnectorIndex } from './diagram/connector-index.js';
import { diagramSelector } from './diagram/diagram-selector.js';
import { orderedWalk, type PolicySelector } from './policy-selector.js';
import { operatorLookup } from './rules-engine.js';

/** Compiles a checked policy set. */
export function compilePolicySet(policySet: PolicySet, settings: Partial<DecisionSettings> = {}): CompiledPolicySet {
  return finish(compilePolicySetSteps(policySet, settings));
}

/** The same in steps. */
export function* compilePolicySetSteps(
  policySet: PolicySet,
  settings: Partial<DecisionSettings> = {},
): Steps<CompiledPolicySet> {
  const operator = operatorLookup();
  const diagram = yield* compileDiagramSteps(policySet, operator);
  let walk: PolicySelector | undefined;
  const fallback = () => {
    walk ??= orderedWalk(policySet, { conditions: policySet.conditions, operator, compiled: new Map() });
    return walk;
  };
  return {
    policySet,
    settings: { ...DEFAULT_SETTINGS, ...settings },
    selector: diagramSelector(diagram, fallback),
    connectorIndex: new ConnectorIndex(policySet.connectors),
  };
}
