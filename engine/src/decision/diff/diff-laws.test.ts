import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FACTS, type Facts } from '../../policy/fact.js';
import { epochMillis } from '../../policy/instant.js';
import { instantOf, policySetOf } from '../../policy/policy-text.fixture.js';
import { compilePolicySet } from '../compile-policy-set.js';
import { decide } from '../decide.js';
import { hasCell } from '../diagram/cell-set.js';
import { selectionOf } from '../make-selection.js';
import {
  decisionTimes,
  factsOf,
  policySets,
  policyTextsOf,
  type WrittenPolicySet,
  writtenFacts,
} from '../policy-set-arbitrary.fixture.js';
import { type ServerRecord, serverId } from '../server-record.js';
import { type Difference, diffPolicySets } from './diff-policy-sets.js';
import type { OutcomeChange } from './outcome-change.js';
import { outcomeDiagrams } from './outcome-diagrams.js';

const NOW = instantOf('2026-06-01');
const DAY = 86_400_000;

/** A set, and the same with some of its policies, conditions and exemptions from another one. */
const changedSets = fc
  .tuple(policySets, policySets, fc.integer({ min: 1, max: 7 }))
  .map(([set, other, which]): [WrittenPolicySet, WrittenPolicySet] => [
    set,
    {
      policies: which & 1 ? [...other.policies.slice(0, 1), ...set.policies.slice(1)] : set.policies,
      conditions: which & 2 ? other.conditions : set.conditions,
      exemptions: which & 4 ? other.exemptions : set.exemptions,
    },
  ]);

describe('the exact diff of any policy sets', () => {
  it('finds that a set is equivalent to itself, and to itself with other words', () => {
    fc.assert(
      fc.property(policySets, (written) => {
        const set = policySetOf(policyTextsOf(written));
        const renamed = written.policies.map((policy) => ({ ...policy, description: 'In other words.', owner: 'me' }));
        const other = policySetOf(policyTextsOf({ ...written, policies: renamed }));
        expect(diffPolicySets(set, set, NOW).equivalent).toBe(true);
        expect(diffPolicySets(set, other, NOW).equivalent).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it('puts every connection that is decided otherwise into a region, and decides every example otherwise', () => {
    const tally = { otherwise: 0, examples: 0 };
    const met = fc.array(fc.tuple(writtenFacts, decisionTimes), { minLength: 30, maxLength: 30 });
    fc.assert(
      fc.property(changedSets, met, ([one, other], connections) => {
        const before = compilePolicySet(policySetOf(policyTextsOf(one)));
        const after = compilePolicySet(policySetOf(policyTextsOf(other)));
        const { differences, isCut } = diffPolicySets(before.policySet, after.policySet, NOW);
        if (isCut) return;
        const { exact } = outcomeDiagrams(before.policySet, after.policySet);
        for (const { witness } of differences) {
          if (witness?.shows !== 'decision') continue;
          tally.examples++;
          const { facts, record, time } = witness;
          const decisions = [decide(before, facts, record, time), decide(after, facts, record, time)];
          expect(decisions).toStrictEqual([witness.before, witness.after]);
          expect(noticed(decisions[0])).not.toBe(noticed(decisions[1]));
        }
        for (const [texts, at] of connections) {
          const facts = told(factsOf(texts));
          const time = instantOf(at);
          for (const record of [undefined, ...[0, 30, 60, 90].map((days) => recordOf(time, days))]) {
            if (noticed(decide(before, facts, record, time)) === noticed(decide(after, facts, record, time))) continue;
            tally.otherwise++;
            const [own, their] = [selectionOf(before, facts, record, time), selectionOf(after, facts, record, time)];
            const peer = exact.peers.findIndex(
              ({ connectors }) => connectors[0] === own.connector && connectors[1] === their.connector,
            );
            const holds = ({ cells }: Difference) =>
              [...cells].every(([variable, wanted]) =>
                hasCell(
                  wanted,
                  variable === exact.variables.connector ? peer : (exact.variables.all[variable]?.cellOf(own) ?? -1),
                ),
              );
            expect(differences.filter(holds)).toHaveLength(1);
          }
        }
      }),
      { numRuns: 30, interruptAfterTimeLimit: 60_000, markInterruptAsFailure: true },
    );
    expect(tally.otherwise).toBeGreaterThan(20);
    expect(tally.examples).toBeGreaterThan(20);
  }, 90_000);

  it('finds the mirror image of the changes the other way round', () => {
    fc.assert(
      fc.property(changedSets, ([one, other]) => {
        const [before, after] = [policySetOf(policyTextsOf(one)), policySetOf(policyTextsOf(other))];
        const there = diffPolicySets(before, after, NOW);
        const back = diffPolicySets(after, before, NOW);
        expect(there.equivalent).toBe(back.equivalent);
        if (there.isCut || back.isCut) return;
        expect(kindsOf(back.differences.map(({ changes }) => changes.map(mirrored)))).toStrictEqual(
          kindsOf(there.differences.map(({ changes }) => changes)),
        );
      }),
      { numRuns: 15, interruptAfterTimeLimit: 60_000, markInterruptAsFailure: true },
    );
  }, 90_000);
});

/** What a gateway tells. */
function told(facts: Facts): Facts {
  const names = FACTS.filter(({ name, origin }) => origin === 'connection' || /^server\.(?:version|name)$/.test(name));
  return Object.fromEntries(
    names.flatMap(({ name }) => (facts[name] === undefined ? [] : [[name, facts[name]]])),
  ) as Facts;
}

function recordOf(time: number, days: number): ServerRecord {
  const firstDetected = epochMillis(time - days * DAY);
  const seen = epochMillis(Math.min(time - 1, firstDetected));
  return {
    id: serverId('on-premises', 'mx'),
    connector: 'on-premises',
    name: 'mx',
    firstSeen: seen,
    lastSeen: seen,
    firstDetected,
    versions: [],
    pauses: [],
    refusals: [],
  };
}

function noticed(decision: ReturnType<typeof decide> | undefined): string {
  const wouldBe = decision?.wouldBe?.action === 'accept' ? undefined : decision?.wouldBe;
  return JSON.stringify([decision?.action, decision?.reply, wouldBe]);
}

function mirrored(change: OutcomeChange): OutcomeChange {
  return { ...change, before: change.after, after: change.before } as OutcomeChange;
}

/** Each sort of difference once: the regions may be cut in another way. */
function kindsOf(changes: readonly (readonly OutcomeChange[])[]): string[] {
  const words = changes.map((each) => each.map((change) => JSON.stringify(Object.entries(change).sort())).join());
  return [...new Set(words)].sort();
}
