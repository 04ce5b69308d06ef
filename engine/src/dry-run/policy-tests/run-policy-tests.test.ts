import { describe, expect, test } from 'vitest';
import { compilePolicySet } from '../../decision/compile-policy-set.js';
import { type PolicyTexts, readTexts } from '../../policy/policy-text.fixture.js';
import { runPolicyTests } from './run-policy-tests.js';
import { nameOf } from './test-result.js';

const STAGES = `stages:
  - { name: report, after: 0d }
  - { name: slow, after: 30d, throttle: 5m/h }
  - { name: mixed, after: 60d, throttle: 20m/h, block: 10m/h }
  - { name: blocked, after: 90d, block: always }
`;

const SET: PolicyTexts = {
  'old.policy.yaml': `name: old
mode: enforce
priority: 100
when: { all: [{ fact: server.version, operator: versionIn, value: 1.x }] }
${STAGES}`,
  'watched.policy.yaml': `name: watched
mode: report
priority: 90
when: { all: [{ fact: server.version, operator: versionIn, value: 2.x }] }
${STAGES}`,
  'all.exemptions.yaml': `exemptions:
  - name: fax
    whom: { all: [{ fact: helo, operator: equal, value: fax.example }] }
    reason: Replaced soon.
    grantedBy: me
    until: 2030-01-01
`,
};

const REPLY =
  '550 5.7.230 Connecting server version is out-of-date; connection to this gateway blocked for 60 mins/hr.';

/** Runs one test with the keys of a YAML flow map; tells what was not met as `part expected actual`. */
function run(keys: string): string[] {
  const text = `facts: { server.version: "1.2" }\nfirstDetected: 2026-09-08\ntests: [{ name: it, ${keys} }]`;
  const { policySet, tests, findings } = readTexts({ ...SET, 'a.test.yaml': text });
  if (policySet === undefined) throw new Error(JSON.stringify(findings));
  return runPolicyTests(compilePolicySet(policySet), tests).flatMap((result) =>
    result.failures.map(({ part, expected, actual }) => `${nameOf(result)} ${part} ${expected} ${actual}`),
  );
}

describe('what is as expected', () => {
  test.each([
    ['an action, policy and stage', 'at: +95d, expect: { action: block, policy: old, stage: blocked }'],
    ['a stage by its name alone', 'at: +95d, expect: blocked'],
    ['the text of a reply', `at: +95d, expect: { reply: "${REPLY}" }`],
    ['a part of a reply', 'at: +95d, expect: { reply: { matches: "^550 .* out-of-date" } }'],
    ['no reply', 'at: +1d, expect: { reply: null }'],
    ['refused minutes', 'at: +61d, expect: { refusedMinutes: { throttle: 20, block: 10 } }'],
    ['no refused minutes of a stage that only reports', 'expect: { refusedMinutes: { throttle: 0, block: 0 } }'],
    [
      'an exemption',
      'at: +95d, facts: { helo: fax.example }, expect: { action: accept, exemption: fax, policy: null }',
    ],
    ['nothing', 'at: +95d, facts: { server.version: "3" }, expect: { policy: null, stage: null, exemption: null }'],
    [
      'what a policy in report mode would do',
      'at: +95d, facts: { server.version: "2.1" }, expect: { action: accept, wouldBe: block, refusedMinutes: { block: 0 } }',
    ],
    [
      'what it would say',
      'at: +95d, facts: { server.version: "2.1" }, expect: { reply: null, wouldBe: { action: block, reply: { matches: "blocked for 60" } } }',
    ],
    ['that nothing would be done', 'at: +95d, expect: { wouldBe: null }'],
  ])('%s passes', (_what, keys) => {
    expect(run(keys)).toEqual([]);
  });
});

test.each([
  ['an action', 'at: +95d, expect: { action: accept }', 'it action accept block'],
  ['a policy', 'at: +95d, expect: { policy: watched }', 'it policy watched old'],
  ['a policy where none matches', 'facts: { server.version: "3" }, expect: { policy: old }', 'it policy old null'],
  ['none where one matches', 'expect: { policy: null }', 'it policy null old'],
  ['a reply', 'at: +95d, expect: { reply: { matches: "^450" } }', `it reply /^450/ ${REPLY}`],
  ['minutes', 'at: +31d, expect: { refusedMinutes: { throttle: 10 } }', 'it refusedMinutes.throttle 10 5'],
  ['what would be', 'expect: { wouldBe: { action: throttle } }', 'it wouldBe.action throttle null'],
  ['a row', 'expect: report, cases: [{ name: first }, { name: second, at: +31d }]', 'it (second) stage report slow'],
  ['a day', 'timeline: [{ day: 29, expect: report }, { day: 30, expect: report }]', 'it (day 30) stage report slow'],
])('%s that is otherwise fails', (_what, keys, failure) => {
  expect(run(keys)).toEqual([failure]);
});

test('a failure has the place of its expectation, and the result that of what decided', () => {
  const texts = {
    ...SET,
    'a.test.yaml': `tests:
  - name: it
    at: 2026-09-08
    facts: { server.version: "1.2" }
    expect:
      stage: blocked
  - name: fax
    at: 2026-09-08
    facts: { helo: fax.example }
    expect: { exemption: fax }
`,
  };
  const { policySet, tests } = readTexts(texts);
  const results = policySet === undefined ? [] : runPolicyTests(compilePolicySet(policySet), tests);
  expect(results[0]?.failures.map(({ place }) => place)).toEqual([{ file: 'a.test.yaml', line: 6, column: 14 }]);
  expect(results.map(({ decider }) => decider)).toEqual([
    { file: 'old.policy.yaml', line: 1, column: 1 },
    { file: 'all.exemptions.yaml', line: 2, column: 5 },
  ]);
});

test('a server that was never seen is not known, one that was detected is', () => {
  const when = '{ all: [{ fact: server.known, operator: equal, value: true }] }';
  const texts = {
    'a.policy.yaml': `name: a\nmode: enforce\npriority: 1\nwhen: ${when}\n${STAGES}`,
    'a.test.yaml': `tests:
  - { name: new, at: 2026-09-08, expect: { policy: null } }
  - { name: seen, firstDetected: 2026-09-08, at: +1d, expect: { policy: a } }
`,
  };
  const { policySet, tests } = readTexts(texts);
  const results = policySet === undefined ? [] : runPolicyTests(compilePolicySet(policySet), tests);
  expect(results.map(({ failures }) => failures)).toEqual([[], []]);
});
