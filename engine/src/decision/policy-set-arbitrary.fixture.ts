import fc from 'fast-check';
import { FACTS, type FactDefinition, type Facts, type FactType } from '../policy/fact.js';
import { parseFactValue } from '../policy/fact-value.js';
import type { OperandKind } from '../policy/operand.js';
import { EXISTS, OPERATORS, type OperatorDefinition } from '../policy/operator.js';
import type { PolicyTexts } from '../policy/policy-text.fixture.js';
import type { WrittenComparison, WrittenCondition } from './naive-condition.fixture.js';

/** A policy set as its author wrote it, and connections that it may meet. */
export interface WrittenPolicySet {
  readonly policies: readonly WrittenPolicy[];
  readonly conditions: Readonly<Record<string, WrittenCondition>>;
  readonly exemptions: readonly WrittenExemption[];
}

export interface WrittenPolicy {
  readonly name: string;
  readonly mode: 'enforce' | 'report' | 'off';
  readonly priority: number;
  readonly effective?: { readonly from?: string; readonly until?: string };
  readonly when: WrittenCondition;
  readonly stages: readonly object[];
  readonly thresholds?: readonly object[];
}

export interface WrittenExemption {
  readonly name: string;
  readonly whom: WrittenCondition;
  readonly from?: string;
  readonly until: string;
}

/** Versions of the builds in {@link CATALOGUE} by their names. */
export const BUILDS = { 'CU23 Aug23SU': '15.1.2507.31', 'CU23 Aug24SU': '15.1.2507.39', 'SE RTM': '15.2.2562.17' };

/** A small catalogue, as a policy file. */
const CATALOGUE = JSON.stringify({
  products: [
    {
      name: 'Exchange Server 2016',
      versions: '15.1.x',
      supportEnds: '2026-06-01',
      builds: [
        { name: 'CU23 Aug23SU', version: BUILDS['CU23 Aug23SU'], released: '2025-12-31' },
        { name: 'CU23 Aug24SU', version: BUILDS['CU23 Aug24SU'], released: '2026-06-01' },
      ],
    },
    {
      name: 'Exchange Server SE',
      versions: '>=15.2.2562 <15.3',
      builds: [{ name: 'SE RTM', version: BUILDS['SE RTM'] }],
    },
  ],
});

/** Connectors, as a policy file. */
const CONNECTORS = JSON.stringify({
  connectors: [
    { name: 'on-premises', type: 'OnPremises', match: { networks: ['192.0.2.0/24'] }, tags: ['hybrid', 'edge'] },
    { name: 'partner', type: 'Partner', match: { tlsNames: ['*.example.com'], networks: ['2001:db8::/32'] } },
  ],
});

/** In rising order, so that two of them make a range that is not empty. */
const VERSION_EDGES =
  '8 14.3 14.3.123.4 15.0 15.1 15.1.2308 15.1.2507 15.1.2507.9 15.01.2507.039 15.1.2507.61 15.2 16'.split(' ');
const INSTANTS = ['2025-12-31', '2026-06-01', '2026-06-01T12:00:00Z', '2026-06-01T12:00:01Z', '2026-12-31'];
const WIDE_INSTANTS = ['2024-01-01', ...INSTANTS, '2028-01-01'];

/** Texts that a fact of each type may be told as: near the edges of the operands below, and versions of more than 53 bits. */
const FACT_TEXTS: Record<FactType, readonly string[]> = {
  version:
    '8.3.517.0 14.3.123.3 14.3.123.4 15.0.1497.48 15.1.2308.27 15.1.2507.9 15.1.2507.38 15.01.2507.039 15.1.2507.40 15.1.2507.61 15.2.1544.36 15.2.2562.17 16 15.1.2507.131072 15.1.1048576 15.256 256'.split(
      ' ',
    ),
  instant: INSTANTS,
  duration: ['0s', '90m', '1d11h59m59s', '36h', '1d12h', '1d12h1s', '30d'],
  network:
    '192.0.2.1 192.0.2.127 192.0.2.128 198.51.100.7 ::ffff:192.0.2.1 2001:db8::1 2001:db8:1::1 203.0.113.9 ::1'.split(
      ' ',
    ),
  domain: 'example.org mail.example.org a.B.example.org. badexample.org example.com mx.example.com org hybrid'.split(
    ' ',
  ),
  text: ['TLSv1', 'TLSv1.2', 'TLSv1.3', 'example.org', 'hybrid', 'Exchange Server 2016'],
  enum: ['OnPremises', 'Partner', 'Internet'],
  list: ['hybrid', 'hybrid,edge', 'hybrids,edges', 'old, hybrids', 'edge, old', 'TLSv1.2,TLSv1.3'],
  number: ['0', '1', '2', '3'],
  boolean: ['true', 'false'],
};
const CONNECTOR_NAMES = ['on-premises', 'partner', 'internet'];

