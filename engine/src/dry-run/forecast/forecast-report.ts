import type { MinutesPerHour } from '../../policy/hourly-rate.js';
import type { EpochMillis } from '../../policy/instant.js';
import type { PolicyMode } from '../../policy/policy-set.js';

/** What a server meets for some time, the place in the hour aside. */
export interface Treatment {
  /** Absent where no policy decides. */
  readonly policy?: string | undefined;
  readonly stage?: string | undefined;
  readonly mode?: PolicyMode | undefined;
  readonly exemption?: string | undefined;
  /** A pause holds the server's clock and its refusals. */
  readonly paused?: true | undefined;
  /** The server is taken as patched from then on. */
  readonly patched?: true | undefined;
  /** Minutes of every hour that the stage throttles and blocks; they are refused where {@link isRefusing}. */
  readonly throttle: MinutesPerHour;
  readonly block: MinutesPerHour;
}

/** A treatment with the time for which it holds, half-open. */
export interface ForecastSpan extends Treatment {
  readonly from: EpochMillis;
  readonly until: EpochMillis;
}

/** Time in which a server, or all of them, is refused. */
export interface RefusedTime {
  readonly throttleMinutes: number;
  readonly blockMinutes: number;
}

/** A server for which a policy or an exemption decides at some time of the forecast. */
export interface ServerForecast extends RefusedTime {
  readonly server: string;
  readonly connector: string;
  readonly version?: string;
  /** As it is at the start of the forecast. */
  readonly firstDetected?: EpochMillis;
  readonly lastSeen: EpochMillis;
  readonly messagesPerDay?: number;
  readonly messagesAtRisk?: number;
  /** One after the other, from the start of the forecast to its end. */
  readonly spans: readonly ForecastSpan[];
}

/** Servers in a stage. */
export interface StageCount {
  readonly policy: string;
  readonly stage: string;
  readonly servers: number;
}

/** A UTC day, the first and the last one as far as the forecast has them. Servers are counted at the end of the day. */
export interface DayForecast extends RefusedTime {
  /** Start of the UTC day. */
  readonly day: EpochMillis;
  /** Messages that meet a refusal at their first try; absent where it is not known how many servers send. */
  readonly messagesAtRisk?: number;
  /** Servers refused in a part of every hour. */
  readonly refused: number;
  /** Servers refused for good in all of it. */
  readonly blocked: number;
  readonly stages: readonly StageCount[];
}

/** What changes within a number of days. */
export interface Horizon {
  readonly days: number;
  /** Servers that enter a stage that refuses, and are in none at the start. */
  readonly newlyRefused: number;
  /** Servers that enter a stage that blocks always, and are in none at the start. */
  readonly newlyBlocked: number;
}

/** A stage with the servers in it at the start and at the end of each horizon. */
export interface StageCensus {
  readonly policy: string;
  readonly stage: string;
  readonly mode: PolicyMode;
  readonly throttle: MinutesPerHour;
  readonly block: MinutesPerHour;
  /** At the start, then at the end of each horizon. */
  readonly servers: readonly number[];
}

export interface ForecastReport extends RefusedTime {
  readonly revision: string;
  readonly from: EpochMillis;
  readonly until: EpochMillis;
  /** Servers that are refused at the start in a part of every hour, and always. */
  readonly refused: number;
  readonly blocked: number;
  readonly horizons: readonly Horizon[];
  readonly stages: readonly StageCensus[];
  /** Absent where it is known of no server how much it sends. */
  readonly messagesPerDay?: number;
  readonly messagesAtRisk?: number;
  /** Those that change soonest first. */
  readonly servers: readonly ServerForecast[];
  /** Servers for which nothing decides. */
  readonly otherServers: number;
  readonly days: readonly DayForecast[];
  /** What is taken for granted, and what cannot be foreseen. */
  readonly notes: readonly string[];
}

/** Whether the minutes of a treatment's stage are really refused. */
export function isRefusing({ mode, paused, throttle, block }: Treatment): boolean {
  return mode === 'enforce' && paused === undefined && throttle + block > 0;
}

/** Whether a treatment refuses for good in all minutes of the hour. */
export function isBlocking(treatment: Treatment): boolean {
  return isRefusing(treatment) && treatment.block >= 60;
}
