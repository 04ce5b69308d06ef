import type { DurationMillis } from '../policy/duration.js';
import { durationMillis } from '../policy/duration.js';
import type { PolicySet } from '../policy/policy-set.js';
import { orderedWalk, type PolicySelector } from './policy-selector.js';
import { operatorLookup } from './rules-engine.js';

/** What the decision can be told beside the policies. */
export interface DecisionSettings {
  /** Name of this gateway in replies: `{gateway}`. */
  readonly gatewayName: string;
  /** Of the versions seen within this time before the last one, the highest counts. */
  readonly versionWindow: DurationMillis;
}

export const DEFAULT_SETTINGS: DecisionSettings = {
  gatewayName: 'this gateway',
  versionWindow: durationMillis(7 * 86_400_000),
};

/** A policy set made ready for deciding. */
export interface CompiledPolicySet {
  readonly policySet: PolicySet;
  readonly settings: DecisionSettings;
  readonly selector: PolicySelector;
}

/** Compiles a checked policy set. */
export function compilePolicySet(policySet: PolicySet, settings: Partial<DecisionSettings> = {}): CompiledPolicySet {
  const context = { conditions: policySet.conditions, operator: operatorLookup(), compiled: new Map() };
  return { policySet, settings: { ...DEFAULT_SETTINGS, ...settings }, selector: orderedWalk(policySet, context) };
}
