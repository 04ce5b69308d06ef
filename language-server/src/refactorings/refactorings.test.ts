import { describe, expect, it } from 'vitest';
import { convertFormat } from './convert-format.js';
import { extractCondition } from './extract-condition.js';
import { inlineCondition } from './inline-condition.js';
import { preservesBehaviour } from './preserves-behaviour.js';
import { pushNotInward } from './push-not-inward.js';
import { refactored, type Texts } from './refactor.fixture.js';
import type { Refactoring } from './refactoring.js';
import { splitPolicy } from './split-policy.js';

const REST = 'stages:\n  - { name: report, after: 0d }\n  - { name: blocked, after: 30d, block: always }\n';
const HEAD = 'name: old\nmode: enforce\npriority: 100\n';
const A = '{ fact: helo, operator: inDomain, value: a.example }';
const B = '{ fact: server.version, operator: versionIn, value: 8.x }';

function policy(when: string): string {
  return `${HEAD}when:${when}\n${REST}`;
}

interface Case {
  readonly of: string;
  readonly before: Texts;
  /** The files that are new or other than before; removed ones are absent. */
  readonly after: Texts;
}

function itGives(refactoring: Refactoring, cases: readonly Case[]): void {
  it.each(cases)('$of', ({ before, after }) => {
    const found = refactored(refactoring, before);
    expect(found?.texts).toEqual(after);
    expect(found !== undefined && preservesBehaviour(found.context.snapshot, found.changes)).toBe(true);
  });
}

describe('extracting a condition', () => {
  itGives(extractCondition, [
    {
      of: 'makes a file for it where there is none',
      before: { 'a/old.policy.yaml': policy(` { all: [{ a¦ny: [${A}] }, ${B}] }`) },
      after: {
        'a/old.policy.yaml': policy(` { all: [{ condition: old }, ${B}] }`),
        'a/shared.conditions.yaml': `conditions:\n  - name: old\n    when: { any: [${A}] }\n`,
      },
    },
    {
      of: 'takes it along with its comments',
      before: {
        'old.policy.yaml': policy(
          `\n  all:\n    # Ours.\n    - an¦y:\n        - ${A} # first\n\n        - ${B}\n    - ${B}`,
        ),
        'x.conditions.yaml':
          'conditions:\n- name: old\n  when: { any: [{ fact: helo, operator: equal, value: x }] } # x\n',
      },
      after: {
        'old.policy.yaml': policy(`\n  all:\n    # Ours.\n    - condition: old-2\n    - ${B}`),
        'x.conditions.yaml': `conditions:\n- name: old\n  when: { any: [{ fact: helo, operator: equal, value: x }] } # x\n- name: old-2\n  when:\n    any:\n      - ${A} # first\n\n      - ${B}\n`,
      },
    },
    {
      of: 'puts a comparison below all',
      before: {
        'old.policy.yaml': policy(
          `\n  all:\n    - fact: helo\n      opera¦tor: inDomain\n      value: a.example\n    - ${B}`,
        ),
      },
      after: {
        'old.policy.yaml': policy(`\n  all:\n    - condition: old\n    - ${B}`),
        'shared.conditions.yaml':
          'conditions:\n  - name: old\n    when:\n      all:\n        - fact: helo\n          operator: inDomain\n          value: a.example\n',
      },
    },
    {
      of: 'takes the whole condition of a policy',
      before: { 'old.policy.yaml': policy(`\n  ¦all:\n    - ${A}\n    - ${B}¦`) },
      after: {
        'old.policy.yaml': policy('\n  condition: old'),
        'shared.conditions.yaml': `conditions:\n  - name: old\n    when:\n      all:\n        - ${A}\n        - ${B}\n`,
      },
    },
    {
      of: 'goes from JSON to YAML where only that is there',
      before: {
        'old.policy.json': `{"name":"old","mode":"enforce","priority":1,"when":{"all":[{"fact":"he¦lo","operator":"equal","value":"a"}]},"stages":[{"name":"r","after":"0d"}]}`,
        'x.conditions.yaml': `conditions:\n  - { name: x, when: { any: [${A}] } }\n`,
      },
      after: {
        'old.policy.json': `{"name":"old","mode":"enforce","priority":1,"when":{"all":[{ "condition": "old" }]},"stages":[{"name":"r","after":"0d"}]}`,
        'x.conditions.yaml': `conditions:\n  - { name: x, when: { any: [${A}] } }\n  - name: old\n    when: { all: [{ fact: helo, operator: equal, value: a }] }\n`,
      },
    },
    {
      of: 'makes a JSON file of a JSON file',
      before: {
        'old.policy.json': `{"name":"old","mode":"enforce","priority":1,"when":{"¦all":[{"fact":"helo","operator":"equal","value":"a"}]},"stages":[{"name":"r","after":"0d"}]}`,
      },
      after: {
        'old.policy.json': `{"name":"old","mode":"enforce","priority":1,"when":{ "condition": "old" },"stages":[{"name":"r","after":"0d"}]}`,
        'shared.conditions.json':
          '{ "conditions": [{ "name": "old", "when": { "all": [{ "fact": "helo", "operator": "equal", "value": "a" }] } }] }\n',
      },
    },
    {
      of: 'works within shared conditions',
      before: {
        'x.conditions.yaml': `conditions:\n  - name: x\n    when:\n      all:\n        - not: { ¦all: [${A}] }\n`,
      },
      after: {
        'x.conditions.yaml': `conditions:\n  - name: x\n    when:\n      all:\n        - not: { condition: condition }\n  - name: condition\n    when: { all: [${A}] }\n`,
      },
    },
  ]);

  it.each([
    ['a reference', policy(' { condi¦tion: x }')],
    ['what is no condition', `na¦me: old\n`],
    ['the name of a policy', policy(' { all: [{ condition: x }] }').replace('old', 'o¦ld')],
    ['the other fact of a comparison', policy(' { condition: x }').replace(' { condition: x }', ' ¦x')],
    ['a condition with an anchor', policy(` { all: [{ a¦ny: [&a ${A}] }, { all: [*a] }] }`)],
  ])('is not offered for %s', (_what, text) => {
    expect(refactored(extractCondition, { 'old.policy.yaml': text })).toBeUndefined();
  });

  it('is not offered for the whole of a shared condition', () => {
    const text = `conditions: [{ name: x, when: { ¦any: [${A}] } }]`;
    expect(refactored(extractCondition, { 'x.conditions.yaml': text })).toBeUndefined();
  });
});

