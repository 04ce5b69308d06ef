import type { DocumentNode } from './document-node.js';
import type { Facts } from './fact.js';
import type { EpochMillis } from './instant.js';
import type { Pattern } from './operand.js';
import type { SourceSpan } from './source.js';

/** What can be expected to be done with a connection. */
export const TESTED_ACTIONS = ['accept', 'throttle', 'block'] as const;
export type TestedAction = (typeof TESTED_ACTIONS)[number];

/** The parts of a decision that can be expected, in the order in which they are told. */
export const EXPECTED_PARTS = [
  'action',
  'policy',
  'stage',
  'exemption',
  'reply',
  'refusedMinutes.throttle',
  'refusedMinutes.block',
  'wouldBe.action',
  'wouldBe.reply',
] as const;
export type ExpectedPart = (typeof EXPECTED_PARTS)[number];

/** What one part of a decision has to be; null for nothing, a pattern for a text in which it is found. */
export type ExpectedValue = string | number | null | Pattern;

export interface Expectation {
  readonly part: ExpectedPart;
  readonly value: ExpectedValue;
  /** The value as it stands in its file. */
  readonly source: DocumentNode;
}

/** A test of a policy set: one connection or more, at one instant or more each. */
export interface PolicyTest {
  readonly name: string;
  readonly description?: string;
  readonly points: readonly TestPoint[];
  readonly source: SourceSpan;
}

/** One connection at one instant, and what is expected of the decision. */
export interface TestPoint {
  /** What tells it from the other ones of its test: the row of the table, the day; empty where there is only one. */
  readonly label: string;
  readonly facts: Facts;
  /** Absent for a server that was never seen before. */
  readonly firstDetected?: EpochMillis;
  readonly at: EpochMillis;
  /** At least one; each part once. */
  readonly expected: readonly Expectation[];
  readonly source: SourceSpan;
}
