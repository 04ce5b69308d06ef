import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatInstant } from './instant.js';
import type { PolicyTest } from './policy-test.js';
import { type PolicyTexts, readTexts } from './policy-text.fixture.js';
import { MAX_TEST_POINTS_PER_FILE } from './read-tests.js';

const SET: PolicyTexts = {
  'old.policy.yaml': `name: old
mode: enforce
priority: 100
when: { all: [{ fact: server.version, operator: versionIn, value: 1.x }] }
stages: [{ name: report, after: 0d }, { name: blocked, after: 30d, block: always }]
`,
  'older.policy.yaml': `name: older
mode: report
priority: 90
when: { all: [{ fact: server.version, operator: versionIn, value: 0.x }] }
stages: [{ name: watched, after: 0d }]
`,
  'all.exemptions.yaml': `exemptions:
  - name: fax
    whom: { all: [{ fact: helo, operator: equal, value: fax.example }] }
    reason: Replaced soon.
    grantedBy: me
    until: 2027-01-01
`,
};

/** Reads tests beside the policies above; `tests` stands under that key, indented by two. */
function read(tests: string, shared = '') {
  const { findings, tests: found } = readTexts({ ...SET, 'a.test.yaml': `${shared}tests:\n${tests}` });
  return { findings, tests: found };
}

function findingsIn(tests: string, shared?: string): string[] {
  return read(tests, shared).findings.map(({ range, code, message, hint }) => {
    const place = `${range.start.line}:${range.start.column}`;
    return `${place} ${code} ${message}${hint === undefined ? '' : ` ${hint}`}`;
  });
}

/** The points of tests without findings: label, facts told, first detection, instant, expectations. */
function pointsIn(tests: string, shared?: string): string[] {
  const { findings, tests: found } = read(tests, shared);
  expect(findings).toEqual([]);
  return found.flatMap(pointsOf);
}

function pointsOf({ name, points }: PolicyTest): string[] {
  return points.map(({ label, facts, firstDetected, at, expected }) => {
    const detected = firstDetected === undefined ? 'never' : formatInstant(firstDetected);
    const parts = expected.map(({ part, value }) => `${part}=${String(value)}`).join(' ');
    return `${name}|${label}|${Object.keys(facts).join()}|${detected}|${formatInstant(at)}|${parts}`;
  });
}

describe('a test is read', () => {
  test('at an instant of its own, of a server that was never seen', () => {
    expect(pointsIn('  - { name: one, at: 2026-10-01, facts: { helo: a.example }, expect: { policy: null } }')).toEqual(
      ['one||helo|never|2026-10-01T00:00:00Z|policy=null'],
    );
  });

  test('at the first detection, where no other instant is told', () => {
    expect(pointsIn('  - { name: one, firstDetected: 2026-10-01, expect: report }')).toEqual([
      'one|||2026-10-01T00:00:00Z|2026-10-01T00:00:00Z|stage=report',
    ]);
  });

  test('with what the file says, as far as it says nothing itself', () => {
    const shared = 'facts: { helo: a.example, server.version: "1.2" }\nfirstDetected: 2026-10-01\nat: +30d\n';
    const tests = `  - { name: one, facts: { server.version: "1.3", message.size: 5 }, expect: blocked }
  - { name: two, at: +1d12h, expect: report }`;
    expect(pointsIn(tests, shared)).toEqual([
      'one||helo,server.version,message.size|2026-10-01T00:00:00Z|2026-10-31T00:00:00Z|stage=blocked',
      'two||helo,server.version|2026-10-01T00:00:00Z|2026-10-02T12:00:00Z|stage=report',
    ]);
  });

  test('with each part that can be expected', () => {
    const expectations = `{ action: accept, policy: old, stage: null, exemption: fax, reply: { matches: "^450" },
        refusedMinutes: { throttle: 5, block: 0 }, wouldBe: { action: block, reply: 550 5.7.1 No. } }`;
    const [found] = read(`  - name: one\n    at: 2026-10-01\n    expect: ${expectations}`).tests;
    expect(found?.points[0]?.expected.map(({ part, value }) => [part, value])).toEqual([
      ['action', 'accept'],
      ['policy', 'old'],
      ['stage', null],
      ['exemption', 'fax'],
      ['refusedMinutes.throttle', 5],
      ['refusedMinutes.block', 0],
      ['reply', { source: '^450', test: expect.any(Function) }],
      ['wouldBe.action', 'block'],
      ['wouldBe.reply', '550 5.7.1 No.'],
    ]);
  });

  test('as a table, whose rows change what they name', () => {
    const tests = `  - name: one
    firstDetected: 2026-10-01
    facts: { helo: a.example }
    expect: { policy: old, stage: report }
    cases:
      - { facts: { server.version: "1.2" } }
      - { name: late, at: +30d, expect: { stage: blocked } }`;
    expect(pointsIn(tests)).toEqual([
      'one|row 1|helo,server.version|2026-10-01T00:00:00Z|2026-10-01T00:00:00Z|policy=old stage=report',
      'one|late|helo|2026-10-01T00:00:00Z|2026-10-31T00:00:00Z|policy=old stage=blocked',
    ]);
  });

  test('as a timeline, whose times of day are the first ones after the day has begun', () => {
    const tests = `  - name: one
    firstDetected: 2026-10-01T12:00:00Z
    expect: { policy: old }
    timeline:
      - { day: 0, expect: report }
      - { day: 30, at: "11:30", expect: blocked }
      - { day: 30, at: "12:00:05" }`;
    expect(pointsIn(tests)).toEqual([
      'one|day 0||2026-10-01T12:00:00Z|2026-10-01T12:00:00Z|policy=old stage=report',
      'one|day 30||2026-10-01T12:00:00Z|2026-11-01T11:30:00Z|policy=old stage=blocked',
      'one|day 30||2026-10-01T12:00:00Z|2026-10-31T12:00:05Z|policy=old',
    ]);
  });

  test('as a table with a timeline, each row on each day', () => {
    const tests = `  - name: one
    firstDetected: 2026-10-01
    cases: [{ name: a }, { name: b }]
    timeline: [{ day: 0, expect: report }, { day: 30, expect: blocked }]`;
    expect(pointsIn(tests).map((point) => point.split('|')[1])).toEqual([
      'a, day 0',
      'a, day 30',
      'b, day 0',
      'b, day 30',
    ]);
  });
});

