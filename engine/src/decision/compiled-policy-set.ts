import { type DurationMillis, durationMillis } from '../policy/duration.js';
import type { PolicySet } from '../policy/policy-set.js';
import type { ConnectorIndex } from './diagram/connector-index.js';
import type { PolicyEnforcements } from './policy-enforcement.js';
import type { PolicySelector } from './policy-selector.js';

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
  readonly connectorIndex: ConnectorIndex;
  readonly enforcements: PolicyEnforcements;
}