const NETWORKS =
  '192.0.2.0/24 192.0.2.0/25 192.0.2.1 198.51.100.0/24 2001:db8::/32 2001:db8::/48 ::ffff:192.0.2.0/121 ::/0 ::1'.split(
    ' ',
  );
const DOMAINS = ['example.org', 'mail.example.org', 'Example.COM', 'org.', 'b.example.org'];
const PATTERNS = ['^TLS', 'v1\\.[23]$', 'example', 'o.g$', '^[a-z.]+$', 'a|b', 'mail', '2016'];

const versionRanges = fc.oneof(
  fc.constantFrom('8.x', '15', '15.1.x', '15.1.2507.x', '15.1.2507.39', '= "CU23 Aug24SU"', "<'CU23 Aug23SU'", 'x'),
  fc
    .tuple(fc.constantFrom('<', '<=', '>', '>=', '='), fc.constantFrom(...VERSION_EDGES))
    .map(([comparator, edge]) => `${comparator}${edge}`),
  fc
    .tuple(fc.nat(VERSION_EDGES.length - 2), fc.nat(VERSION_EDGES.length - 1), fc.boolean())
    .map(([low, above, hyphen]) => {
      const from = VERSION_EDGES[low];
      const to = VERSION_EDGES[Math.max(low + 1, above)];
      return hyphen ? `${from} - ${to}` : `>=${from} <${to}`;
    }),
);

function operands(kind: OperandKind, fact: FactDefinition): fc.Arbitrary<unknown> {
  switch (kind) {
    case 'version-range':
      return fc.array(versionRanges, { minLength: 1, maxLength: 2 }).map((ranges) => ranges.join(' || '));
    case 'instant':
      return fc.constantFrom(...INSTANTS);
    case 'duration':
      return fc.constantFrom('90m', '1d', '36h', '1d12h', '4w');
    case 'networks':
      return oneOrMore(fc.constantFrom(...NETWORKS));
    case 'domains':
      return oneOrMore(fc.constantFrom(...DOMAINS));
    case 'pattern':
      return fc.constantFrom(...PATTERNS);
    case 'text':
      return fc.constantFrom('hybrid', 'edge', 'TLSv1', 'example', 'org', 'Server');
    case 'value':
      return values(fact);
    case 'values':
      return fc.uniqueArray(values(fact), { minLength: 1, maxLength: 3 });
    case 'number':
      return fc.nat(3);
    case 'boolean':
      return fc.boolean();
  }
}

function oneOrMore<T>(items: fc.Arbitrary<T>): fc.Arbitrary<T | T[]> {
  return fc.oneof(items, fc.uniqueArray(items, { minLength: 1, maxLength: 3 }));
}

function values(fact: FactDefinition): fc.Arbitrary<unknown> {
  if (fact.type === 'number') return fc.nat(3);
  if (fact.name === 'connector.name') return fc.constantFrom(...CONNECTOR_NAMES);
  if (fact.type === 'domain') return fc.constantFrom(...DOMAINS);
  return fc.constantFrom(...FACT_TEXTS[fact.type === 'list' ? 'text' : fact.type]);
}

const TEXT_TYPES: readonly FactType[] = ['text', 'domain', 'enum'];

