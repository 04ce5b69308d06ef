import { expect, it } from 'vitest';
import { type PolicyTexts, policySetOf, READING_TIME } from '../../policy/policy-text.fixture.js';
import { changeWords } from './change-words.js';
import { diffPolicySets } from './diff-policy-sets.js';
import { whereWords } from './difference-words.js';

const POLICIES = 5_000;
const CONNECTORS = 20;

/** For each connector and each lane of builds, whatever lies below a minimum; `raised` are policies with a higher one. */
function lanedPolicies(raised: readonly number[]): PolicyTexts {
  const connectors = Array.from({ length: CONNECTORS }, (_, index) => ({
    name: `connector-${index}`,
    type: 'Partner',
    match: { networks: [`10.${index}.0.0/16`] },
  }));
  const policies = Array.from({ length: POLICIES }, (_, index) => {
    const lane = Math.floor(index / CONNECTORS);
    const prefix = `15.${lane % 3}.${500 + 7 * Math.floor(lane / 3)}`;
    const minimum = 10 + ((index * 7_919) % 50) + (raised.includes(index) ? 3 : 0);
    const policy = {
      name: `policy-${index}`,
      mode: 'enforce',
      priority: 50,
      when: {
        all: [
          { fact: 'connector.name', operator: 'equal', value: `connector-${index % CONNECTORS}` },
          { fact: 'server.version', operator: 'versionIn', value: `>=${prefix}.0 <${prefix}.${minimum}` },
        ],
      },
      stages: [
        { name: 'report', after: '0d' },
        { name: 'slow', after: '30d', throttle: '5m/h' },
        { name: 'blocked', after: '90d', block: 'always' },
      ],
    };
    return [`p${index}.policy.json`, JSON.stringify(policy)];
  });
  return { 'a.connectors.json': JSON.stringify({ connectors }), ...Object.fromEntries(policies) };
}

it('of 5,000 policies in which two boundaries moved, the diff names exactly the two', { timeout: 120_000 }, () => {
  const before = policySetOf(lanedPolicies([]));
  const after = policySetOf(lanedPolicies([1_234, 4_923]));
  const { differences, equivalent, isCut } = diffPolicySets(before, after, READING_TIME);
  expect({ equivalent, isCut }).toStrictEqual({ equivalent: false, isCut: false });
  const changes = [
    'days 30–90: accepted → throttle 5 min/h',
    'from day 90 on: accepted → blocked',
    "the server's clock starts",
  ];
  expect(
    differences.map((each) => ({
      where: whereWords(each.region),
      changes: each.changes.map(changeWords),
      after: each.after.named.map(({ name }) => name),
      shows: each.witness?.shows,
    })),
  ).toStrictEqual([
    {
      where: 'server.version from 15.0.1074.47 to before 15.0.1074.50; on connector connector-3',
      changes,
      after: ['policy-4923'],
      shows: 'decision',
    },
    {
      where: 'server.version from 15.1.640.56 to before 15.1.640.59; on connector connector-14',
      changes,
      after: ['policy-1234'],
      shows: 'decision',
    },
  ]);
});
