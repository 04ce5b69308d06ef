import { describe, expect, test } from 'vitest';
import { instantOf, type PolicyTexts } from '../../policy/policy-text.fixture.js';
import { checkPolicySet } from '../check-policies.js';

const NOW = instantOf('2026-09-08');

const SET: PolicyTexts = {
  'a.connectors.yaml': `connectors:
  - { name: on-premises, type: OnPremises, match: { networks: [192.0.2.0/24] } }
  - { name: fabrikam, type: Partner, match: { tlsNames: [mail.fabrikam.example] } }
`,
  'contoso.builds.yaml': `products:
  - name: Contoso Mail 1
    versions: 1.x
    supportEnds: 2020-01-01
    builds: [{ name: One, version: 1.0.0.1 }, { name: One SU1, version: 1.0.0.5 }]
  - name: Contoso Mail 2
    versions: 2.x
    supportEnds: 2030-01-01
    builds: [{ name: Two, version: 2.0.0.1 }, { name: Two SU1, version: 2.0.0.5 }, { name: Two CU1, version: 2.1.0.1 }]
`,
};

const LADDER =
  '[{ name: report, after: 0d }, { name: slow, after: 30d, throttle: 10m/h }, { name: blocked, after: 90d, block: always }]';

function policy(name: string, when: string, more = '', stages = LADDER): PolicyTexts {
  const priority = more.includes('priority:') ? '' : 'priority: 100\n';
  const mode = more.includes('mode:') ? '' : 'mode: enforce\n';
  return { [`${name}.policy.yaml`]: `name: ${name}\n${mode}${priority}when: ${when}\nstages: ${stages}\n${more}` };
}

const OLD = '{ all: [{ fact: server.version, operator: versionIn, value: 1.x }] }';
const OURS = '{ fact: connector.type, operator: equal, value: OnPremises }';
const PARTNERS = 'protected: { all: [{ fact: connector.type, operator: equal, value: Partner }] }';

/** What the check says of one invariant over policies: the code and the message of its findings. */
function verdict(statement: string, ...policies: PolicyTexts[]): string[] {
  const invariants = `invariants:\n  - { name: it, ${statement} }\n`;
  const texts = Object.assign({ 'a.invariants.yaml': invariants }, SET, ...policies) as PolicyTexts;
  const encoder = new TextEncoder();
  const files = Object.entries(texts).map(([path, text]) => ({ path, content: encoder.encode(text) }));
  return checkPolicySet(files, NOW)
    .findings.filter(({ severity, file }) => severity === 'error' || file === 'a.invariants.yaml')
    .map(({ file, range, code, message }) => `${file}:${range.start.line} ${code} ${message}`);
}

const VIOLATED = 'a.invariants.yaml:2 invariant-violated The invariant it does not hold: ';

