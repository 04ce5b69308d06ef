import type { BuildCatalogue } from './build-catalogue.js';
import type { DurationMillis } from './duration.js';
import type { ConnectorType, FactName } from './fact.js';
import type { MinutesPerHour } from './hourly-rate.js';
import type { EpochMillis } from './instant.js';
import type { Network } from './network.js';
import type { Operand } from './operand.js';
import type { ReplyTemplate } from './reply-template.js';
import type { SourceSpan } from './source.js';

/** `enforce`: refuse; `report`: decide and tell, never refuse; `off`: as if the policy were not there. */
export const POLICY_MODES = ['enforce', 'report', 'off'] as const;
export type PolicyMode = (typeof POLICY_MODES)[number];

/** How a connector tells its servers apart. */
export const SERVER_IDENTITIES = ['received-by', 'helo', 'tls-name', 'tls-fingerprint', 'address'] as const;
export type ServerIdentity = (typeof SERVER_IDENTITIES)[number];

/** Everything that the files of one folder say, read and checked. */
export interface PolicySet {
  /** Hash of the contents of all files, hexadecimal. */
  readonly revision: string;
  readonly policies: readonly Policy[];
  readonly connectors: readonly Connector[];
  readonly conditions: ReadonlyMap<string, NamedCondition>;
  readonly exemptions: readonly Exemption[];
  readonly invariants: readonly Invariant[];
  readonly catalogue: BuildCatalogue;
}

export interface Policy {
  readonly name: string;
  readonly description?: string;
  readonly owner?: string;
  readonly mode: PolicyMode;
  /** The highest decides; at least 1. */
  readonly priority: number;
  /** Half-open; open where absent. */
  readonly effective: { readonly from?: EpochMillis; readonly until?: EpochMillis };
  readonly when: Condition;
  /** In the order of `after`; the first one has 0. */
  readonly stages: readonly Stage[];
  readonly thresholds: readonly Threshold[];
  readonly relapse: Relapse;
  /** Address of a page that explains, for `{help}` in replies. */
  readonly help?: string;
  readonly source: SourceSpan;
}

export interface Stage {
  readonly name: string;
  /** Time on the server's clock from which the stage holds. */
  readonly after: DurationMillis;
  readonly throttle: MinutesPerHour;
  readonly block: MinutesPerHour;
  readonly throttleReply: ReplyTemplate;
  readonly blockReply: ReplyTemplate;
  readonly source: SourceSpan;
}

/** Escalates to a later stage where a server was refused often. */
export interface Threshold {
  readonly refusals: number;
  /** At most 24 hours, in whole hours. */
  readonly within: DurationMillis;
  /** Index into the stages. */
  readonly advanceTo: number;
}

/** What a remediated server that falls back gets: a new clock, or its old one where it fell back soon. */
export type Relapse = { readonly kind: 'restart' } | { readonly kind: 'resume'; readonly within: DurationMillis };

export interface Connector {
  readonly name: string;
  readonly type: ConnectorType;
  readonly networks: readonly Network[];
  /** Verified certificate names, `*.example.org` for all below a domain. */
  readonly tlsNames: readonly string[];
  /** Certificate fingerprints, upper case, as the gateway gives them. */
  readonly tlsFingerprints: readonly string[];
  readonly identity: ServerIdentity;
  readonly tags: readonly string[];
  readonly source: SourceSpan;
}

export interface Exemption {
  readonly name: string;
  readonly when: Condition;
  readonly reason: string;
  readonly grantedBy: string;
  readonly from?: EpochMillis;
  /** The exemption has ended at this instant. */
  readonly until: EpochMillis;
  readonly source: SourceSpan;
}

export interface NamedCondition {
  readonly name: string;
  readonly when: Condition;
  readonly source: SourceSpan;
}

/** What must hold for every connection and on every day, whatever the policies say. */
export interface Invariant {
  readonly name: string;
  readonly description?: string;
  readonly statement: InvariantStatement;
  readonly source: SourceSpan;
}

/** What an invariant states; where it names no policies, products or connectors, it is about all of them. */
export type InvariantStatement =
  /** Connections that fulfil the condition are never refused. */
  | { readonly kind: 'protected'; readonly when: Condition }
  /** How policies may grow more severe as time passes; at least one of the limits is there. */
  | {
      readonly kind: 'ladder';
      readonly policies?: readonly string[];
      readonly neverBlockedBefore?: DurationMillis;
      /** Refused minutes of every hour that a stage may have more than the one before it. */
      readonly atMostMore?: MinutesPerHour;
      readonly severityNeverFalls: boolean;
    }
  /** Of two versions of one lane, the newer one is never refused more. */
  | {
      readonly kind: 'newerIsNeverWorse';
      readonly products?: readonly string[];
      readonly connectors?: readonly string[];
    }
  /** Every listed build that is out of support reaches a policy, whatever else is known of the connection. */
  | { readonly kind: 'covered'; readonly products?: readonly string[]; readonly connectors: readonly string[] };

/** json-rules-engine's conditions, with operands read and places kept. */
export type Condition =
  | { readonly kind: 'all' | 'any'; readonly conditions: readonly Condition[]; readonly source: SourceSpan }
  | { readonly kind: 'not'; readonly condition: Condition; readonly source: SourceSpan }
  | { readonly kind: 'reference'; readonly name: string; readonly source: SourceSpan }
  | Comparison;

/** A leaf: one fact compared with a value or with another fact. */
export interface Comparison {
  readonly kind: 'comparison';
  readonly fact: FactName;
  /** As written, decorators included: `not:someValue:equal`. */
  readonly operator: string;
  readonly operand: { readonly value: Operand } | { readonly fact: FactName };
  readonly source: SourceSpan;
}

/** Name of the connector by which everyone comes in whom no other one matches, where none is declared for them. */
export const INTERNET_CONNECTOR_NAME = 'internet';
