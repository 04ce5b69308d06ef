import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { compilePolicySet } from '../decision/compile-policy-set.js';
import { coverageOf } from '../dry-run/policy-tests/coverage.js';
import { findExamples } from '../dry-run/policy-tests/find-examples.js';
import { runPolicyTests } from '../dry-run/policy-tests/run-policy-tests.js';
import { instantOf } from '../policy/policy-text.fixture.js';
import { readPolicyFolder } from '../policy/read-policy-folder.js';
import { readPolicySet } from '../policy/read-policy-set.js';
import { formatTestResults } from './format-test-results.js';

const NOW = instantOf('2026-11-01');
const PAGE = readFileSync(new URL('../../../docs/policy-tests.md', import.meta.url), 'utf8');
const EXAMPLE = /```yaml\n(# exchange\.test\.yaml\n.*?)```/s.exec(PAGE)?.[1] ?? '';
const SAMPLES = await readPolicyFolder(fileURLToPath(new URL('../../../policies', import.meta.url)));

/** What `sluice test` prints with a file of tests in place of that of the sample policies. */
function printed(tests: string, tellsCoverage = false): string {
  const files = SAMPLES.filter(({ path }) => !path.endsWith('.test.yaml'));
  const file = { path: 'exchange.test.yaml', content: new TextEncoder().encode(tests) };
  const read = readPolicySet([...files, file], NOW);
  if (read.policySet === undefined) throw new Error(JSON.stringify(read.findings));
  const compiled = compilePolicySet(read.policySet);
  const results = runPolicyTests(compiled, read.tests);
  const coverage = tellsCoverage ? { coverage: coverageOf(compiled, findExamples(compiled, NOW), results) } : {};
  return formatTestResults('pretty', results, { colours: false, pathOf: (path) => `policies/${path}`, ...coverage });
}

test('the example of docs/policy-tests.md passes', () => {
  expect(PAGE).toContain(`\n$ sluice test policies\n${printed(EXAMPLE)}`);
});

test('what a failing test tells is what the page shows', () => {
  const told = printed(EXAMPLE.replace('{ action: block, reply', '{ action: throttle, reply'));
  expect(PAGE).toContain(`\n\`\`\`\n${told.replace(/^\d+ of .*\n/m, '')}\`\`\`\n`);
});

test('what coverage tells is what the page shows', () => {
  const own = SAMPLES.find(({ path }) => path.endsWith('.test.yaml'));
  const text = new TextDecoder().decode(own?.content as Uint8Array);
  const told = printed(text.replace('15.1.2507.59', '15.1.2507.28').replace('15.1.2507.58', '15.1.2507.28'), true);
  expect(PAGE).toContain(`\n\`\`\`\n${told.replace(/^\d+ of \d+ passed\.\n/m, '')}\`\`\`\n`);
});
