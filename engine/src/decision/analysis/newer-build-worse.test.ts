import { expect, test } from 'vitest';
import { BUILDS, CONNECTORS, exemption, is, policy, told, versionIn } from './together.fixture.js';

test('a newer build is worse off where only it is refused, with an example', () => {
  expect(
    told(
      'newer-build-worse',
      CONNECTORS,
      BUILDS,
      policy('a', `${versionIn('2.0.0.5')}, ${is('connector.name', 'partner')}`),
    ),
  ).toEqual([
    'a.policy.yaml:1 The policy a treats Two SU1 (2.0.0.5) worse than the older Two (2.0.0.1): 60 minutes blocked in every hour in the end, against no policy. For example tls.name mail.fabrikam.example, server.version 2.0.0.5 at 2026-09-08T00:00:00Z.',
  ]);
});

test('a newer build is worse off where the older one is only throttled', () => {
  const milder = policy('b', versionIn('<2.0.0.5'));
  const text = Object.values(milder)[0]?.replace('block: always', 'throttle: 10m/h') ?? '';
  const found = told(
    'newer-build-worse',
    BUILDS,
    { 'b.policy.yaml': text },
    policy('a', versionIn('2.0.0.5'), { priority: 50 }),
  );
  expect(found).toEqual([expect.stringContaining('against b, 10 minutes throttled in every hour')]);
});

test.each([
  ['only the older one is refused', policy('a', versionIn('<2.0.0.5'))],
  ['both are refused alike', policy('a', versionIn('2.0.x'))],
  ['the newer one is of another lane', policy('a', versionIn('2.1.x'))],
  ['the policy only reports', policy('a', versionIn('2.0.0.5'), { more: 'mode: report' })],
  [
    'the policy has ended',
    policy('a', versionIn('2.0.0.5'), { more: 'mode: enforce\neffective: { until: 2026-01-01 }' }),
  ],
  ['the older one is exempted', { ...policy('a', versionIn('2.0.x')), ...exemption('e', versionIn('2.0.0.1')) }],
])('a newer build is not worse off where %s', (_why, texts) => {
  expect(told('newer-build-worse', BUILDS, texts)).toEqual([]);
});