describe('writing a shared condition out', () => {
  const block = `conditions:\n  - name: x\n    when:\n      # Any.\n      any:\n        - ${A} # a\n        - ${B}\n`;
  itGives(inlineCondition, [
    {
      of: 'keeps its lines and comments',
      before: { 'old.policy.yaml': policy('\n  all:\n    - cond¦ition: x'), 'x.conditions.yaml': block },
      after: {
        'old.policy.yaml': policy(`\n  all:\n    - any:\n        - ${A} # a\n        - ${B}`),
        'x.conditions.yaml': block,
      },
    },
    {
      of: 'puts it on one line within brackets',
      before: { 'old.policy.yaml': policy(' { all: [{ condition: ¦x }] }'), 'x.conditions.yaml': block },
      after: { 'old.policy.yaml': policy(` { all: [{ any: [${A}, ${B}] }] }`), 'x.conditions.yaml': block },
    },
    {
      of: 'takes one in brackets as it is',
      before: {
        'old.policy.yaml': policy('\n  condition: x¦'),
        'x.conditions.yaml': `conditions: [{ name: x, when: { any: [ ${A} ] } }]`,
      },
      after: {
        'old.policy.yaml': policy(`\n  { any: [ ${A} ] }`),
        'x.conditions.yaml': `conditions: [{ name: x, when: { any: [ ${A} ] } }]`,
      },
    },
  ]);

  it('is not offered for a name that is not there', () => {
    expect(refactored(inlineCondition, { 'old.policy.yaml': policy(' { condition: ¦x }') })).toBeUndefined();
  });
});

