import type { Decision } from '../../decision/decision.js';
import type { ExpectedPart, PolicyTest, TestPoint } from '../../policy/policy-test.js';
import type { SourcePosition } from '../../policy/source.js';

/** What a part of a decision was; null for nothing. */
export type ActualValue = string | number | null;

/** An expectation that was not met. */
export interface Failure {
  readonly part: ExpectedPart;
  /** As it is written: a text, a number, `null`, `/EXPRESSION/`. */
  readonly expected: string;
  readonly actual: string;
  /** Where the expectation stands. */
  readonly place: SourcePosition;
}

/** What became of one point of a test. */
export interface TestResult {
  readonly test: PolicyTest;
  readonly point: TestPoint;
  readonly decision: Decision;
  /** None where the test passes. */
  readonly failures: readonly Failure[];
  /** Where the exemption or the policy stands that decided; absent where none did. */
  readonly decider?: SourcePosition;
}

/** The name of a point: that of its test, with what tells it from the others. */
export function nameOf({ test, point }: Pick<TestResult, 'test' | 'point'>): string {
  return point.label === '' ? test.name : `${test.name} (${point.label})`;
}
