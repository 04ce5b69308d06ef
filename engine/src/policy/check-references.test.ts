import { describe, expect, it } from 'vitest';
import { findingsOf, type PolicyTexts } from './policy-text.fixture.js';

function policy(when: string): PolicyTexts {
  return {
    'p.policy.yaml': `name: p\nmode: report\npriority: 1\nwhen: ${when}\nstages: [ { name: report, after: 0d } ]\n`,
  };
}

function shared(...conditions: string[]): PolicyTexts {
  return { 'x.conditions.yaml': ['conditions:', ...conditions.map((each) => `  - { ${each} }`), ''].join('\n') };
}

const CONNECTORS = {
  'x.connectors.yaml': 'connectors:\n  - { name: ours, type: Partner, match: { tlsNames: [a.example] } }\n',
};
const LEAF = '{ fact: helo, operator: equal, value: a }';

describe('the names that a condition refers to', () => {
  it('may be those of shared conditions, also through others', () => {
    const texts = shared(
      `name: a, when: { all: [ ${LEAF} ] }`,
      'name: b, when: { not: { condition: a } }',
      'name: c, when: { condition: b }',
    );
    expect(findingsOf({ ...policy('{ any: [ { condition: c }, { condition: a } ] }'), ...texts })).toEqual([]);
  });

  it.each([
    ['{ condition: nowhere }', ['p.policy.yaml:4:20 condition-unknown']],
    ['{ all: [ { not: { any: [ { condition: nowhere } ] } } ] }', ['p.policy.yaml:4:45 condition-unknown']],
    ['{ condition: toString }', ['p.policy.yaml:4:20 condition-unknown']],
    ['{ condition: __proto__ }', ['p.policy.yaml:4:20 condition-unknown']],
  ])('%s is known', (when, expected) => {
    expect(findingsOf(policy(when))).toEqual(expected);
  });

  it.each([
    ['{ fact: connector.name, operator: equal, value: ours }', []],
    ['{ fact: connector.name, operator: equal, value: internet }', []],
    ['{ fact: connector.name, operator: equal, value: our }', ['connector-unknown']],
    ['{ fact: connector.name, operator: in, value: [ours, theirs] }', ['connector-unknown']],
    ['{ fact: connector.name, operator: "not:equal", value: theirs }', ['connector-unknown']],
    ['{ fact: connector.name, operator: "someValue:notEqual", value: [ours, theirs] }', ['connector-unknown']],
    ['{ fact: connector.name, operator: contains, value: our }', []],
    ['{ fact: connector.name, operator: equal, value: { fact: helo } }', []],
    ['{ fact: server.name, operator: equal, value: theirs }', []],
  ])('of connectors in %s', (leaf, expected) => {
    const found = findingsOf({ ...policy(`{ all: [ ${leaf} ] }`), ...CONNECTORS });
    expect(found.map((each) => each.split(' ')[1])).toEqual(expected);
  });

  it('are not told of as unknown where the condition is there and has an error of its own', () => {
    const texts = shared('name: a, when: { all: [] }');
    expect(findingsOf({ ...policy('{ condition: a }'), ...texts }).map((each) => each.split(' ')[1])).toEqual([
      'condition-empty',
    ]);
  });
});

describe('shared conditions that refer to themselves', () => {
  it.each<[string, string[], number]>([
    ['directly', ['name: a, when: { condition: a }'], 1],
    [
      'through another',
      ['name: a, when: { not: { condition: b } }', 'name: b, when: { all: [ { condition: a } ] }'],
      1,
    ],
    [
      'in two circles',
      ['name: a, when: { condition: b }', 'name: b, when: { condition: a }', 'name: c, when: { condition: c }'],
      2,
    ],
    ['by way of one that is in no circle', ['name: d, when: { condition: a }', 'name: a, when: { condition: a }'], 1],
  ])('%s are refused, once a circle', (_how, conditions, count) => {
    const found = findingsOf(shared(...conditions)).map((each) => each.split(' ')[1]);
    expect(found).toEqual(Array.from({ length: count }, () => 'condition-cycle'));
  });

  it('are refused also where a policy uses them', () => {
    const texts = shared('name: a, when: { any: [ { condition: a } ] }');
    expect(findingsOf({ ...policy('{ condition: a }'), ...texts })).toEqual(['x.conditions.yaml:2:5 condition-cycle']);
  });
});