describe('splitting a policy', () => {
  itGives(splitPolicy, [
    {
      of: 'makes a policy of each case',
      before: {
        'p/old.policy.yaml': `# Old ones.\n${policy(`\n  any:¦\n    - ${A} # a\n    - all:\n        - ${B}`)}`,
      },
      after: {
        'p/old.policy.yaml': `# Old ones.\n${policy(`\n  { all: [${A}] }`)}`.replace('] }\nstages', '] }\nstages'),
        'p/old-2.policy.yaml': `# Old ones.\n${policy(`\n  all:\n    - ${B}`).replace('name: old', 'name: old-2')}`,
      },
    },
    {
      of: 'does so within brackets, with names that are free',
      before: {
        'old.policy.yaml': policy(` { any: [¦${A}, { not: ${B} }, { all: [${A}, ${B}] }] }`),
        'other.policy.yaml': policy(` { all: [{ fact: helo, operator: equal, value: x }] }`).replace('old', 'old-2'),
      },
      after: {
        'old.policy.yaml': policy(` { all: [${A}] }`),
        'old-3.policy.yaml': policy(` { not: ${B} }`).replace('name: old', 'name: old-3'),
        'old-4.policy.yaml': policy(` { all: [${A}, ${B}] }`).replace('name: old', 'name: old-4'),
        'other.policy.yaml': policy(` { all: [{ fact: helo, operator: equal, value: x }] }`).replace('old', 'old-2'),
      },
    },
  ]);

  it('changes what a reply says that tells the policy, so it is not proved', () => {
    const text = `${policy(` { any: [¦${A}, ${B}] }`)}replies: { block: "550 5.7.1 {policy} says no." }\n`;
    const found = refactored(splitPolicy, { 'old.policy.yaml': text });
    expect(found !== undefined && preservesBehaviour(found.context.snapshot, found.changes)).toBe(false);
  });

  it.each([
    ['one case', policy(` { any: [¦${A}] }`)],
    ['all of several cases', policy(` { all: [¦${A}, ${B}] }`)],
    ['its stages', policy(` { any: [${A}, ${B}] }`).replace('report', 'rep¦ort')],
  ])('is not offered for %s', (_what, text) => {
    expect(refactored(splitPolicy, { 'old.policy.yaml': text })).toBeUndefined();
  });
});

describe('pushing not inward', () => {
  itGives(pushNotInward, [
    {
      of: 'makes any not of not all',
      before: { 'old.policy.yaml': policy(` { not: ¦{ all: [${A}, ${B}] } }`) },
      after: { 'old.policy.yaml': policy(` { any: [{ not: ${A} }, { not: ${B} }] }`) },
    },
    {
      of: 'makes all not of not any, without brackets',
      before: {
        'old.policy.yaml': policy(
          `\n  all:\n    - not:\n        an¦y:\n          - ${A}\n          - all:\n              - ${B} # b`,
        ),
      },
      after: {
        'old.policy.yaml': policy(
          `\n  all:\n    - all:\n        - not: ${A}\n        - not:\n            all:\n              - ${B} # b`,
        ),
      },
    },
  ]);

  it('is not offered for not of a single comparison', () => {
    expect(refactored(pushNotInward, { 'old.policy.yaml': policy(` { not: ¦${A} }`) })).toBeUndefined();
  });
});

describe('converting a file', () => {
  const yaml = `# Why.\n${policy(` { all: [${A}, ${B}] }`)}`;

  it('makes JSON of YAML and says that comments are lost', () => {
    const found = refactored(convertFormat, { 'old.policy.yaml': `¦${yaml}` });
    expect(found?.title).toBe('Convert to JSON (comments are lost)');
    expect(Object.keys(found?.texts ?? {})).toEqual(['old.policy.json']);
    expect(found?.texts['old.policy.json']).toMatch(/^\{\n {2}"name": "old",\n/);
    expect(found !== undefined && preservesBehaviour(found.context.snapshot, found.changes)).toBe(true);
  });

  it('makes YAML of JSON, with quotes where a text would be something else', () => {
    const json = `¦{"products":[{"name":"Mail","versions":"1.0","builds":[{"name":"Mail 1","version":"1.0"}]}]}`;
    const found = refactored(convertFormat, { 'm.builds.json': json });
    expect(found?.title).toBe('Convert to YAML');
    expect(found?.texts).toEqual({
      'm.builds.yaml':
        'products:\n  - name: Mail\n    versions: "1.0"\n    builds:\n      - { name: Mail 1, version: "1.0" }\n',
    });
  });

  it('there and back again gives the same values', () => {
    const there = refactored(convertFormat, { 'old.policy.yaml': `¦${yaml}` })?.texts['old.policy.json'] ?? '';
    const back = refactored(convertFormat, { 'old.policy.json': `¦${there}` })?.texts['old.policy.yaml'] ?? '';
    expect(refactored(convertFormat, { 'old.policy.yaml': `¦${back}` })?.texts['old.policy.json']).toBe(there);
  });

  it('is not offered where the other file is there already', () => {
    expect(refactored(convertFormat, { 'old.policy.yaml': `¦${yaml}`, 'old.policy.json': '{}' })).toBeUndefined();
  });
});
