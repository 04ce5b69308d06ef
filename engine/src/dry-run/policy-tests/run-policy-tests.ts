import { assumedRecord } from '../../decision/assumed-record.js';
import type { CompiledPolicySet } from '../../decision/compiled-policy-set.js';
import { decide } from '../../decision/decide.js';
import type { Decision } from '../../decision/decision.js';
import type { Expectation, ExpectedValue, PolicyTest, TestPoint } from '../../policy/policy-test.js';
import { positionOf, type SourcePosition } from '../../policy/source.js';
import { actualValue } from './actual-value.js';
import type { ActualValue, Failure, TestResult } from './test-result.js';

/** Runs tests against a policy set: one result for each of their points, in the order of the files. */
export function runPolicyTests(compiled: CompiledPolicySet, tests: readonly PolicyTest[]): TestResult[] {
  return tests.flatMap((test) => test.points.map((point) => runPoint(compiled, test, point)));
}

function runPoint(compiled: CompiledPolicySet, test: PolicyTest, point: TestPoint): TestResult {
  const decision = decidePoint(compiled, point);
  const failures = point.expected.flatMap((expectation) => failureOf(expectation, decision));
  const decider = deciderOf(compiled, decision);
  return { test, point, decision, failures, ...(decider === undefined ? {} : { decider }) };
}

/** A connection at an instant, as a test tells it. */
export type TestedConnection = Pick<TestPoint, 'facts' | 'firstDetected' | 'at'>;

/** Decides for the connection of a point, as the service would for a server that it knows since its first detection. */
export function decidePoint(compiled: CompiledPolicySet, { facts, firstDetected, at }: TestedConnection): Decision {
  const record = firstDetected === undefined ? undefined : assumedRecord(compiled, facts, firstDetected, at);
  return decide(compiled, facts, record, at);
}

function failureOf({ part, value, source }: Expectation, decision: Decision): Failure[] {
  const actual = actualValue(part, decision);
  if (meets(value, actual)) return [];
  return [{ part, expected: expectedText(value), actual: String(actual), place: positionOf(source) }];
}

function meets(expected: ExpectedValue, actual: ActualValue): boolean {
  if (typeof expected !== 'object' || expected === null) return expected === actual;
  return typeof actual === 'string' && expected.test(actual);
}

function expectedText(value: ExpectedValue): string {
  return typeof value === 'object' && value !== null ? `/${value.source}/` : String(value);
}

function deciderOf({ policySet }: CompiledPolicySet, { source, exemption }: Decision): SourcePosition | undefined {
  if (source !== undefined) return source;
  const found = policySet.exemptions.find(({ name }) => name === exemption);
  return found === undefined ? undefined : positionOf(found.source);
}