/** Facts that can stand on the right side. */
function rightSides(operator: OperatorDefinition, kind: OperandKind, fact: FactDefinition): readonly string[] {
  const types: readonly FactType[] =
    operator.name === EXISTS
      ? []
      : kind === 'value' || kind === 'text'
        ? TEXT_TYPES
        : kind === 'values' && fact.type !== 'number'
          ? ['list']
          : kind === 'instant' || kind === 'duration' || kind === 'number' || kind === 'boolean'
            ? [kind]
            : [];
  return FACTS.filter((each) => types.includes(each.type)).map((each) => each.name);
}

const FITTING = FACTS.flatMap((fact: FactDefinition) =>
  OPERATORS.flatMap((operator) => {
    const plain = operator.fits[fact.type];
    const ofItem = fact.type === 'list' ? operator.fits.text : undefined;
    return [
      ...(plain === undefined ? [] : [{ fact, operator, kind: plain, unwraps: false }]),
      ...(ofItem === undefined || operator.name === EXISTS ? [] : [{ fact, operator, kind: ofItem, unwraps: true }]),
    ];
  }),
);
/** By operator, then by type of fact, so that each type is as frequent as any other. */
const FITTING_BY_OPERATOR = OPERATORS.map(({ name }) => {
  const fitting = FITTING.filter((each) => each.operator.name === name);
  const types = [...new Set(fitting.map(({ fact }) => fact.type))];
  return types.map((type) => fitting.filter(({ fact }) => fact.type === type));
});

const comparisons: fc.Arbitrary<WrittenComparison> = fc
  .constantFrom(...FITTING_BY_OPERATOR)
  .chain((types) => fc.constantFrom(...types))
  .chain((fitting) => fc.constantFrom(...fitting))
  .chain(({ fact, operator, kind, unwraps }) => {
    const name = operator.name;
    const unwrap = unwraps ? fc.constantFrom('someFact:', 'everyFact:') : fc.constant('');
    const not = fc.constantFrom('', '', '', name === EXISTS ? '' : 'not:');
    const own = fc
      .tuple(not, unwrap, not, operands(kind, fact))
      .map(([outer, list, inner, value]) => ({ fact: fact.name, operator: `${outer}${list}${inner}${name}`, value }));
    const wrapped = fc
      .tuple(
        not,
        fc.constantFrom('someValue:', 'everyValue:'),
        unwrap,
        fc.array(operands(kind, fact), { minLength: 1, maxLength: 3 }),
      )
      .map(([outer, some, list, value]) => ({ fact: fact.name, operator: `${outer}${some}${list}${name}`, value }));
    const others = rightSides(operator, kind, fact);
    const referring = (facts: readonly string[]) =>
      fc.tuple(not, unwrap, fc.constantFrom(...facts)).map(([outer, list, other]) => ({
        fact: fact.name,
        operator: `${outer}${list}${name}`,
        value: { fact: other },
      }));
    return fc.oneof(
      { arbitrary: own, weight: 6 },
      ...(name === EXISTS ? [] : [{ arbitrary: wrapped, weight: 1 }]),
      ...(others.length === 0 ? [] : [{ arbitrary: referring(others), weight: 3 }]),
    );
  });

/** Conditions that can stand at a root: no bare comparison. */
function conditions(references: readonly string[]): fc.Arbitrary<WrittenCondition> {
  const { root } = fc.letrec<{ root: WrittenCondition; node: WrittenCondition }>((tie) => {
    const list = fc.array(tie('node'), { minLength: 1, maxLength: 3 });
    const branches = [
      { arbitrary: list.map((all) => ({ all })), weight: 2 },
      { arbitrary: list.map((any) => ({ any })), weight: 3 },
      { arbitrary: tie('node').map((not) => ({ not })), weight: 1 },
    ];
    const shared = references.map((condition) => ({ arbitrary: fc.constant({ condition }), weight: 1 }));
    return {
      root: fc.oneof(...branches, ...shared),
      node: fc.oneof({ maxDepth: 2 }, { arbitrary: comparisons, weight: 8 }, ...shared, ...branches),
    };
  });
  return root;
}

const STAGES = [
  [{ name: 'report', after: '0d' }],
  [
    { name: 'report', after: '0d' },
    { name: 'throttle', after: '30d', throttle: '20m/h', block: '20m/h' },
    { name: 'blocked', after: '90d', block: 'always' },
  ],
  [{ name: 'blocked', after: '0d', block: 'always' }],
];
const THRESHOLDS = [{ refusals: 5, within: '24h', advanceTo: 'blocked' }];

