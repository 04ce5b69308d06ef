import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FACTS, type Facts } from '../policy/fact.js';
import { epochMillis } from '../policy/instant.js';
import { instantOf, policySetOf } from '../policy/policy-text.fixture.js';
import { compilePolicySet } from './compile-policy-set.js';
import type { CompiledPolicySet } from './compiled-policy-set.js';
import { decide } from './decide.js';
import type { Action } from './decision.js';
import { decisionTimes, factsOf, policySets, policyTextsOf, writtenFacts } from './policy-set-arbitrary.fixture.js';
import {
  compiledOf,
  DAY,
  DAY_0,
  daysLater,
  detectedRecord,
  factsFrom,
  HOUR,
  MINUTE,
  outdatedPolicy,
} from './sample-policies.fixture.js';
import type { ServerRecord } from './server-record.js';
import { whyNot } from './why-not.js';

const SET = compiledOf({
  'a.builds.yaml': `products:
  - { name: Exchange, versions: '>=8 <16', builds: [{ name: SP3, version: 8.3.83.6 }, { name: 2010, version: 14.0.639.21 }, { name: 2013, version: 15.0.516.32 }] }
`
    .replace('name: 2010', 'name: "2010"')
    .replace('name: 2013', 'name: "2013"'),
  'a.connectors.yaml': `connectors:
  - { name: ours, type: OnPremises, match: { networks: [192.0.2.0/24] } }
  - { name: partners, type: Partner, match: { networks: [198.51.100.0/24] } }
`,
  'a.exemptions.yaml': `exemptions:
  - { name: fax, whom: { all: [{ fact: helo, operator: equal, value: fax.example }] }, reason: r, grantedBy: g, until: 2030-01-01 }
`,
  'a.policy.json': outdatedPolicy({
    when: {
      all: [
        { fact: 'server.version', operator: 'versionIn', value: '>=8.1 <14.0.639.21 || 15.0.516.32' },
        { fact: 'connector.type', operator: 'equal', value: 'OnPremises' },
      ],
    },
  }),
});
const OURS = { 'client.address': '192.0.2.7', 'server.version': '14.0.1.0', helo: 'a.example' };

/** What is told, in words. */
function asked(wanted: Action, days: number, facts: Record<string, string> = OURS): string[] {
  return whyNot(SET, factsFrom(facts), detectedRecord(), daysLater(days), wanted).changes.map(({ text }) => text);
}

