import { expect, test } from 'vitest';
import { CONNECTORS, is, policy, told, versionIn } from './together.fixture.js';

const REPORT = { more: 'mode: report' };

test.each([
  [
    'one domain and all versions',
    '{ fact: helo, operator: inDomain, value: a.example }',
    /helo a\.example, server\.version 8/,
  ],
  ['an expression', '{ fact: helo, operator: matches, value: "^mx.*out" }', /helo mxaout/],
  ['a connector that a certificate leads to', is('connector.name', 'partner'), /tls\.name mail\.fabrikam\.example/],
  ['servers that were seen before', is('server.known', 'true'), /seen before/],
  ['a time to come', "{ fact: time, operator: after, value: '2030-01-01' }", /at 2030-01-01/],
])('policies of one priority conflict on %s', (_what, when, example) => {
  const [found, ...others] = told(
    'policy-conflict',
    CONNECTORS,
    policy('a', versionIn('8.x')),
    policy('b', when, REPORT),
  );
  expect(found).toMatch(/^b\.policy\.yaml:1 The policies a and b both have priority 100/);
  expect(found).toMatch(example);
  expect(others).toEqual([]);
});

test('each of three policies that conflict is told of with each before it', () => {
  const help = (number: number) => ({ more: `mode: enforce\nhelp: https://${number}.example` });
  const three = ['a', 'b', 'c'].map((name, index) => policy(name, versionIn('8.x'), help(index)));
  expect(told('policy-conflict', ...three).map((each) => each.slice(0, 8))).toEqual([
    'b.policy',
    'c.policy',
    'c.policy',
  ]);
});

test('a conflict among very many policies is found, and nothing where there is none', () => {
  const many = Array.from({ length: 500 }, (_, index) =>
    policy(`p${index}`, versionIn(`8.${index}.x`), { more: `mode: enforce\nhelp: https://${index}.example` }),
  );
  expect(told('policy-conflict', ...many)).toEqual([]);
  expect(told('policy-conflict', ...many, policy('q', versionIn('8.7.1'), REPORT))).toEqual([
    expect.stringContaining('The policies p7 and q both have priority 100'),
  ]);
});
