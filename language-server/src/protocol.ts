import type { DecisionJson } from '@sluice/engine/decision/decision-json.js';
import { type Location, RequestType } from 'vscode-languageserver-protocol';

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

export const TimelineRequest = new RequestType<PolicySetParams, Timeline | null, void>('sluice/timeline');
export const ExplainRequest = new RequestType<ExplainParams, ExplainResult | null, void>('sluice/explain');
export const CompareRequest = new RequestType<CompareParams, CompareResult | null, void>('sluice/compare');
export const FactsRequest = new RequestType<Record<string, never>, readonly FactDescription[], void>('sluice/facts');
/** Answers once the exact analysis of all policy sets is done. */
export const CheckRequest = new RequestType<Record<string, never>, readonly PolicySetSummary[], void>('sluice/check');