describe('what is wrong with a test is told at its place', () => {
  test.each([
    ['no instant', '{ name: one, expect: report }', '2:5 test-shape When the decision is made is not told. '],
    [
      'a plus without a first detection',
      '{ name: one, at: +35d, expect: report }',
      '2:22 test-shape +35d counts from the first detection, which is not told. ',
    ],
    [
      'a timeline without a first detection',
      '{ name: one, timeline: [{ day: 0, expect: report }] }',
      '2:28 test-shape A timeline counts from the first detection, which is not told. ',
    ],
    [
      'a timeline beside an instant',
      '{ name: one, firstDetected: 2026-10-01, at: +1d, timeline: [{ day: 0, expect: report }] }',
      '2:49 test-shape A test with a timeline has its instants there. ',
    ],
    ['nothing expected', '{ name: one, at: 2026-10-01 }', '2:5 test-shape Nothing is expected here. '],
    [
      'an instant before the first detection',
      '{ name: one, firstDetected: 2026-10-02, at: 2026-10-01, expect: report }',
      '2:49 test-shape The instant of the test lies before the first detection, 2026-10-02T00:00:00Z. ',
    ],
    ['an instant that is none', '{ name: one, at: tomorrow, expect: report }', '2:22 instant-syntax "tomorrow" is no '],
    [
      'a time of day that is none',
      '{ name: one, firstDetected: 2026-10-01, timeline: [{ day: 0, at: "24:00", expect: report }] }',
      '2:70 value-unknown "24:00" is not allowed here. ',
    ],
    [
      'a fact that is none',
      '{ name: one, at: 2026-10-01, facts: { server.verison: "1" }, expect: report }',
      '2:43 key-unknown The key server.verison is not known here. Did you mean server.version?',
    ],
    [
      'a version without quotes',
      '{ name: one, at: 2026-10-01, facts: { server.version: 15.1 }, expect: report }',
      '2:59 version-unquoted ',
    ],
    [
      'a value that its fact cannot have',
      '{ name: one, at: 2026-10-01, facts: { client.address: mx.example }, expect: report }',
      '2:59 test-fact The fact client.address cannot be "mx.example"; an address such as ',
    ],
    [
      'a regular expression that is none',
      '{ name: one, at: 2026-10-01, expect: { reply: { matches: "(" } } }',
      '2:62 regex-syntax ',
    ],
    [
      'a policy that does not exist',
      '{ name: one, at: 2026-10-01, expect: { policy: oler } }',
      '2:52 value-unknown There is no policy oler. Did you mean older?',
    ],
    [
      'a stage that no policy has',
      '{ name: one, at: 2026-10-01, expect: block }',
      '2:42 stage-unknown No policy has a stage block. For what is done with the connection, write { action: block }.',
    ],
    [
      'a stage that the policy does not have, though another one has it',
      '{ name: one, at: 2026-10-01, expect: { policy: old, stage: watched } }',
      '2:64 stage-unknown old has no stage watched. One of: report, blocked.',
    ],
    [
      'an exemption that does not exist',
      '{ name: one, at: 2026-10-01, expect: { exemption: fox } }',
      '2:55 value-unknown There is no exemption fox. Did you mean fax?',
    ],
    [
      'a connector that does not exist',
      '{ name: one, at: 2026-10-01, facts: { connector.name: intrenet }, expect: report }',
      '2:59 connector-unknown There is no connector intrenet. Did you mean internet?',
    ],
    [
      'an action that does not exist',
      '{ name: one, at: 2026-10-01, expect: { action: reject } }',
      '2:52 value-unknown "reject" is not allowed here; accept, throttle or block was expected. ',
    ],
    [
      'a number where a name was expected',
      '{ name: one, at: 2026-10-01, expect: { policy: 1 } }',
      '2:52 type-wrong Text or null was expected here, not 1.',
    ],
  ])('%s', (_what, written, told) => {
    const found = findingsIn(`  - ${written}`);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(told);
    expect(found[0]?.startsWith(told.slice(0, 30))).toBe(true);
  });

  test('two tests of one name', () => {
    const one = '  - { name: one, at: 2026-10-01, expect: report }\n';
    expect(findingsIn(one + one)).toEqual([expect.stringMatching(/^3:13 name-duplicate /)]);
  });

  test('what is wrong for each row, once', () => {
    const cases = '[{ name: a, expect: report }, { name: b, expect: report }]';
    expect(findingsIn(`  - { name: one, at: +35d, cases: ${cases} }`)).toHaveLength(1);
  });

  test('more decisions than a file may ask for', () => {
    const rows = `[${'{},'.repeat(200)}{}]`;
    const days = `[${'{ day: 1 },'.repeat(MAX_TEST_POINTS_PER_FILE / 200)}]`;
    const found = findingsIn(
      `  - { name: one, firstDetected: 2026-10-01, expect: report, cases: ${rows}, timeline: ${days} }`,
    );
    expect(found).toEqual([expect.stringMatching(/^2:5 document-limits The tests of this file ask for more than /)]);
  });
});

