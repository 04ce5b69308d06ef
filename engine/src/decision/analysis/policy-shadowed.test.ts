import { expect, test } from 'vitest';
import { exemption, is, policy, told, versionIn } from './together.fixture.js';

const OLD = policy('old', versionIn('8.x'));
const high = { priority: 200 };

test('a policy is shadowed by those of higher priority that decide wherever it matches, and they are named', () => {
  const others = [policy('low', versionIn('<8.2'), high), policy('rest', versionIn('>=8.2'), { priority: 300 })];
  expect(told('policy-shadowed', OLD, ...others)).toEqual([
    'old.policy.yaml:1 The policy old never decides: wherever it matches, rest (priority 300) and low (priority 200) come first. For example server.version 8.0.0.0 at 2026-09-08T00:00:00Z: low (priority 200) decides.',
  ]);
});

test('a policy is shadowed by exemptions too, as long as they last', () => {
  const ends = { more: 'mode: enforce\neffective: { until: 2027-01-01 }' };
  const exempt = exemption('all', versionIn('8.x'));
  expect(told('policy-shadowed', policy('old', versionIn('8.x'), ends), exempt)).toEqual([
    expect.stringContaining('wherever it matches, the exemption all comes first'),
  ]);
  expect(told('policy-shadowed', OLD, exempt)).toEqual([]);
});

test.each([
  ['a part is left to it', policy('other', versionIn('8.1.x'), high)],
  ['the other one hangs on more', policy('other', `${versionIn('8.x')}, ${is('helo', 'a.example')}`, high)],
  ['the other one hangs on an expression', policy('other', '{ fact: helo, operator: matches, value: ".*" }', high)],
  ['the other one is off', policy('other', versionIn('8.x'), { priority: 200, more: 'mode: off' })],
  ['the other one is of the same priority and does the same', policy('a', versionIn('8.x'))],
  [
    'the other one ends',
    policy('other', versionIn('8.x'), { priority: 200, more: 'mode: enforce\neffective: { until: 2030-01-01 }' }),
  ],
])('a policy is not shadowed where %s', (_why, other) => {
  expect(told('policy-shadowed', OLD, other)).toEqual([]);
});