describe('protected', () => {
  test('holds where policies are about others', () => {
    expect(verdict(PARTNERS, policy('old', `{ all: [${OURS}, ${OLD.slice(8, -3)}] }`))).toEqual([]);
  });

  test('is violated by a policy that can match, with the first stage that refuses', () => {
    expect(verdict(PARTNERS, policy('old', OLD))).toEqual([
      `${VIOLATED}tls.name mail.fabrikam.example, server.version 1.0.0.0 at 2026-09-08T00:00:00Z, 30d after its first detection: 10 minutes of every hour throttled by old (old.policy.yaml:1), stage slow.`,
    ]);
  });

  test('is violated only later, where the policy begins later', () => {
    const [found] = verdict(PARTNERS, policy('old', OLD, 'effective: { from: 2027-01-01 }\n'));
    expect(found).toContain('at 2027-01-31T00:00:00Z, 30d after its first detection');
  });

  test.each([
    { what: 'the policy only reports', more: 'mode: report\n' },
    { what: 'the policy is off', more: 'mode: off\n' },
    { what: 'the policy ends before it refuses', more: 'effective: { from: 2027-01-01, until: 2027-01-20 }\n' },
  ])('holds where $what', ({ more }) => {
    expect(verdict(PARTNERS, policy('old', OLD, more))).toEqual([]);
  });

  test('holds where a policy of higher priority only reports', () => {
    const partners = policy(
      'partners',
      '{ any: [{ fact: connector.type, operator: equal, value: Partner }] }',
      'priority: 200\nmode: report\n',
    );
    expect(verdict(PARTNERS, policy('old', OLD), partners)).toEqual([]);
  });

  test('holds where an exemption lets them through, and is violated from its end on', () => {
    const exemption = (until: string) => ({
      'a.exemptions.yaml': `exemptions: [{ name: e, whom: ${PARTNERS.slice(11)}, reason: r, grantedBy: g, until: ${until} }]\n`,
    });
    const until2027 = verdict(PARTNERS, policy('old', OLD), exemption('2027-01-01'));
    expect(until2027).toEqual([expect.stringContaining('at 2027-01-01T00:00:00Z, 30d after')]);
    const ending = policy('old', OLD, 'effective: { until: 2027-01-01 }\n');
    expect(verdict(PARTNERS, ending, exemption('2027-01-01'))).toEqual([]);
  });

  test('is violated by a threshold although no stage comes in time', () => {
    const short =
      'effective: { from: 2027-01-01, until: 2027-01-20 }\nthresholds: [{ refusals: 7, within: 2h, advanceTo: slow }]\n';
    const other = policy('other', '{ all: [{ fact: helo, operator: equal, value: a.example }] }', 'priority: 1\n');
    const protectedOld =
      'protected: { all: [{ fact: server.version, operator: versionIn, value: 1.x }, { fact: helo, operator: notEqual, value: a.example }] }';
    expect(verdict(protectedOld, policy('old', OLD, short), other)).toEqual([
      expect.stringContaining('when it is first detected, refused 7 times before: 10 minutes of every hour throttled'),
    ]);
    expect(verdict(protectedOld, policy('old', OLD, short))).toEqual([]);
  });

  test('is decided for domains, which cannot be split into cells', () => {
    const inDomain = '{ all: [{ fact: helo, operator: inDomain, value: fabrikam.example }] }';
    expect(verdict(`protected: ${inDomain}`, policy('old', OLD))).toEqual([
      expect.stringMatching(/helo (host\.)?fabrikam\.example/),
    ]);
    const others = `{ all: [${OLD.slice(8, -3)}, { not: ${inDomain} }] }`;
    expect(verdict(`protected: ${inDomain}`, policy('old', others))).toEqual([]);
    const elsewhere = `{ all: [${OLD.slice(8, -3)}, { fact: helo, operator: notInDomain, value: contoso.example }] }`;
    expect(verdict(`protected: ${inDomain}`, policy('old', elsewhere))).toHaveLength(1);
    const notOurs = '{ all: [{ fact: helo, operator: notInDomain, value: [example, contoso.org] }] }';
    expect(verdict(`protected: ${notOurs}`, policy('old', OLD))).toEqual([
      expect.stringContaining('helo other.invalid'),
    ]);
    const outside = `{ all: [${OLD.slice(8, -3)}, { fact: helo, operator: notInDomain, value: example }] }`;
    expect(verdict(`protected: ${inDomain}`, policy('old', outside))).toEqual([]);
  });

  test('is undecided, and not claimed, where it hangs on a regular expression', () => {
    const strange = '{ all: [{ fact: helo, operator: matches, value: "^[a-f]{3}[0-9]{2}x$" }] }';
    expect(verdict(`protected: ${strange}`, policy('old', OLD))).toEqual([
      'a.invariants.yaml:2 invariant-undecided Whether the invariant it holds could not be decided: it hangs on helo matches, for which no example was found.',
    ]);
  });
});

