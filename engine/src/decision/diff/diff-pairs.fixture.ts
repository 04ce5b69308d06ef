import fc from 'fast-check';
import { instantOf, type PolicyTexts } from '../../policy/policy-text.fixture.js';

/** Two small policy sets, as the texts of their files. */
export interface WrittenPair {
  readonly before: PolicyTexts;
  readonly after: PolicyTexts;
}

/** Instants at which policies begin and end: a multiple of {@link GRID_DAYS} apart. */
export const TIMES = ['2026-03-01', '2026-03-16', '2026-04-25'] as const;
/** All times and stages are multiples of it. */
export const GRID_DAYS = 5;
/** All rates are multiples of it. */
export const GRID_MINUTES = 10;

export const VERSIONS = ['8.3.83.0', '15.1.2507.30', '15.1.2507.31', '15.1.2507.39', '16'] as const;
export const ADDRESSES = ['10.0.0.1', '10.0.1.1', '10.0.1.129', '192.0.2.1'] as const;
export const NAMES = ['a.example', 'mx.b.example', 'c.example'] as const;
export const SIZES = ['0', '1', '2', '3'] as const;

const comparisons = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .constantFrom('8.x', '<15.1.2507.31', '15.1.x', '>=15.1.2507.31 <15.1.2507.39', '<16')
      .map((value) => ({ fact: 'server.version', operator: 'versionIn', value })),
  },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom('one', 'two', 'internet')
      .map((value) => ({ fact: 'connector.name', operator: 'equal', value })),
  },
  fc
    .constantFrom('10.0.0.0/16', '10.0.1.128/25', '192.0.2.1')
    .map((value) => ({ fact: 'client.address', operator: 'inNetwork', value })),
  fc.constantFrom(...NAMES).map((value) => ({ fact: 'helo', operator: 'equal', value })),
  fc.constantFrom('b.example', 'example').map((value) => ({ fact: 'helo', operator: 'inDomain', value })),
  fc.constantFrom('lessThan', 'greaterThan').map((operator) => ({ fact: 'message.size', operator, value: 1 })),
  fc.boolean().map((value) => ({ fact: 'server.known', operator: 'equal', value })),
  fc.boolean().map((value) => ({ fact: 'server.version', operator: 'exists', value })),
  fc.constantFrom('mx.one', 'mx.two').map((value) => ({ fact: 'server.name', operator: 'equal', value })),
);

const conditions = fc.oneof(
  fc.array(comparisons, { minLength: 1, maxLength: 3 }).map((all) => ({ all })),
  fc.array(comparisons, { minLength: 1, maxLength: 2 }).map((any) => ({ any })),
  comparisons.map((not) => ({ not })),
);

const LADDERS = [
  [{ name: 'report', after: '0d' }],
  [
    { name: 'report', after: '0d' },
    { name: 'slow', after: '10d', throttle: '10m/h' },
  ],
  [
    { name: 'report', after: '0d' },
    { name: 'slow', after: '10d', throttle: '20m/h', block: '10m/h' },
    { name: 'blocked', after: '20d', block: 'always' },
  ],
  [
    { name: 'zero', after: '0d' },
    { name: 'slow', after: '0d', throttle: '10m/h' },
    { name: 'same', after: '10d', throttle: '10m/h' },
    { name: 'blocked', after: '20d', block: 'always' },
  ],
  [{ name: 'blocked', after: '0d', block: 'always' }],
];

const policies = fc
  .record({
    mode: fc.constantFrom('enforce', 'enforce', 'enforce', 'report', 'off'),
    priority: fc.integer({ min: 1, max: 3 }),
    from: fc.option(fc.constantFrom(...TIMES.slice(0, 2)), { nil: undefined }),
    until: fc.option(fc.constant(TIMES[2]), { nil: undefined, freq: 3 }),
    when: conditions,
    stages: fc.constantFrom(...LADDERS),
    isStrict: fc.boolean(),
    relapse: fc.constantFrom('restart', { resume: { within: '10d' } }, { resume: { within: '20d' } }),
    description: fc.constantFrom('One.', 'Another.'),
    throttle: fc.constantFrom('450 4.7.230 Slow.', '450 4.7.230 Slow: {policy} {next.date}.'),
  })
  .map(({ from, until, isStrict, relapse, throttle, ...rest }) => ({
    ...rest,
    remediation: { relapse },
    replies: { throttle },
    ...(from === undefined && until === undefined
      ? {}
      : { effective: { ...(from === undefined ? {} : { from }), ...(until === undefined ? {} : { until }) } }),
    ...(isStrict && rest.stages.length > 1
      ? { thresholds: [{ refusals: 5, within: '2h', advanceTo: rest.stages.at(-1)?.name }] }
      : {}),
  }));

const exemptions = fc
  .record({ whom: conditions, until: fc.constantFrom(...TIMES.slice(1)) })
  .map((each) => ({ ...each, reason: 'Why not.', grantedBy: 'someone' }));

const connectors = fc.constantFrom(
  [
    { name: 'one', type: 'OnPremises', match: { networks: ['10.0.0.0/24'] } },
    { name: 'two', type: 'Partner', match: { networks: ['10.0.1.0/24'] }, identity: 'helo' },
  ],
  [
    { name: 'one', type: 'OnPremises', match: { networks: ['10.0.0.0/24'] } },
    { name: 'two', type: 'Partner', match: { networks: ['10.0.1.0/25'] }, identity: 'helo' },
  ],
  [
    { name: 'one', type: 'OnPremises', match: { networks: ['10.0.0.0/24'] }, identity: 'helo' },
    { name: 'two', type: 'Partner', match: { networks: ['10.0.1.0/24'] }, identity: 'helo' },
  ],
);

/** What is mostly the same in both, so that the differences are not everywhere. */
function pairOf<T>(things: fc.Arbitrary<T>, weight: number): fc.Arbitrary<readonly [T, T]> {
  return fc.oneof(
    { weight, arbitrary: things.map((thing) => [thing, thing] as const) },
    { weight: 1, arbitrary: fc.tuple(things, things) },
  );
}

/** Pairs of policy sets without errors. */
export const policySetPairs: fc.Arbitrary<WrittenPair> = fc
  .record({
    policies: fc.array(pairOf(policies, 1), { minLength: 1, maxLength: 3 }),
    exemption: fc.option(pairOf(exemptions, 2), { nil: undefined, freq: 1 }),
    connectors: pairOf(connectors, 4),
  })
  .map((pair) => {
    const textsOf = (side: 0 | 1): PolicyTexts => ({
      'a.connectors.json': JSON.stringify({ connectors: pair.connectors[side] }),
      ...(pair.exemption === undefined
        ? {}
        : { 'a.exemptions.json': JSON.stringify({ exemptions: [{ name: 'e', ...pair.exemption[side] }] }) }),
      ...Object.fromEntries(
        pair.policies.map((each, index) => [
          `p${index}.policy.json`,
          JSON.stringify({ name: `p${index}`, ...each[side] }),
        ]),
      ),
    });
    return { before: textsOf(0), after: textsOf(1) };
  });

/** The instant by which the files are read. */
export const READ_AT = instantOf('2026-02-01');
