import type { Action } from '../../decision/decision.js';
import type { DurationMillis } from '../../policy/duration.js';
import type { EpochMillis } from '../../policy/instant.js';
import type { SourcePosition } from '../../policy/source.js';
import type { LogReport } from '../../traffic/logs/log-report.js';

/** Records by what they would have met. */
export type ActionCounts = Readonly<Record<Action, number>>;

export interface StageReport extends ActionCounts {
  readonly stage: string;
}

/** What one policy did; the name is absent for what no policy matches, exemptions have their own rows. */
export interface PolicyReport extends ActionCounts {
  readonly kind: 'policy' | 'exemption' | 'none';
  readonly name: string;
  readonly mode?: string;
  /** Place of the policy in its file. */
  readonly source?: SourcePosition;
  readonly servers: number;
  /** What a policy in report mode would have refused. */
  readonly wouldRefuse: number;
  readonly stages: readonly StageReport[];
}

export interface ConnectorReport extends ActionCounts {
  readonly connector: string;
}

/** A server for which a policy or an exemption decided. */
export interface ServerReport extends ActionCounts {
  readonly server: string;
  readonly connector: string;
  readonly version?: string;
  readonly policy?: string;
  readonly stage?: string;
  readonly exemption?: string;
  readonly firstDetected?: EpochMillis;
  readonly firstRefusal?: EpochMillis;
  readonly lastSeen: EpochMillis;
  readonly refusedConnections: number;
  readonly refusedMessages: number;
  /** Longest delay of a throttled message, where the sender tries again as its kind does. */
  readonly longestDelay?: DurationMillis;
  /** Throttled messages that a retry would have brought into the minutes of 550, or never through. */
  readonly lostAfterRetry: number;
}

export interface DayReport extends ActionCounts {
  /** Start of the UTC day. */
  readonly day: EpochMillis;
}

/**
 * What a log would have met. The records are the sum over policies, over connectors, over days, and over servers with those of
 * whom nothing is remembered.
 */
export interface ReplayReport extends ActionCounts {
  readonly revision: string;
  readonly logs: LogReport;
  readonly records: number;
  /** Connections that pass as far as their headers, which tell the server. */
  readonly awaitHeaders: number;
  readonly from?: EpochMillis;
  readonly until?: EpochMillis;
  readonly shift: DurationMillis;
  readonly policies: readonly PolicyReport[];
  readonly connectors: readonly ConnectorReport[];
  /** Those with most refusals first. */
  readonly servers: readonly ServerReport[];
  readonly otherRecords: number;
  readonly days: readonly DayReport[];
}