describe('ladder', () => {
  test.each([
    { limits: 'neverBlockedBefore: 90d', told: undefined },
    {
      limits: 'neverBlockedBefore: 91d',
      told: 'old (old.policy.yaml:1) blocks 90d after the first detection, in stage blocked, and not only after 91d',
    },
    { limits: 'atMostMore: 60m/h', told: undefined },
    {
      limits: 'atMostMore: 20m/h',
      told: 'old (old.policy.yaml:1) goes in stage blocked from 10 minutes of every hour throttled to 60 minutes of every hour blocked, 50 minutes more and not at most 20',
    },
    { limits: 'severityNeverFalls: true', told: undefined },
    { limits: 'policies: [other], neverBlockedBefore: 91d', told: undefined },
  ])('with $limits: $told', ({ limits, told }) => {
    const other = policy('other', OURS_ONLY, 'priority: 1\n', '[{ name: report, after: 0d }]');
    const found = verdict(`ladder: { ${limits} }`, policy('old', OLD), other);
    expect(found).toEqual(told === undefined ? [] : [expect.stringContaining(`${VIOLATED}${told}. Example: `)]);
  });

  test('counts the first stage from nothing', () => {
    const [found] = verdict(
      'ladder: { atMostMore: 20m/h }',
      policy('old', OLD, '', '[{ name: blocked, after: 0d, block: always }]'),
    );
    expect(found).toContain('goes in stage blocked from accepted to 60 minutes of every hour blocked');
  });

  test('sees that severity falls', () => {
    const stages = '[{ name: a, after: 0d, block: 20m/h }, { name: b, after: 30d, throttle: 30m/h, block: 10m/h }]';
    const [found] = verdict('ladder: { severityNeverFalls: true }', policy('old', OLD, '', stages));
    expect(found).toContain(
      'from 20 minutes of every hour blocked to 30 minutes of every hour throttled and 10 minutes blocked, which is less',
    );
  });

  test('counts what a threshold leads to', () => {
    const more = 'thresholds: [{ refusals: 100, within: 24h, advanceTo: blocked }]\n';
    expect(verdict('ladder: { neverBlockedBefore: 60d }', policy('old', OLD, more))).toEqual([
      expect.stringContaining(
        'blocks 30d after the first detection, in stage blocked to a server that was refused 100 times',
      ),
    ]);
  });

  test('holds for policies that are off, end before, or decide nowhere', () => {
    const blocked = '[{ name: report, after: 0d }, { name: blocked, after: 10d, block: always }]';
    const statement = 'ladder: { neverBlockedBefore: 60d }';
    expect(verdict(statement, policy('old', OLD, 'mode: off\n', blocked))).toEqual([]);
    const short = 'effective: { from: 2027-01-01, until: 2027-01-05 }\n';
    expect(verdict(statement, policy('old', OLD, short, blocked))).toEqual([]);
    const above = policy('above', OLD, 'priority: 200\n');
    expect(verdict(statement, policy('old', OLD, '', blocked), above)).toEqual([]);
  });

  test('names further policies', () => {
    const two = policy('two', '{ all: [{ fact: server.version, operator: versionIn, value: 2.x }] }');
    const [found] = verdict('ladder: { neverBlockedBefore: 91d }', policy('old', OLD), two);
    expect(found).toContain('and not only after 91d; also in two. Example: ');
  });
});

const OURS_ONLY = `{ all: [${OURS}] }`;

describe('newerIsNeverWorse', () => {
  const below = '{ all: [{ fact: server.version, operator: versionIn, value: "<2.0.0.5" }] }';
  const only = '{ all: [{ fact: server.version, operator: versionIn, value: 2.0.0.5 }] }';

  test('holds where what is older is refused', () => {
    expect(verdict('newerIsNeverWorse: {}', policy('old', below))).toEqual([]);
  });

  test('is violated where a newer build of the lane is refused and the older one is not', () => {
    expect(verdict('newerIsNeverWorse: {}', policy('odd', only))).toEqual([
      `${VIOLATED}Two SU1 (2.0.0.5) is refused more than Two (2.0.0.1). Example: any connection at 2026-09-08T00:00:00Z, 30d after its first detection: the newer one: 10 minutes of every hour throttled by odd (odd.policy.yaml:1), stage slow; the older one: accepted, as no policy matches.`,
    ]);
  });

  test.each([
    { what: 'other products', limits: 'products: [Contoso Mail 1]', holds: true },
    { what: 'its product', limits: 'products: [Contoso Mail 2]', holds: false },
    { what: 'another connector', limits: 'connectors: [fabrikam]', holds: true },
    { what: 'its connector', limits: 'connectors: [fabrikam, on-premises]', holds: false },
  ])('asked of $what holds: $holds', ({ limits, holds }) => {
    const ours = `{ all: [${OURS}, ${only.slice(8, -3)}] }`;
    expect(verdict(`newerIsNeverWorse: { ${limits} }`, policy('odd', ours))).toHaveLength(holds ? 0 : 1);
  });

  test('does not compare lanes', () => {
    const next = '{ all: [{ fact: server.version, operator: versionIn, value: 2.1.0.x }] }';
    expect(verdict('newerIsNeverWorse: {}', policy('next', next))).toEqual([]);
  });

  test('compares ladders day by day', () => {
    const stricter =
      '[{ name: report, after: 0d }, { name: slow, after: 20d, throttle: 10m/h }, { name: blocked, after: 90d, block: always }]';
    const found = verdict('newerIsNeverWorse: {}', policy('old', below), policy('odd', only, '', stricter));
    expect(found).toEqual([
      expect.stringContaining(
        '20d after its first detection: the newer one: 10 minutes of every hour throttled by odd',
      ),
    ]);
    expect(verdict('newerIsNeverWorse: {}', policy('old', below, '', stricter), policy('odd', only))).toEqual([]);
  });

  test('compares ladders that begin at different times', () => {
    const later = policy('old', below, 'effective: { from: 2026-06-01 }\n');
    const found = verdict('newerIsNeverWorse: {}', later, policy('odd', only, 'effective: { from: 2026-01-01 }\n'));
    expect(found).toHaveLength(1);
    const earlier = policy('old', below, 'effective: { from: 2026-01-01 }\n');
    expect(verdict('newerIsNeverWorse: {}', earlier, policy('odd', only, 'effective: { from: 2026-06-01 }\n'))).toEqual(
      [],
    );
  });
});