const SHARED = ['c0', 'c1'];
const starts = fc.option(fc.constantFrom(...WIDE_INSTANTS.slice(0, 5)), { nil: undefined, freq: 2 });
const ends = fc.option(fc.constantFrom(...WIDE_INSTANTS.slice(2)), { nil: undefined, freq: 3 });

const policies = fc
  .record({
    mode: fc.constantFrom('enforce' as const, 'enforce' as const, 'report' as const, 'off' as const),
    priority: fc.integer({ min: 1, max: 3 }),
    from: starts,
    until: ends,
    when: conditions(SHARED),
    stages: fc.constantFrom(...STAGES),
  })
  .map(({ from, until, stages, ...rest }) => ({
    ...rest,
    stages,
    ...(from === undefined && until === undefined ? {} : { effective: interval(from, until) }),
    ...(stages.length === 3 ? { thresholds: THRESHOLDS } : {}),
  }));

function interval(from: string | undefined, until: string | undefined) {
  const isOrdered = from === undefined || until === undefined || Date.parse(from) < Date.parse(until);
  return { ...(from === undefined ? {} : { from }), ...(until === undefined || !isOrdered ? {} : { until }) };
}

/** Whole policy sets without errors. */
export const policySets: fc.Arbitrary<WrittenPolicySet> = fc
  .record({
    policies: fc.array(policies, { minLength: 1, maxLength: 4 }),
    c0: conditions([]),
    c1: conditions(['c0']),
    exemptions: fc.array(
      fc.record({ whom: conditions(SHARED), from: starts, until: fc.constantFrom(...WIDE_INSTANTS.slice(2)) }),
      { maxLength: 1 },
    ),
  })
  .map(({ policies: written, c0, c1, exemptions }) => ({
    policies: written.map((policy, index) => ({ ...policy, name: `p${index}` })),
    conditions: { c0, c1 },
    exemptions: exemptions.map(({ whom, from, until }, index) => ({
      name: `e${index}`,
      whom,
      until,
      ...(interval(from, until).until === undefined || from === undefined ? {} : { from }),
    })),
  }));

/** Facts as texts; each is absent now and then. */
export const writtenFacts: fc.Arbitrary<Record<string, string>> = fc
  .record(
    Object.fromEntries(
      FACTS.map(({ name, type }) => [
        name,
        fc.option(fc.constantFrom(...(name === 'connector.name' ? CONNECTOR_NAMES : FACT_TEXTS[type])), {
          nil: undefined,
          freq: 6,
        }),
      ]),
    ),
  )
  .map(
    (facts) =>
      Object.fromEntries(Object.entries(facts).filter(([, text]) => text !== undefined)) as Record<string, string>,
  );

/** Instants of decisions, near the edges of `effective` and of exemptions. */
export const decisionTimes = fc.constantFrom(...INSTANTS);

/** The files of a policy set. */
export function policyTextsOf({ policies, conditions, exemptions }: WrittenPolicySet): PolicyTexts {
  const granted = { reason: 'Why not.', grantedBy: 'someone' };
  const shared = Object.entries(conditions).map(([name, when]) => ({ name, when }));
  return {
    'a.builds.json': CATALOGUE,
    'a.connectors.json': CONNECTORS,
    'a.conditions.json': JSON.stringify({ conditions: shared }),
    ...(exemptions.length === 0
      ? {}
      : { 'a.exemptions.json': JSON.stringify({ exemptions: exemptions.map((each) => ({ ...each, ...granted })) }) }),
    ...Object.fromEntries(policies.map((policy) => [`${policy.name}.policy.json`, JSON.stringify(policy)])),
  };
}

/** Facts as gateways read them from texts. */
export function factsOf(texts: Record<string, string>): Facts {
  const entries = FACTS.flatMap((definition: FactDefinition) => {
    const text = texts[definition.name];
    return text === undefined ? [] : [[definition.name, parseFactValue(definition, text)]];
  });
  return Object.fromEntries(entries);
}
