import { expect, test } from 'vitest';
import { BUILDS, CONNECTORS, is, policy, told, versionIn } from './together.fixture.js';

test.each([
  [
    'no policy is about them',
    versionIn('2.x'),
    'No policy reaches any known build of Contoso Mail 1, out of support, on a connector of type OnPremises: from One (1.0.0.1) to One SU1 (1.0.0.5).',
  ],
  [
    'a policy leaves one of them',
    versionIn('<1.0.0.5'),
    'No policy reaches one of the 2 known builds of Contoso Mail 1, out of support, on a connector of type OnPremises: One SU1 (1.0.0.5).',
  ],
  [
    'a policy is about others',
    `${versionIn('1.x')}, ${is('connector.type', 'Partner')}`,
    'No policy reaches any known build of Contoso Mail 1',
  ],
])('builds out of support are uncovered where %s', (_why, when, message) => {
  const [found, ...others] = told('build-uncovered', CONNECTORS, BUILDS, policy('a', when));
  expect(found).toContain(`contoso.builds.yaml:2 ${message}`);
  expect(found).toMatch(
    /For example client\.address 192\.0\.2\.0, server\.version 1\.0\.0\.[15] at 2026-09-08T00:00:00Z: no policy matches\.$/,
  );
  expect(others).toEqual([]);
});

test.each([
  ['a policy reaches them only under more conditions', `${versionIn('1.x')}, ${is('helo', 'a.example')}`, CONNECTORS],
  [
    'a policy reaches them later',
    `${versionIn('1.x')}, { fact: time, operator: after, value: '2030-01-01' }`,
    CONNECTORS,
  ],
  ['there is no connector of type OnPremises', versionIn('2.x'), {}],
])('builds are not uncovered where %s', (_why, when, connectors) => {
  expect(told('build-uncovered', connectors, BUILDS, policy('a', when))).toEqual([]);
});
