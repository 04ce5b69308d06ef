import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compilePolicySet } from '../../decision/compile-policy-set.js';
import { policySets, policyTextsOf } from '../../decision/policy-set-arbitrary.fixture.js';
import type { PolicyFile } from '../../policy/policy-file.js';
import { instantOf } from '../../policy/policy-text.fixture.js';
import { readPolicyFolder } from '../../policy/read-policy-folder.js';
import { readPolicySet } from '../../policy/read-policy-set.js';
import { coverageOf } from './coverage.js';
import { findExamples } from './find-examples.js';
import { generateTests } from './generate-tests.js';
import { runPolicyTests } from './run-policy-tests.js';
import type { TestResult } from './test-result.js';

const NOW = instantOf('2026-09-08');

/** Runs the tests of a policy set, and writes those that are missing. */
function testsOf(files: readonly PolicyFile[]): { results: readonly TestResult[]; missing: string | undefined } {
  const { policySet, tests, findings } = readPolicySet(files, NOW);
  if (policySet === undefined) throw new Error(JSON.stringify(findings.filter(({ severity }) => severity === 'error')));
  const compiled = compilePolicySet(policySet);
  const results = runPolicyTests(compiled, tests);
  const parts = findExamples(compiled, NOW);
  return { results, missing: generateTests(compiled, coverageOf(compiled, parts, results), parts) };
}

function fileOf(path: string, text: string): PolicyFile {
  return { path, content: new TextEncoder().encode(text) };
}

const SAMPLES = await readPolicyFolder(fileURLToPath(new URL('../../../../policies', import.meta.url)));
const UNTESTED = SAMPLES.filter(({ path }) => !path.endsWith('.test.yaml'));

describe('the tests that are written for the sample policies', () => {
  test('pass, and none is missing then', () => {
    const { missing = '' } = testsOf(UNTESTED);
    const { results, missing: stillMissing } = testsOf([...UNTESTED, fileOf('new.test.yaml', missing)]);
    expect(results.length).toBeGreaterThan(60);
    expect(results.flatMap(({ failures }) => failures)).toEqual([]);
    expect(stillMissing).toBeUndefined();
  });

  test('are read well: a row a line, a timeline of the stages', () => {
    const { missing } = testsOf(UNTESTED);
    expect(missing).toContain('\n  - name: exchange-2010 goes through its stages\n    facts: { client.address: ');
    expect(missing).toContain(
      '      - { day: 40, expect: { stage: throttle-10, refusedMinutes: { throttle: 10, block: 0 } } }\n',
    );
    expect(missing).toContain('      - { facts: { server.version: 15.1.2507.61 }, expect: { policy: null } }\n');
  });
});

test('of the sample policies with their own tests, none is missing', () => {
  expect(testsOf(SAMPLES).missing).toBeUndefined();
});

test('whatever the policies are, the tests that are written pass, and none is missing then', () => {
  fc.assert(
    fc.property(policySets, (written) => {
      const files = Object.entries(policyTextsOf(written)).map(([path, text]) => fileOf(path, text));
      const { missing } = testsOf(files);
      if (missing === undefined) return;
      const { results, missing: stillMissing } = testsOf([...files, fileOf('new.test.yaml', missing)]);
      expect(results.flatMap(({ failures }) => failures)).toEqual([]);
      expect(stillMissing).toBeUndefined();
    }),
    { numRuns: 150 },
  );
});
