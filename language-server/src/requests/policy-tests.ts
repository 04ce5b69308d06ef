import { compilePolicySet } from '@sluice/engine/decision/compile-policy-set.js';
import { caseWords } from '@sluice/engine/dry-run/policy-tests/case-words.js';
import { runPolicyTests } from '@sluice/engine/dry-run/policy-tests/run-policy-tests.js';
import type { TestResult } from '@sluice/engine/dry-run/policy-tests/test-result.js';
import type { PolicyTest, TestPoint } from '@sluice/engine/policy/policy-test.js';
import { URI } from 'vscode-uri';
import type { CaseResult, DescribedTest, PolicySetTests, RunTestsParams, RunTestsResult } from '../protocol.js';
import type { PolicyFolder } from '../workspace/policy-folder.js';
import type { DocumentInSet } from '../workspace/workspace.js';
import { locationOf, locationOfPosition } from './locate.js';

/** The tests of a policy set with their places, file by file. */
export function testsOf(folder: PolicyFolder): PolicySetTests {
  const byFile = new Map<string, DescribedTest[]>();
  for (const test of folder.snapshot.reading.tests) {
    const { file } = test.source;
    const ofFile = byFile.get(file) ?? [];
    byFile.set(file, ofFile);
    ofFile.push(describedTest(folder, test));
  }
  const files = [...byFile].map(([file, tests]) => ({ uri: folder.uriOf(file), tests }));
  return { uri: URI.file(folder.root).toString(), files };
}

function describedTest(folder: PolicyFolder, test: PolicyTest): DescribedTest {
  const { name, description, points, source } = test;
  return {
    name,
    location: locationOf(folder, source),
    cases: points.map((point, index) => ({
      id: idOf(test, index),
      label: point.label,
      location: locationOf(folder, point.source),
    })),
    ...(description === undefined ? {} : { description }),
  };
}

function idOf({ name, source }: PolicyTest, index: number): string {
  return JSON.stringify([source.file, name, index]);
}

/** Runs tests against the policy set as it is in the editor. */
export function runTests({ folder, snapshot }: DocumentInSet, { ids }: RunTestsParams): RunTestsResult {
  const { policySet, tests } = snapshot.reading;
  if (policySet === undefined) return { problem: 'The policy set has errors; see the Problems view.' };
  const wanted = ids === undefined ? undefined : new Set(ids);
  const idOfPoint = new Map<TestPoint, string>();
  const chosen = tests.map((test) => {
    const points = test.points.filter((point, index) => {
      const id = idOf(test, index);
      idOfPoint.set(point, id);
      return wanted === undefined || wanted.has(id);
    });
    return { ...test, points };
  });
  const results = runPolicyTests(compilePolicySet(policySet), chosen);
  return { results: results.map((result) => caseResult(folder, result, idOfPoint.get(result.point) ?? '')) };
}

function caseResult(folder: PolicyFolder, result: TestResult, id: string): CaseResult {
  const { failures, decider } = result;
  return {
    id,
    what: caseWords(result),
    failures: failures.map(({ part, expected, actual, place }) => ({
      part,
      expected,
      actual,
      location: locationOfPosition(folder, place),
    })),
    ...(decider === undefined ? {} : { decider: locationOfPosition(folder, decider) }),
  };
}
