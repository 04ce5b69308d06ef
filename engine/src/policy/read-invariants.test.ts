import { describe, expect, test } from 'vitest';
import { findingsOf, policySetOf, readTexts } from './policy-text.fixture.js';

const OTHERS = {
  'a.connectors.yaml': 'connectors: [{ name: ours, type: OnPremises, match: { networks: [192.0.2.0/24] } }]\n',
  'a.builds.yaml': 'products: [{ name: Contoso Mail, versions: 2.x, builds: [] }]\n',
  'old.policy.yaml':
    'name: old\nmode: enforce\npriority: 1\nwhen: { all: [{ fact: helo, operator: exists, value: true }] }\nstages: [{ name: report, after: 0d }]\n',
};
const OURS = '{ all: [{ fact: connector.name, operator: equal, value: ours }] }';

/** A file with one invariant, which stands in line 2. */
function withInvariant(entry: string) {
  return { ...OTHERS, 'a.invariants.yaml': `invariants:\n  - { name: it, ${entry} }\n` };
}

describe('an invariant', () => {
  test.each([
    { entry: `protected: ${OURS}`, statement: { kind: 'protected', when: { kind: 'all' } } },
    {
      entry: 'ladder: { policies: [old], neverBlockedBefore: 60d, atMostMore: 20m/h, severityNeverFalls: true }',
      statement: {
        kind: 'ladder',
        policies: ['old'],
        neverBlockedBefore: 60 * 86_400_000,
        atMostMore: 20,
        severityNeverFalls: true,
      },
    },
    { entry: 'ladder: { atMostMore: 0m/h }', statement: { kind: 'ladder', atMostMore: 0, severityNeverFalls: false } },
    { entry: 'newerIsNeverWorse: {}', statement: { kind: 'newerIsNeverWorse' } },
    {
      entry: 'covered: { connectors: [ours, internet], products: [Contoso Mail] }',
      statement: { kind: 'covered', connectors: ['ours', 'internet'], products: ['Contoso Mail'] },
    },
  ])('is read from $entry', ({ entry, statement }) => {
    expect(policySetOf(withInvariant(entry)).invariants).toMatchObject([{ name: 'it', statement }]);
  });

  test.each([
    { what: 'it states nothing', entry: 'description: x', found: ['2:13 invariant-shape'] },
    {
      what: 'it states two things',
      entry: 'newerIsNeverWorse: {}, ladder: { atMostMore: 5m/h }',
      found: ['2:17 invariant-shape'],
    },
    { what: 'a ladder has no limit', entry: 'ladder: { policies: [old] }', found: ['2:25 invariant-shape'] },
    { what: 'a limit is false', entry: 'ladder: { severityNeverFalls: false }', found: ['2:47 value-unknown'] },
    {
      what: 'a key is misspelt',
      entry: 'ladder: { atMostMoar: 5m/h }',
      found: ['2:25 invariant-shape', '2:27 key-unknown'],
    },
    { what: 'a duration is none', entry: 'ladder: { neverBlockedBefore: 60 days }', found: ['2:47 duration-syntax'] },
    { what: 'a rate is none', entry: 'ladder: { atMostMore: 5 }', found: ['2:39 type-wrong'] },
    {
      what: 'a policy is misspelt',
      entry: 'ladder: { policies: [odl], atMostMore: 5m/h }',
      found: ['2:38 value-unknown'],
    },
    {
      what: 'a product is misspelt',
      entry: 'newerIsNeverWorse: { products: [Contoso Male] }',
      found: ['2:49 value-unknown'],
    },
    { what: 'a connector is misspelt', entry: 'covered: { connectors: [outs] }', found: ['2:41 connector-unknown'] },
    { what: 'no connector is named', entry: 'covered: {}', found: ['2:26 key-missing'] },
    {
      what: 'its condition is a bare comparison',
      entry: 'protected: { fact: helo, operator: equal, value: a }',
      found: ['2:28 condition-shape'],
    },
    {
      what: 'its condition refers to none',
      entry: 'protected: { condition: ours }',
      found: ['2:41 condition-unknown'],
    },
  ])('is refused where $what', ({ entry, found }) => {
    expect(findingsOf(withInvariant(entry))).toEqual(found.map((each) => `a.invariants.yaml:${each}`));
  });

  test('is told of by the nearest right word', () => {
    const { findings } = readTexts(withInvariant('ladder: { policies: [oldd], atMostMore: 5m/h }'));
    expect(findings).toMatchObject([{ message: 'There is no policy oldd.', hint: 'Did you mean old?' }]);
  });

  test('may name what a file declares that has errors', () => {
    const broken = { 'a.builds.yaml': 'products: [{ name: Contoso Mail, versions: 2.x y, builds: [] }]\n' };
    const codes = findingsOf({ ...withInvariant('newerIsNeverWorse: { products: [Contoso Mail] }'), ...broken });
    expect(codes).toEqual([expect.stringMatching(/^a\.builds\.yaml:.* version-range-syntax$/)]);
  });

  test('has a name of its own', () => {
    const twice = 'invariants: [{ name: it, newerIsNeverWorse: {} }, { name: it, newerIsNeverWorse: {} }]\n';
    expect(findingsOf({ 'a.invariants.yaml': twice })).toEqual(['a.invariants.yaml:1:59 name-duplicate']);
  });
});
