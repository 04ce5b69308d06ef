import { describe, expect, test } from 'vitest';
import { compilePolicySet } from '../../decision/compile-policy-set.js';
import { instantOf, type PolicyTexts, readTexts } from '../../policy/policy-text.fixture.js';
import { formatVersion } from '../../policy/version.js';
import { coverageOf } from './coverage.js';
import { findExamples } from './find-examples.js';
import { runPolicyTests } from './run-policy-tests.js';

const NOW = instantOf('2026-09-08');

const SET: PolicyTexts = {
  'old.policy.yaml': `name: old
mode: enforce
priority: 100
when: { all: [{ fact: server.version, operator: versionIn, value: ">=1.2 <1.5.0.7" }] }
stages: [{ name: report, after: 0d }, { name: blocked, after: 30d, block: always }]
`,
  'sleeping.policy.yaml': `name: sleeping
mode: off
priority: 90
when: { all: [{ fact: server.version, operator: versionIn, value: 3.x }] }
stages: [{ name: report, after: 0d }]
`,
  'all.exemptions.yaml': `exemptions:
  - name: fax
    whom: { all: [{ fact: helo, operator: equal, value: fax.example }] }
    reason: Replaced soon.
    grantedBy: me
    until: 2030-01-01
`,
  'some.builds.yaml': `products:
  - name: Product
    versions: 1.x
    builds: [{ name: One, version: 1.4.0.0 }, { name: Two, version: 1.5.0.3 }, { name: Three, version: 1.5.0.9 }]
`,
};

/** What the tests with these rows leave out; a row is a version, and an instant where it is not the first detection. */
function missed(rows: readonly string[], more: PolicyTexts = {}, shared = ''): string[] {
  const cases = rows.map((row) => {
    const [version, at] = row.split(' ');
    return `{ facts: { server.version: "${version}" }${at === undefined ? '' : `, at: "${at}"`} }`;
  });
  const keys = `firstDetected: 2026-09-08, expect: { action: accept }, cases: [${cases.join(', ')}]`;
  const { policySet, tests, findings } = readTexts({
    ...SET,
    ...more,
    'a.test.yaml': `${shared}tests: [{ name: it, ${keys} }]`,
  });
  if (policySet === undefined) throw new Error(JSON.stringify(findings));
  const compiled = compilePolicySet(policySet);
  const coverage = coverageOf(compiled, findExamples(compiled, NOW), runPolicyTests(compiled, tests));
  expect(coverage.isComplete).toBe(true);
  return [
    ...coverage.policies.flatMap(({ policy, stages }) =>
      stages.flatMap(({ stage, isReached }) => (isReached ? [] : [`${policy.name} ${stage.name}`])),
    ),
    ...coverage.exemptions.flatMap(({ exemption, isReached }) => (isReached ? [] : [exemption.name])),
    ...coverage.boundaries.flatMap(({ boundary, isPinnedBelow, isPinnedAbove }) => [
      ...(isPinnedBelow ? [] : [`${formatVersion(boundary.at)} below ${formatVersion(boundary.below)}`]),
      ...(isPinnedAbove ? [] : [`${formatVersion(boundary.at)} above ${formatVersion(boundary.above)}`]),
    ]),
  ];
}

const STAGES = ['old report', 'old blocked', 'fax'];
const LOWER = ['1.2.0.0 below 1.1.0.0', '1.2.0.0 above 1.4.0.0'];
const UPPER = ['1.5.0.7 below 1.5.0.3', '1.5.0.7 above 1.5.0.9'];

describe('what tests leave out', () => {
  test('is everything but policies that are off, where they reach nothing', () => {
    expect(missed(['9.0'])).toEqual([...STAGES, ...LOWER, ...UPPER]);
  });

  test('is not a stage that is reached, nor the side of a bound between the nearest build and the bound', () => {
    expect(missed(['1.5.0.3'])).toEqual(['old blocked', 'fax', ...LOWER, UPPER[1]]);
    expect(missed(['1.5.0.6'])).toEqual(['old blocked', 'fax', ...LOWER, UPPER[1]]);
    expect(missed(['1.5.0.7', '1.1.5'])).toEqual([...STAGES, LOWER[1], UPPER[0]]);
  });

  test('is the side of a bound where only a version beyond the nearest build is tested', () => {
    expect(missed(['1.5.0.2', '1.5.0.10', '1.0'])).toEqual(['old blocked', 'fax', ...LOWER, ...UPPER]);
  });

  test('is a bound that makes no difference for the connection that is tested', () => {
    const exempted = missed(['1.5.0.3', '1.5.0.7'], {}, 'facts: { helo: fax.example }\n');
    expect(exempted).toEqual(['old report', 'old blocked', ...LOWER, ...UPPER]);
  });

  test('is nothing where all is reached', () => {
    const rows = ['1.1.0.0', '1.4.0.0', '1.5.0.3', '1.5.0.3 +30d', '1.5.0.9'];
    expect(missed(rows)).toEqual(['fax']);
  });

  test('is a bound that a policy had at another time too', () => {
    const when = `{ all: [{ fact: server.version, operator: versionIn, value: 2.x }, { any: [
      { fact: server.version, operator: versionIn, value: "<2.1.0.5" },
      { all: [{ fact: time, operator: after, value: 2026-01-01 }, { fact: server.version, operator: versionIn, value: "<2.1.0.8" }] }] }] }`;
    const rising = `name: rising\nmode: report\npriority: 50\nwhen: ${when}\nstages: [{ name: report, after: 0d }]\n`;
    const bounds = missed(['9.0'], { 'rising.policy.yaml': rising }).filter((each) => each.startsWith('2.'));
    expect(bounds.sort()).toEqual([
      '2.0.0.0 above 2.0.0.0',
      '2.0.0.0 below 1.5.0.9',
      '2.1.0.5 above 2.1.0.5',
      '2.1.0.5 below 2.1.0.4',
      '2.1.0.8 above 2.1.0.8',
      '2.1.0.8 below 2.1.0.7',
    ]);
  });
});
