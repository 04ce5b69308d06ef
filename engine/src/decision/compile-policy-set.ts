import type { PolicySet } from '../policy/policy-set.js';
import { type CompiledPolicySet, DEFAULT_SETTINGS, type DecisionSettings } from './compiled-policy-set.js';
import { compileDiagram } from './diagram/compile-diagram.js';
import { ConnectorIndex, type ConnectorTables, connectorTables } from './diagram/connector-index.js';
import { type DecidingDiagram, diagramSelector } from './diagram/diagram-selector.js';
import { PolicyEnforcements } from './policy-enforcement.js';
import { orderedWalk, type PolicySelector } from './policy-selector.js';
import { operatorLookup, type RunnableOperator } from './rules-engine.js';

/** Compiles a checked policy set. */
export function compilePolicySet(policySet: PolicySet, settings: Partial<DecisionSettings> = {}): CompiledPolicySet {
  const operator = operatorLookup();
  const diagram = compileDiagram(policySet, operator);
  return readyToDecide({ policySet, diagram, connectors: connectorTables(policySet.connectors) }, settings, operator);
}

/** A policy set with what it compiled to. */
export interface CompiledParts {
  readonly policySet: PolicySet;
  readonly diagram: DecidingDiagram;
  readonly connectors: ConnectorTables;
}

/** Makes a policy set ready for deciding from what it compiled to. */
export function readyToDecide(
  { policySet, diagram, connectors }: CompiledParts,
  partial: Partial<DecisionSettings>,
  operator: (name: string) => RunnableOperator,
): CompiledPolicySet {
  let walk: PolicySelector | undefined;
  const fallback = () => {
    const { conditions } = policySet;
    walk ??= orderedWalk(diagram.deciders, { conditions, operator, compiled: new Map() });
    return walk;
  };
  const settings = { ...DEFAULT_SETTINGS, ...partial };
  return {
    policySet,
    settings,
    selector: diagramSelector(diagram, fallback),
    connectorIndex: new ConnectorIndex(connectors),
    enforcements: new PolicyEnforcements(diagram.deciders, settings.gatewayName),
  };
}
