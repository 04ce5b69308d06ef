import type { PolicySet } from '../policy/policy-set.js';
import { type CompiledPolicySet, DEFAULT_SETTINGS, type DecisionSettings } from './compiled-policy-set.js';
import { compileDiagram } from './diagram/compile-diagram.js';
import { ConnectorIndex } from './diagram/connector-index.js';
import { diagramSelector } from './diagram/diagram-selector.js';
import { orderedWalk, type PolicySelector } from './policy-selector.js';
import { operatorLookup } from './rules-engine.js';

/** Compiles a checked policy set. */
export function compilePolicySet(policySet: PolicySet, settings: Partial<DecisionSettings> = {}): CompiledPolicySet {
  const operator = operatorLookup();
  let walk: PolicySelector | undefined;
  const fallback = () => {
    walk ??= orderedWalk(policySet, { conditions: policySet.conditions, operator, compiled: new Map() });
    return walk;
  };
  return {
    policySet,
    settings: { ...DEFAULT_SETTINGS, ...settings },
    selector: diagramSelector(compileDiagram(policySet, operator), fallback),
    connectorIndex: new ConnectorIndex(policySet.connectors),
  };
}
