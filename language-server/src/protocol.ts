import type { DecisionJson } from '@sluice/engine/decision/decision-json.js';
import {
  type Location,
  NotificationType,
  RequestType,
  type WorkDoneProgressParams,
} from 'vscode-languageserver-protocol';

/** What the server answers beside LSP. All instants are RFC 3339 texts, all days count from a server's first detection. */

/** Names any file of a policy set. */
export interface PolicySetParams {
  readonly uri: string;
}

/** One stage of a policy as time passes. */
export interface TimelineStage {
  readonly name: string;
  readonly fromDay: number;
  /** Absent for the last stage. */
  readonly untilDay?: number;
  /** Minutes of every hour that connections get a 4yz reply. */
  readonly throttleMinutes: number;
  /** Minutes of every hour that connections get a 5yz reply. */
  readonly blockMinutes: number;
  /** The replies as a sender sees them. */
  readonly throttleReply?: string;
  readonly blockReply?: string;
  readonly location: Location;
}

/** What a policy does as time passes. */
export interface PolicyTimeline {
  readonly name: string;
  readonly description?: string;
  readonly mode: 'enforce' | 'report' | 'off';
  readonly effectiveFrom?: string;
  readonly effectiveUntil?: string;
  readonly stages: readonly TimelineStage[];
  readonly location: Location;
}

export interface TimelineExemption {
  readonly name: string;
  readonly reason: string;
  readonly grantedBy: string;
  readonly from?: string;
  readonly until: string;
  readonly hasEnded: boolean;
  readonly location: Location;
}

export interface Timeline {
  readonly now: string;
  readonly policies: readonly PolicyTimeline[];
  readonly exemptions: readonly TimelineExemption[];
}

export interface ExplainParams extends PolicySetParams {
  /** Values by the names of facts, written as in a policy. */
  readonly facts: Readonly<Record<string, string>>;
  /** When the server was first detected: an instant, or how long ago (`35d`); at the time of the decision where absent. */
  readonly firstDetected?: string;
  /** The time of the decision; the present one where absent. */
  readonly at?: string;
}

/** A line of the trace: what was asked, of which value, and what came of it. */
export interface ExplainedLine {
  readonly depth: number;
  readonly text: string;
  /** Absent where it was not asked. */
  readonly result?: boolean;
  readonly factValue?: string;
  readonly location: Location;
}

/** A policy or an exemption that was tried. */
export interface ExplainedRule {
  readonly kind: 'policy' | 'exemption';
  readonly name: string;
  readonly holds: boolean;
  readonly decides: boolean;
  /** Why it was not tried or does not decide, where that follows from no condition. */
  readonly note?: string;
  readonly lines: readonly ExplainedLine[];
  readonly location: Location;
}

export type ExplainResult =
  | {
      readonly decision: DecisionJson;
      /** All facts, the derived ones included, as texts. */
      readonly facts: Readonly<Record<string, string>>;
      readonly rules: readonly ExplainedRule[];
    }
  | { readonly problem: string };

export interface CompareParams extends PolicySetParams {
  /** A git revision, such as HEAD or origin/main. */
  readonly revision: string;
}

export type CompareResult = { readonly equivalent: boolean; readonly markdown: string } | { readonly problem: string };

export interface FactDescription {
  readonly name: string;
  readonly type: string;
  readonly origin: 'connection' | 'derived';
  readonly description: string;
  readonly values?: readonly string[];
}

/** How a policy set stands. */
export interface PolicySetSummary {
  /** URI of the folder. */
  readonly uri: string;
  readonly files: number;
  readonly policies: number;
  readonly errors: number;
  readonly warnings: number;
  readonly infos: number;
}

/** One connection of a test, at one instant. */
export interface DescribedCase {
  /** Names it in {@link RunTestsParams}, as long as its test keeps its name and its cases their order. */
  readonly id: string;
  /** Tells it from the others of its test; empty where there is only one. */
  readonly label: string;
  readonly location: Location;
}

export interface DescribedTest {
  /** Once in its file. */
  readonly name: string;
  readonly description?: string;
  readonly location: Location;
  readonly cases: readonly DescribedCase[];
}

export interface TestFile {
  readonly uri: string;
  readonly tests: readonly DescribedTest[];
}