describe('covered', () => {
  const COVERED = 'covered: { connectors: [on-premises] }';

  test('holds where a policy is there for every build out of support', () => {
    expect(verdict(COVERED, policy('old', OLD))).toEqual([]);
    expect(verdict(COVERED, policy('old', `{ all: [${OURS}, ${OLD.slice(8, -3)}] }`))).toEqual([]);
  });

  test('is violated by a build that none is there for', () => {
    const below = '{ all: [{ fact: server.version, operator: versionIn, value: "<1.0.0.5" }] }';
    expect(verdict(COVERED, policy('old', below))).toEqual([
      `${VIOLATED}One SU1 (1.0.0.5), which is out of support since 2020-01-01T00:00:00Z, reaches no policy. Example: client.address 192.0.2.0, server.version 1.0.0.5 at 2026-09-08T00:00:00Z.`,
    ]);
  });

  test('is violated where a policy asks for more than connector and version', () => {
    const some = `{ all: [${OLD.slice(8, -3)}, { fact: helo, operator: inDomain, value: contoso.example }] }`;
    expect(verdict(COVERED, policy('old', some))).toHaveLength(1);
  });

  test.each([
    {
      what: 'a product in support',
      statement: 'covered: { connectors: [on-premises], products: [Contoso Mail 2] }',
      holds: true,
    },
    { what: 'another connector', statement: 'covered: { connectors: [internet] }', holds: false },
  ])('asked of $what holds: $holds', ({ statement, holds }) => {
    const ours = `{ all: [${OURS}, ${OLD.slice(8, -3)}] }`;
    expect(verdict(statement, policy('old', ours))).toHaveLength(holds ? 0 : 1);
  });

  test('counts policies that report, and not those that are off or not in force', () => {
    expect(verdict(COVERED, policy('old', OLD, 'mode: report\n'))).toEqual([]);
    expect(verdict(COVERED, policy('old', OLD, 'mode: off\n'))).toHaveLength(1);
    expect(verdict(COVERED, policy('old', OLD, 'effective: { from: 2027-01-01 }\n'))).toHaveLength(1);
  });
});

describe('beside errors elsewhere', () => {
  test('ladders are decided, and the others said not to be', () => {
    const broken = { 'broken.policy.yaml': 'name: broken\n' };
    const isOwn = (each: string) => each.startsWith('a.inv');
    expect(verdict(PARTNERS, policy('old', OLD), broken).filter(isOwn)).toEqual([
      'a.invariants.yaml:2 invariant-undecided This invariant was not checked, as other files or entries have errors.',
    ]);
    const ladder = verdict('ladder: { neverBlockedBefore: 91d }', policy('old', OLD), broken).filter(isOwn);
    expect(ladder).toEqual([expect.stringContaining('invariant-violated')]);
  });
});
