import { expect, test } from 'vitest';
import { exemption, is, policy, told, versionIn } from './together.fixture.js';

const OLD = policy('old', versionIn('8.x'));

test.each([
  [
    'no policy matches whom it covers',
    versionIn('9.x'),
    'no policy matches whom it covers. For example server.version 9.0.0.0 at 2026-09-08T00:00:00Z.',
  ],
  [
    'its conditions exclude each other',
    `${versionIn('8.x')}, ${versionIn('9.x')}`,
    'its conditions exclude each other.',
  ],
  [
    'one before it covers them all',
    `${versionIn('8.x')}, ${is('helo', 'a.example')}`,
    'wherever it holds, the exemption a comes first.',
  ],
])('an exemption is idle where %s', (_why, whom, reason) => {
  expect(told('exemption-idle', OLD, exemption('a', is('helo', 'a.example')), exemption('b', whom))).toEqual([
    `b.exemptions.yaml:1 The exemption b exempts nothing: ${reason}`,
  ]);
});

test.each([
  ['a policy matches some of them', versionIn('>=8.3'), OLD],
  ['it has ended already', `${versionIn('9.x')}`, OLD],
  ['there is no policy at all', versionIn('9.x'), {}],
])('an exemption is not told of as idle where %s', (why, whom, policies) => {
  const until = why.includes('ended') ? '2026-01-01' : '2027-09-08';
  expect(told('exemption-idle', policies, exemption('a', whom, until))).toEqual([]);
});

test('nothing is told of exemptions while a policy has an error: it may be the one that is meant', () => {
  const faulty = policy('faulty', versionIn('9.x'), { more: 'mode: enforced' });
  expect(told('exemption-idle', OLD, faulty, exemption('a', versionIn('9.x')))).toEqual([]);
});
