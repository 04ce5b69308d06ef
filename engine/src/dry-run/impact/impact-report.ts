import type { Action } from '../../decision/decision.js';
import type { Difference } from '../../decision/diff/diff-policy-sets.js';
import type { Pair } from '../../decision/diff/outcome-diagrams.js';
import type { EpochMillis } from '../../policy/instant.js';
import type { LogReport } from '../../traffic/logs/log-report.js';

/** Records that get one thing before a change and another after it. */
export interface Transition extends Pair<Action> {
  readonly records: number;
}

/** The traffic in one region in which two policy sets differ. */
export interface RegionTraffic {
  readonly difference: Difference;
  readonly servers: number;
  readonly connections: number;
  readonly messages: number;
  /** Records that were decided otherwise; the others met the region at a time when both do the same. */
  readonly changed: number;
}

/** A server that was decided otherwise at least once. */
export interface ServerChange {
  readonly server: string;
  readonly connector: string;
  readonly version?: string;
  readonly records: number;
  readonly changed: number;
  readonly firstChange: EpochMillis;
  readonly lastChange: EpochMillis;
  readonly refusals: Pair<number>;
  /** What it got last. */
  readonly last: Pair<{ readonly action: Action; readonly policy?: string; readonly stage?: string }>;
}

/**
 * What a change would have done to the traffic of a log. The records are the sum over regions with those in none, and the sum
 * over transitions.
 */
export interface ImpactReport {
  readonly names: Pair<string>;
  readonly revisions: Pair<string>;
  readonly logs: LogReport;
  readonly equivalent: boolean;
  readonly isCut: boolean;
  readonly records: number;
  readonly from?: EpochMillis;
  readonly until?: EpochMillis;
  readonly changed: number;
  readonly transitions: readonly Transition[];
  readonly regions: readonly RegionTraffic[];
  /** Records in no region: both policy sets treat them alike on every day. */
  readonly unchangedRegion: number;
  /**
   * Of those, records that were decided otherwise for all that, because the change reached their server's clock or the servers
   * behind their peer earlier.
   */
  readonly changedByHistory: number;
  /** Those with most changed records first. */
  readonly servers: readonly ServerChange[];
}
