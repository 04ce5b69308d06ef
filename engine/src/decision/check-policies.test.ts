import { describe, expect, test } from 'vitest';
import { instantOf, type PolicyTexts } from '../policy/policy-text.fixture.js';
import { checkPolicySet } from './check-policies.js';

const NOW = instantOf('2026-09-08');

function check(texts: PolicyTexts, unread: readonly string[] = []) {
  const encoder = new TextEncoder();
  const files = [
    ...Object.entries(texts).map(([path, text]) => ({ path, content: encoder.encode(text) })),
    ...unread.map((path) => ({ path, content: { unreadable: 'gone' } })),
  ];
  return checkPolicySet(files, NOW);
}

function codes(texts: PolicyTexts, unread?: readonly string[]): string[] {
  return check(texts, unread).findings.map(({ file, code }) => `${file} ${code}`);
}

function policy(name: string, when: string, more = 'mode: enforce'): string {
  return `name: ${name}\npriority: 100\nwhen: ${when}\nstages: [{ name: blocked, after: 0d, block: always }]\n${more}\n`;
}

const IN_8 = '{ all: [{ fact: server.version, operator: versionIn, value: 8.x }] }';
const IN_8_1 = '{ all: [{ fact: server.version, operator: versionIn, value: 8.1.x }] }';
const IN_14 = '{ all: [{ fact: server.version, operator: versionIn, value: 14.x }] }';
const NEVER = `{ all: [${IN_8}, ${IN_14}] }`;

describe('policies of one priority', () => {
  test('conflict where one connection can match both with different outcomes', () => {
    const texts = { 'a.policy.yaml': policy('a', IN_8), 'b.policy.yaml': policy('b', IN_8_1, 'mode: report') };
    const { findings, policySet } = check(texts);
    expect(findings).toMatchObject([{ file: 'b.policy.yaml', code: 'policy-conflict' }]);
    expect(findings[0]?.message).toContain('server.version 8.1.0.0');
    expect(policySet).toBeUndefined();
  });

  test.each([
    ['their outcomes are the same', IN_8_1, 'mode: enforce'],
    ['no version is in both', IN_14, 'mode: report'],
    ['one is off', IN_8_1, 'mode: off'],
    ['they are in force at different times', IN_8_1, 'mode: report\neffective: { until: 2026-01-01 }'],
  ])('do not conflict where %s', (_why, when, more) => {
    const before = policy('a', IN_8, 'mode: enforce\neffective: { from: 2026-01-01 }');
    const a = more.includes('effective') ? before : policy('a', IN_8);
    expect(codes({ 'a.policy.yaml': a, 'b.policy.yaml': policy('b', when, more) })).toEqual([]);
  });

  test('are compared although another policy has an error', () => {
    const texts = {
      'a.policy.yaml': policy('a', IN_8),
      'b.policy.yaml': policy('b', IN_8_1, 'mode: report'),
      'c.policy.yaml': policy('c', IN_8, 'mode: enforced'),
    };
    expect(codes(texts)).toEqual(['b.policy.yaml policy-conflict', 'c.policy.yaml value-unknown']);
  });
});

describe('a policy that nothing can match', () => {
  test('is told of although another file has an error', () => {
    const texts = { 'a.policy.yaml': policy('a', NEVER), 'b.policy.yaml': 'name: [' };
    expect(codes(texts)).toEqual(['a.policy.yaml policy-unmatchable', 'b.policy.yaml yaml-syntax']);
  });

  test.each([
    ['it has an error itself', policy('a', NEVER, 'mode: enforced'), {}, 'a.policy.yaml value-unknown'],
    [
      'a shared condition behind it has an error',
      policy('a', `{ all: [${NEVER}, { condition: one }] }`),
      {
        'c.conditions.yaml':
          'conditions:\n  - { name: one, when: { not: { condition: two } } }\n  - { name: two, when: { all: [] } }\n',
      },
      'c.conditions.yaml condition-empty',
    ],
    [
      'it asks for connectors, of which one has an error',
      policy('a', '{ all: [{ fact: connector.name, operator: equal, value: a }] }'),
      { 'c.connectors.yaml': 'connectors: [{ name: a, type: Partner, match: { networks: [a] } }]\n' },
      'c.connectors.yaml network-syntax',
    ],
    [
      'it asks for products, and the catalogue has an error',
      policy('a', '{ all: [{ fact: server.product, operator: equal, value: A }] }'),
      { 'c.builds.yaml': 'products: [{ name: A, versions: "8.y", builds: [] }]\n' },
      'c.builds.yaml version-range-syntax',
    ],
  ])('is not told of where %s', (_why, text, others, error) => {
    expect(codes({ 'a.policy.yaml': text, ...others })).toEqual([error]);
  });

  test('is told of where an error is in a shared condition that it does not use', () => {
    const texts = {
      'a.policy.yaml': policy('a', `{ all: [${NEVER}, { condition: one }] }`),
      'c.conditions.yaml': `conditions:\n  - { name: one, when: ${IN_8} }\n  - { name: two, when: { all: [] } }\n`,
    };
    expect(codes(texts)).toEqual(['a.policy.yaml policy-unmatchable', 'c.conditions.yaml condition-empty']);
  });
});

describe('a file that cannot be read', () => {
  test.each([
    ['shared conditions', 'x.conditions.yaml', '{ condition: one }'],
    ['connectors', 'x.connectors.yaml', '{ all: [{ fact: connector.name, operator: equal, value: one }] }'],
    ['builds', 'x.builds.yaml', `{ all: [{ fact: server.version, operator: versionIn, value: '<"One"' }] }`],
  ])('of %s is the only finding: what it may declare counts as known', (_what, path, when) => {
    expect(codes({ 'a.policy.yaml': policy('a', when) }, [path])).toEqual([`${path} file-unreadable`]);
  });
});