test('tests with names of policies whose file cannot be read are not told of', () => {
  const texts = { 'a.policy.yaml': 'name: [', 'a.test.yaml': 'tests: [{ name: a, at: 2026-10-01, expect: gone }]' };
  expect(readTexts(texts).findings.map(({ file }) => file)).toEqual(['a.policy.yaml']);
});

test('JSON is read as YAML is', () => {
  const written = { tests: [{ name: 'one', at: '2026-10-01', expect: { policy: null, stage: null } }] };
  const { findings, tests } = readTexts({ ...SET, 'a.test.json': JSON.stringify(written) });
  expect(findings).toEqual([]);
  expect(tests.flatMap(pointsOf)).toEqual(['one|||never|2026-10-01T00:00:00Z|policy=null stage=null']);
});

test('whatever stands in a file of tests, it is read or told of', () => {
  const keys = 'name facts firstDetected at expect cases timeline tests day action policy stage reply matches wouldBe';
  const key = fc.constantFrom(...keys.split(' '), 'refusedMinutes', 'throttle', 'server.version', 'message.size');
  const scalar = fc.oneof(
    fc.constantFrom('2026-10-01', '+35d', '+999999999d', '10:17', 'report', 'old', '(', '', 'accept'),
    fc.integer(),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
  );
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'medium', withCrossShrink: true },
      scalar,
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(key, tie('value'), { maxKeys: 6 }),
    ),
  }));
  fc.assert(
    fc.property(fc.array(value, { maxLength: 3 }), value, (tests, facts) => {
      const read = readTexts({ ...SET, 'a.test.json': JSON.stringify({ facts, tests }) });
      const isFaulty = read.findings.some(({ severity }) => severity === 'error');
      expect(read.policySet === undefined).toBe(isFaulty);
      for (const point of read.tests.flatMap(({ points }) => points)) expect(Number.isFinite(point.at)).toBe(true);
    }),
    { numRuns: 1000 },
  );
});

test('an expression that stands on a timeline is compiled once, not for each row', () => {
  const rows = Array.from({ length: 4000 }, () => '{}').join(',');
  const days = Array.from(
    { length: 5 },
    (_, day) => `{ day: ${day}, expect: { reply: { matches: "^(a|b){1,200}$" } } }`,
  );
  const { tests } = read(
    `  - { name: one, firstDetected: 2026-10-01, cases: [${rows}], timeline: [${days.join(',')}] }`,
  );
  const patterns = new Set(tests.flatMap(({ points }) => points.flatMap(({ expected }) => expected[0]?.value)));
  expect([tests[0]?.points.length, patterns.size]).toEqual([20_000, 5]);
});