describe('why not', () => {
  test('is accepted: newer and older versions, times, connectors, addresses and exemptions, in this order', () => {
    expect(asked('accept', 100)).toEqual([
      'server.version ≥ 14.0.639.21 (2010) and < 15.0.516.32 (2013)',
      'server.version < 8.1.0.0',
      'server.version not known',
      expect.stringMatching(
        /^10d\S* earlier, at 2026-05-30T.*Z \(in the hour outside its window, :\d\d:\d\d to :\d\d:\d\d\)$/,
      ),
      'on connector partners',
      'on a connector of type Internet',
      'client.address outside 192.0.2.0/24, such as 192.0.3.0',
      'client.address outside 192.0.2.0/24, such as 0.0.0.0',
      'helo fax.example',
    ]);
  });

  test('is blocked: the days until the next stage, and another version', () => {
    const newer = { ...OURS, 'server.version': '14.1.0.0' };
    expect(asked('block', 100, newer)).toEqual([
      'server.version ≥ 15.0.516.32 (2013) and < 15.0.516.33',
      'server.version < 14.0.639.21 (2010) and ≥ 8.1.0.0',
    ]);
    expect(asked('block', 80)[0]).toMatch(
      /^\S+ later, at 2026-05-\d\dT\d\d:\d\d:\d\dZ \(in the hour within its window, /,
    );
    expect(asked('block', 0)[0]).toMatch(/^60d\S* later, at 2026-04-30T/);
  });

  test('has no answer where the outcome is the wanted one', () => {
    expect(whyNot(SET, factsFrom(OURS), detectedRecord(), daysLater(100), 'block')).toEqual({
      wanted: 'block',
      changes: [],
    });
  });

  test('has no answer where no change of one fact gives it', () => {
    const partner = { 'client.address': '198.51.100.7', 'server.version': '15.2.0.0' };
    expect(asked('block', 100, partner)).toEqual([]);
  });

  test('goes by the version that counts, which a lower one does not change', () => {
    const seen = { version: '14.0.1.0', firstSeen: DAY_0, lastSeen: daysLater(99), evidence: { id: '14.0.1.0' } };
    const { changes } = whyNot(SET, factsFrom(OURS), detectedRecord({ versions: [seen] }), daysLater(100), 'accept');
    const texts = changes.filter(({ fact }) => fact === 'server.version').map(({ text }) => text);
    expect(texts).toEqual(['server.version ≥ 14.0.639.21 (2010) and < 15.0.516.32 (2013)']);
  });

  test('tells of a pause that ends', () => {
    const pause = { from: daysLater(99), until: daysLater(104) };
    const { changes } = whyNot(SET, factsFrom(OURS), detectedRecord({ pauses: [pause] }), daysLater(100), 'block');
    const times = changes.filter(({ fact }) => fact === 'time').map(({ now }) => now);
    expect(times).toEqual([daysLater(104), epochMillis(daysLater(99) - 1)]);
  });
});

const ACTIONS: readonly Action[] = ['accept', 'throttle', 'block'];
const records: fc.Arbitrary<ServerRecord> = fc
  .record({ days: fc.constantFrom(0, 29, 31, 89, 91, 400), refusals: fc.constantFrom(0, 6) })
  .map(({ days, refusals }) => {
    const now = instantOf('2026-06-01');
    const firstDetected = epochMillis(now - days * DAY);
    const hour = epochMillis(now - HOUR);
    return detectedRecord({
      firstDetected,
      firstSeen: firstDetected,
      refusals: refusals === 0 ? [] : [{ hour, count: refusals }],
    });
  });

describe('each change that is told', { timeout: 60_000 }, () => {
  test('gives the wanted outcome, and leaves all other facts alone', () => {
    let told = 0;
    const connections = fc.record({ texts: writtenFacts, at: decisionTimes, record: records, minute: fc.nat(59) });
    fc.assert(
      fc.property(policySets, fc.array(connections, { minLength: 2, maxLength: 5 }), (written, met) => {
        const compiled = compilePolicySet(policySetOf(policyTextsOf(written)));
        for (const { texts, at, record, minute } of met) {
          const [facts, now] = [factsOf(texts), epochMillis(instantOf(at) + minute * MINUTE)];
          for (const wanted of ACTIONS) {
            for (const change of whyNot(compiled, facts, record, now, wanted).changes) {
              told++;
              expect(decide(compiled, change.facts, record, change.now)).toEqual(change.decision);
              expect(change.decision.action).toBe(wanted);
              expect(changedFacts(facts, change.facts, change.fact)).toEqual([]);
              expect(change.now === now).toBe(change.fact !== 'time');
            }
          }
        }
      }),
      { numRuns: 100 },
    );
    expect(told).toBeGreaterThan(150);
  });

  test('is there where some value of one fact gives the outcome', () => {
    let found = 0;
    fc.assert(
      fc.property(smallSets, fc.array(smallConnections, { minLength: 3, maxLength: 6 }), (policies, met) => {
        const compiled = compiledOf(policies);
        for (const { facts, days, minute } of met) {
          const [record, now] = [detectedRecord(), daysLater(days, minute * MINUTE)];
          for (const wanted of ACTIONS) {
            const isThere = decide(compiled, facts, record, now).action === wanted;
            const byForce = isThere ? [] : changesByForce(compiled, facts, record, now, wanted);
            const { changes } = whyNot(compiled, facts, record, now, wanted);
            const kinds = new Set(changes.map(({ fact }) => kindOf(fact)));
            expect([...new Set(byForce)].filter((kind) => !kinds.has(kind))).toEqual([]);
            found += byForce.length;
          }
        }
      }),
      { numRuns: 60 },
    );
    expect(found).toBeGreaterThan(100);
  });
});

/** Facts that changed beside the one that was to change; a connector brings its type and tags along. */
function changedFacts(before: Facts, after: Facts, changed: string): string[] {
  const along = kindOf(changed) === 'connector' ? ['connector.name', 'connector.type', 'server.tags'] : [changed];
  return FACTS.map(({ name }) => name).filter((name) => before[name] !== after[name] && !along.includes(name));
}

function kindOf(fact: string): string {
  return fact.startsWith('connector.') ? 'connector' : fact;
}

const VERSIONS = ['7.9', '8.0', '8.1', '9.0', '10.0', '10.1', '12'];
const HELOS = ['a.example', 'b.example', 'host.a.example', 'c.invalid'];
const ADDRESSES = ['192.0.2.1', '192.0.2.200', '198.51.100.1', '203.0.113.1', '2001:db8::1'];

const smallConditions = fc.oneof(
  fc
    .constantFrom('<9', '>=8.1 <10', '10.x', '<8 || >=10.1')
    .map((value) => ({ fact: 'server.version', operator: 'versionIn', value })),
  fc.constantFrom('inDomain', 'equal', 'notEqual').map((operator) => ({ fact: 'helo', operator, value: 'a.example' })),
  fc
    .constantFrom('192.0.2.0/24', '192.0.2.128/25', '::/0')
    .map((value) => ({ fact: 'client.address', operator: 'inNetwork', value })),
  fc.constantFrom('OnPremises', 'Internet').map((value) => ({ fact: 'connector.type', operator: 'equal', value })),
  fc.constantFrom('2026-04-01', '2026-05-15').map((value) => ({ fact: 'time', operator: 'before', value })),
);
const smallSets = fc
  .array(
    fc.record({
      all: fc.array(smallConditions, { minLength: 1, maxLength: 3 }),
      mode: fc.constantFrom('enforce', 'report'),
    }),
    {
      minLength: 1,
      maxLength: 3,
    },
  )
  .map((policies) => ({
    'a.connectors.yaml':
      'connectors: [{ name: ours, type: OnPremises, match: { networks: [192.0.2.0/24] } }, { name: rest, type: Internet }]\n',
    ...Object.fromEntries(
      policies.map(({ all, mode }, index) => [
        `p${index}.policy.json`,
        outdatedPolicy({ name: `p${index}`, priority: index + 1, mode, when: { all } }),
      ]),
    ),
  }));
const smallConnections = fc.record({
  facts: fc
    .record({
      version: fc.constantFrom(...VERSIONS),
      helo: fc.constantFrom(...HELOS),
      address: fc.constantFrom(...ADDRESSES),
    })
    .map(({ version, helo, address }) => factsFrom({ 'server.version': version, helo, 'client.address': address })),
  days: fc.constantFrom(0, 29, 30, 45, 61, 89, 120),
  minute: fc.nat(59),
});

/** Which facts have a value that gives the outcome, tried one by one. */
function changesByForce(
  compiled: CompiledPolicySet,
  facts: Facts,
  record: ServerRecord,
  now: number,
  wanted: Action,
): string[] {
  const gives = (changed: Facts, at = now) => decide(compiled, changed, record, epochMillis(at)).action === wanted;
  const byFact = [
    ...VERSIONS.map((value) => ({ 'server.version': value })),
    ...HELOS.map((value) => ({ helo: value })),
    ...ADDRESSES.map((value) => ({ 'client.address': value })),
    ...['ours', 'rest'].map((value) => ({ 'connector.name': value })),
  ].flatMap((change) => (gives({ ...facts, ...factsFrom(change as never) }) ? Object.keys(change).map(kindOf) : []));
  const isTimely = Array.from(
    { length: 150 * 12 },
    (_, index) => DAY_0 + (index - 200) * 2 * HOUR + (index % 60) * MINUTE,
  );
  return [...byFact, ...(isTimely.some((at) => gives(facts, at)) ? ['time'] : [])];
}
