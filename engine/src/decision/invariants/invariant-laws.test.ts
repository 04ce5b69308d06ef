import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type EpochMillis, epochMillis } from '../../policy/instant.js';
import { instantOf, policySetOf } from '../../policy/policy-text.fixture.js';
import { compareVersions, type Version, version } from '../../policy/version.js';
import { compileCondition } from '../compile-condition.js';
import { compilePolicySet } from '../compile-policy-set.js';
import type { CompiledPolicySet } from '../compiled-policy-set.js';
import { decide } from '../decide.js';
import { deriveFacts } from '../derive-facts.js';
import {
  decisionTimes,
  factsOf,
  policySets,
  policyTextsOf,
  type WrittenPolicySet,
  writtenFacts,
} from '../policy-set-arbitrary.fixture.js';
import { operatorLookup } from '../rules-engine.js';
import { DAY, detectedRecord, HOUR } from '../sample-policies.fixture.js';
import type { ServerRecord } from '../server-record.js';
import { checkInvariants } from './check-invariants.js';
import { isWorse, NO_SEVERITY, refuses } from './refusal-route.js';

const NOW = instantOf('2026-06-01');
const POLICY_SETS = 400;

const connections = fc.record({
  texts: writtenFacts,
  at: decisionTimes,
  days: fc.constantFrom(0, 30, 90, 400),
  refusals: fc.constantFrom(0, 6),
});

/** A policy set with one invariant, and what the check says of it. */
function checked(written: WrittenPolicySet, statement: object) {
  const invariants = JSON.stringify({ invariants: [{ name: 'it', ...statement }] });
  const policySet = policySetOf({ ...policyTextsOf(written), 'a.invariants.json': invariants });
  const [found] = checkInvariants({ policySet, sound: policySet }, NOW);
  return { compiled: compilePolicySet(policySet), verdict: found?.code ?? 'holds' };
}

function recordAt(now: EpochMillis, days: number, refusals: number): ServerRecord {
  const firstDetected = epochMillis(now - days * DAY);
  return detectedRecord({
    firstDetected,
    firstSeen: epochMillis(firstDetected - 1),
    refusals: refusals === 0 ? [] : [{ hour: epochMillis(now - (now % HOUR)), count: refusals }],
  });
}

/** Minutes of the hour that are refused. */
function severity(
  compiled: CompiledPolicySet,
  ...[facts, record, now]: Parameters<typeof decide> extends [unknown, ...infer R] ? R : never
) {
  const { mode, window } = decide(compiled, facts, record, now);
  return mode === 'enforce' && window !== undefined ? window : NO_SEVERITY;
}

/** Whether servers can have been refused under another policy, so that thresholds can come into it at any time. */
function areRefused({ policySet }: CompiledPolicySet): boolean {
  return policySet.policies.filter(refuses).length > 1;
}

describe('an invariant that is said to hold', { timeout: 120_000 }, () => {
  test('protects every connection that is tried', () => {
    const verdicts: Record<string, number> = {};
    let tried = 0;
    fc.assert(
      fc.property(policySets, fc.array(connections, { minLength: 20, maxLength: 20 }), (written, met) => {
        const { compiled, verdict } = checked(written, { protected: { condition: 'c1' } });
        verdicts[verdict] = (verdicts[verdict] ?? 0) + 1;
        if (verdict !== 'holds') return;
        const { conditions } = compiled.policySet;
        const when = conditions.get('c1')?.when;
        if (when === undefined) throw new Error('c1 is part of every policy set');
        const holds = compileCondition(when, { conditions, operator: operatorLookup(), compiled: new Map() });
        for (const { texts, at, days, refusals } of met) {
          const [facts, now] = [plainFacts(texts), instantOf(at)];
          const record = recordAt(now, days, areRefused(compiled) ? refusals : 0);
          if (!holds(deriveFacts(compiled, facts, record, now))) continue;
          tried++;
          expect(severity(compiled, facts, record, now)).toEqual(NO_SEVERITY);
        }
      }),
      { numRuns: POLICY_SETS },
    );
    expect(tried).toBeGreaterThan(100);
    expect(verdicts).toEqual({
      holds: expect.any(Number),
      'invariant-violated': expect.any(Number),
      'invariant-undecided': expect.any(Number),
    });
  });

  test('treats no newer version worse of those that are tried', () => {
    const verdicts: Record<string, number> = {};
    fc.assert(
      fc.property(policySets, fc.array(connections, { minLength: 5, maxLength: 5 }), (written, met) => {
        const { compiled, verdict } = checked(written, { newerIsNeverWorse: {} });
        verdicts[verdict] = (verdicts[verdict] ?? 0) + 1;
        if (verdict !== 'holds') return;
        for (const { texts, at, days, refusals } of met) {
          const now = instantOf(at);
          const record = recordAt(now, days, areRefused(compiled) ? refusals : 0);
          const refused = LANE.map((sent) =>
            severity(compiled, { ...plainFacts(texts), 'server.version': sent }, record, now),
          );
          for (const [index, newer] of refused.entries()) {
            for (const older of refused.slice(0, index)) expect(isWorse(newer, older)).toBe(false);
          }
        }
      }),
      { numRuns: POLICY_SETS },
    );
    expect(verdicts['holds']).toBeGreaterThan(10);
    expect(verdicts['invariant-violated']).toBeGreaterThan(10);
  });
});

/** Versions of one lane of the catalogue of the policy sets, in their order. */
const LANE: readonly Version[] = [0, 8, 9, 30, 31, 38, 39, 40, 61, 99]
  .map((revision) => version(15, 1, 2507, revision))
  .sort(compareVersions);

/** Facts without those that follow from others. */
function plainFacts(texts: Record<string, string>) {
  const isPlain = ([name]: [string, unknown]) => !/^(?:connector|server\.(?!name|version)|time$)/.test(name);
  return Object.fromEntries(Object.entries(factsOf(texts)).filter(isPlain));
}
