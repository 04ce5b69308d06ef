import type { Facts } from '../policy/fact.js';
import type { EpochMillis } from '../policy/instant.js';
import type { Version } from '../policy/version.js';

/** A connection for which a policy is looked for, with what follows from it at once; all other facts only when asked for. */
export interface Selection {
  /** As they were told. */
  readonly facts: Facts;
  /** Whether what was told overrides facts that are derived otherwise, so that nothing can be concluded about them. */
  readonly isOverridden: boolean;
  /** Index of the connector; the number of connectors stands for the built-in one for the Internet. */
  readonly connector: number;
  readonly connectorName: string | undefined;
  /** The version that counts. */
  readonly version: Version | undefined;
  readonly serverName: string | undefined;
  /** Whether the server was seen before. */
  readonly isKnown: boolean;
  readonly now: EpochMillis;
  /** All facts, derived ones included. */
  allFacts(): Facts;
}