/** The tests of a policy set, those without errors. */
export interface PolicySetTests {
  /** URI of the folder. */
  readonly uri: string;
  readonly files: readonly TestFile[];
}

export interface RunTestsParams extends PolicySetParams {
  /** The cases to run; all where absent. One that there is not is left out. */
  readonly ids?: readonly string[];
}

/** An expectation that was not met. */
export interface CaseFailure {
  /** `stage`, `reply`, `refusedMinutes.block` … */
  readonly part: string;
  readonly expected: string;
  readonly actual: string;
  /** Where the expectation stands. */
  readonly location: Location;
}

export interface CaseResult {
  readonly id: string;
  /** The connection, and what decided for it, in words. */
  readonly what: string;
  /** None where it passes. */
  readonly failures: readonly CaseFailure[];
  /** Where the exemption or the policy stands that decided. */
  readonly decider?: Location;
}

export type RunTestsResult = { readonly results: readonly CaseResult[] } | { readonly problem: string };

/** Names the policy set whose tests are to be asked for and run again. */
export interface TestsChangedParams {
  /** URI of the folder. */
  readonly uri: string;
}

/** Which logs are replayed, and how they are read: as the options of `sluice replay`. */
export interface TrafficParams extends PolicySetParams, WorkDoneProgressParams {
  /** Absolute paths of files and folders, and patterns such as `/var/log/mail.log*`. */
  readonly logs: readonly string[];
  /** Recognised where absent. */
  readonly logFormat?: string;
  readonly year?: number;
  readonly timeZone?: string;
  readonly ownHosts?: readonly string[];
  /** Absolute paths. */
  readonly mapping?: string;
  readonly inventory?: string;
  /** Name of the connector of traffic of which the logs tell no client. */
  readonly connector?: string;
  /** What is added to the clock of the logs: `30d`. */
  readonly shift?: string;
}

/** What a policy or an exemption would have done to the traffic of logs. */
export interface RuleTraffic {
  readonly kind: 'policy' | 'exemption';
  readonly name: string;
  readonly records: number;
  readonly servers: number;
  readonly throttled: number;
  readonly blocked: number;
  /** What a policy in report mode would have refused. */
  readonly wouldRefuse: number;
}

export type ReplayResult =
  | {
      /** The report as a page that needs nothing else, without script. */
      readonly html: string;
      readonly records: number;
      /** Those that decided for at least one record. */
      readonly rules: readonly RuleTraffic[];
    }
  | { readonly problem: string };

export interface ImpactParams extends TrafficParams {
  /** A git revision, such as HEAD or origin/main, with which the policies in the editor are compared. */
  readonly revision: string;
}

export type ImpactResult =
  | {
      /** The report as a page that needs nothing else, without script. */
      readonly html: string;
      readonly equivalent: boolean;
      readonly records: number;
      /** Records that would have been decided otherwise. */
      readonly changed: number;
    }
  | { readonly problem: string };

export const TimelineRequest = new RequestType<PolicySetParams, Timeline | null, void>('sluice/timeline');
export const ExplainRequest = new RequestType<ExplainParams, ExplainResult | null, void>('sluice/explain');
export const CompareRequest = new RequestType<CompareParams, CompareResult | null, void>('sluice/compare');
export const FactsRequest = new RequestType<Record<string, never>, readonly FactDescription[], void>('sluice/facts');
/** Answers once the exact analysis of all policy sets is done. */
export const CheckRequest = new RequestType<Record<string, never>, readonly PolicySetSummary[], void>('sluice/check');
/** All policy sets of the workspace; from then on the client is told when tests may have another result. */
export const TestsRequest = new RequestType<Record<string, never>, readonly PolicySetTests[], void>('sluice/tests');
export const RunTestsRequest = new RequestType<RunTestsParams, RunTestsResult | null, void>('sluice/runTests');
export const TestsChangedNotification = new NotificationType<TestsChangedParams>('sluice/testsChanged');
/** Can take long: it tells its progress, and can be cancelled. Lenses above policies then tell their traffic. */
export const ReplayRequest = new RequestType<TrafficParams, ReplayResult | null, void>('sluice/replay');
/** Can take long: it tells its progress, and can be cancelled. */
export const ImpactRequest = new RequestType<ImpactParams, ImpactResult | null, void>('sluice/impact');
