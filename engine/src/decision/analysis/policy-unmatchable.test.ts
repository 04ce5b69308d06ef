import { describe, expect, test } from 'vitest';
import { CONNECTORS, is, policy, told, versionIn } from './together.fixture.js';

const OUTSIDE = '{ fact: client.address, operator: inNetwork, value: 203.0.113.0/24 }';
const YES_AND_NO = ['true', 'false'].map((value) => `{ fact: tls.verified, operator: notEqual, value: ${value} }`);

describe('a policy is unmatchable', () => {
  test.each([
    ['two ranges share no version', `${versionIn('8.x')}, ${versionIn('14.x')}`],
    [
      'nothing is left of alternatives',
      `{ not: { any: [${versionIn('<8')}, ${versionIn('>=8')}] } }, ${versionIn('*')}`,
    ],
    ['no address of the connector lies in the network', `${is('connector.name', 'ours')}, ${OUTSIDE}`],
    ['a yes-or-no is to be neither', YES_AND_NO.join()],
    [
      'it is in force only when the time that it asks for is over',
      "{ fact: time, operator: before, value: '2026-01-01' }",
    ],
  ])('where %s', (_why, when) => {
    const more = 'mode: enforce\neffective: { from: 2026-06-01 }';
    expect(told('policy-unmatchable', CONNECTORS, policy('a', when, { more }))).toHaveLength(1);
  });

  test.each([
    ['a certificate leads to the connector whatever the address', `${is('connector.name', 'partner')}, ${OUTSIDE}`],
    [
      'it hangs on expressions, which count as independent',
      '{ fact: helo, operator: matches, value: "^a" }, { fact: helo, operator: matches, value: "^b" }',
    ],
    ['it is only shadowed', versionIn('8.3.x')],
  ])('but not where %s', (_why, when) => {
    const all = policy('all', versionIn('8.x'), { priority: 200 });
    expect(told('policy-unmatchable', CONNECTORS, all, policy('a', when))).toEqual([]);
  });
});
