import { fileURLToPath } from 'node:url';
import { compileCondition } from '@sluice/engine/decision/compile-condition.js';
import { connectorFacts, INTERNET_CONNECTOR } from '@sluice/engine/decision/connector.js';
import { buildFacts } from '@sluice/engine/decision/derive-facts.js';
import { operatorLookup } from '@sluice/engine/decision/rules-engine.js';
import type { Policy, PolicySet } from '@sluice/engine/policy/policy-set.js';
import { readPolicyFolder } from '@sluice/engine/policy/read-policy-folder.js';
import { readPolicySet } from '@sluice/engine/policy/read-policy-set.js';
import { describe, expect, it } from 'vitest';
import { MAILER } from '../features/mailer.fixture.js';
import { inSet, NOW } from '../workspace/document.fixture.js';
import { Matching } from './matching.js';

/** A policy with this condition beside those of the set. */
function withCondition(when: string): { readonly policySet: PolicySet; readonly policy: Policy } {
  const text = `name: asked\nmode: enforce\npriority: 1\nstages: [{ name: a, after: 0d }]\nwhen: ${when}\n`;
  const policySet = inSet({ ...MAILER, 'asked.policy.yaml': text }, 'asked.policy.yaml').snapshot.reading.sound;
  const policy = policySet.policies.find(({ name }) => name === 'asked');
  if (policy === undefined) throw new Error(`${when} is not sound`);
  return { policySet, policy };
}

function buildsFor(when: string): readonly string[] | undefined {
  const { policySet, policy } = withCondition(when);
  return new Matching(policySet, NOW).buildsFor(policy.when)?.map(({ name }) => name);
}

describe('the builds that a condition can match', () => {
  it.each([
    [
      'by their versions',
      '{ all: [{ fact: server.version, operator: versionIn, value: 1.x }] }',
      ['Mailer 1 RTM', 'Mailer 1 SU1'],
    ],
    [
      'by their release',
      '{ all: [{ fact: server.build.released, operator: before, value: 2020-06-01 }] }',
      ['Mailer 1 RTM'],
    ],
    [
      'by what the catalogue lacks',
      '{ all: [{ fact: server.build.released, operator: exists, value: false }] }',
      ['Mailer 2 RTM', 'Mailer 2 SP1'],
    ],
    [
      'by what they are not',
      '{ all: [{ not: { fact: server.product, operator: equal, value: Mailer 1 } }] }',
      ['Mailer 2 RTM', 'Mailer 2 SP1'],
    ],
    [
      'whatever the facts are that hang on no build',
      '{ all: [{ fact: helo, operator: equal, value: a.example }, { fact: server.version, operator: versionIn, value: 2.1.x }] }',
      ['Mailer 2 SP1'],
    ],
    [
      'all of them, where another fact can decide alone',
      '{ any: [{ not: { fact: helo, operator: equal, value: a.example } }, { fact: server.version, operator: versionIn, value: 2.1.x }] }',
      ['Mailer 1 RTM', 'Mailer 1 SU1', 'Mailer 2 RTM', 'Mailer 2 SP1'],
    ],
    [
      'none, where the time has not come',
      '{ all: [{ fact: time, operator: after, value: 2027-01-01 }, { fact: server.version, operator: versionIn, value: 1.x }] }',
      [],
    ],
  ])('are found %s', (_, when, expected) => {
    expect(buildsFor(when)).toEqual(expected);
  });

  it('are not told where the condition asks for none', () => {
    expect(buildsFor('{ condition: ours }')).toBeUndefined();
  });

  it('hold each build that matches with some connector, in the sample policies', async () => {
    const files = await readPolicyFolder(fileURLToPath(new URL('../../../policies', import.meta.url)));
    const { sound } = readPolicySet(files, NOW);
    const { catalogue, conditions, connectors } = sound;
    const builds = catalogue.products.flatMap((product) => product.builds);
    const matching = new Matching(sound, NOW);
    expect(sound.policies.length).toBeGreaterThan(0);
    for (const { when } of sound.policies) {
      const holds = compileCondition(when, { conditions, operator: operatorLookup() });
      const matched = builds.filter(({ version }) =>
        connectors.some((connector) =>
          holds({
            ...connectorFacts(connector),
            ...buildFacts(catalogue, version, NOW),
            'server.version': version,
            time: NOW,
          }),
        ),
      );
      expect(matched.length).toBeGreaterThan(0);
      expect(matching.buildsFor(when)).toEqual(matched);
    }
  });
});

describe('an example of a connection', () => {
  it('comes in by a connector that the condition wants, with the newest build that it can match', () => {
    const { policySet, policy } = withCondition(
      '{ all: [{ condition: ours }, { fact: server.version, operator: versionIn, value: <2.1 }] }',
    );
    expect(new Matching(policySet, NOW).exampleFor(policy.when)).toMatchObject({
      'connector.name': 'inside',
      'server.build': 'Mailer 2 RTM',
      'server.product': 'Mailer 2',
    });
  });

  it('comes in from anywhere, without a build, where nothing can match', () => {
    const { policySet, policy } = withCondition(
      '{ all: [{ fact: connector.type, operator: equal, value: Partner }, { fact: server.version, operator: versionIn, value: 9.x }] }',
    );
    const facts = new Matching(policySet, NOW).exampleFor(policy.when);
    expect(facts['connector.name']).toBe(INTERNET_CONNECTOR.name);
    expect(facts['server.version']).toBeUndefined();
  });
});
