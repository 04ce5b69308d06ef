import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { epochMillis } from '../policy/instant.js';
import { instantOf, policySetOf } from '../policy/policy-text.fixture.js';
import { compilePolicySet } from './compile-policy-set.js';
import type { CompiledPolicySet } from './compiled-policy-set.js';
import { decide } from './decide.js';
import type { Decision } from './decision.js';
import { windowOffsetSeconds } from './enforcement-window.js';
import { decisionTimes, factsOf, policySets, policyTextsOf, writtenFacts } from './policy-set-arbitrary.fixture.js';
import {
  compiledOf,
  DAY_0,
  daysLater,
  detectedRecord,
  factsFrom,
  HOUR,
  MINUTE,
  outdatedPolicy,
} from './sample-policies.fixture.js';
import { type ServerRecord, serverId } from './server-record.js';

const records: fc.Arbitrary<ServerRecord | undefined> = fc.option(
  fc
    .record({
      name: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
      firstDetected: fc.option(fc.integer({ min: -800, max: 300 }), { nil: undefined }),
      pauses: fc.array(fc.tuple(fc.integer({ min: -100, max: 300 }), fc.nat(60)), { maxLength: 2 }),
      refusals: fc.nat(8),
    })
    .map(({ name, firstDetected, pauses, refusals }) =>
      detectedRecord({
        id: serverId('internet', name),
        name,
        pauses: pauses.map(([from, days]) => ({ from: daysLater(from), until: daysLater(from + days) })),
        refusals: [{ hour: epochMillis(Math.floor(DAY_0 / HOUR) * HOUR), count: refusals }],
        ...(firstDetected === undefined ? {} : { firstDetected: daysLater(firstDetected) }),
      }),
    ),
  { nil: undefined },
);

/** Calls back for many connections under many policy sets. */
function forAll(law: (compiled: CompiledPolicySet, decideOnce: () => Decision, input: Input) => void): void {
  const connections = fc.record({ texts: writtenFacts, at: decisionTimes, record: records, minute: fc.nat(59) });
  fc.assert(
    fc.property(policySets, fc.array(connections, { minLength: 5, maxLength: 15 }), (written, met) => {
      const compiled = compilePolicySet(policySetOf(policyTextsOf(written)));
      for (const { texts, at, record, minute } of met) {
        const input = { facts: factsOf(texts), record, now: epochMillis(instantOf(at) + minute * MINUTE) };
        law(compiled, () => decide(compiled, input.facts, record, input.now), input);
      }
    }),
    { numRuns: 150 },
  );
}

interface Input {
  readonly facts: object;
  readonly record: ServerRecord | undefined;
  readonly now: number;
}

describe('a decision', { timeout: 60_000 }, () => {
  it('is the same for the same arguments, and changes none of them', () => {
    forAll((compiled, decideOnce, { facts, record }) => {
      deepFreeze(compiled.policySet);
      deepFreeze(compiled.settings);
      deepFreeze(facts);
      deepFreeze(record);
      expect(decideOnce()).toEqual(decideOnce());
    });
  });

  it('refuses with a reply of the right class, and accepts without one', () => {
    forAll((_compiled, decideOnce) => {
      const { action, reply } = decideOnce();
      const expected = { accept: undefined, throttle: 4, block: 5 }[action];
      expect(reply === undefined ? undefined : Math.floor(reply.code / 100)).toBe(expected);
    });
  });

  it('refuses only within its window, only in mode enforce, and never in a pause or under an exemption', () => {
    let refused = 0;
    forAll((_compiled, decideOnce, { now }) => {
      const { action, window, mode, paused, exemption } = decideOnce();
      if (action === 'accept') return;
      refused++;
      expect([mode, paused, exemption, window?.phase]).toEqual(['enforce', undefined, undefined, action]);
      expect(window !== undefined && window.opensAt <= now && now < window.closesAt).toBe(true);
    });
    expect(refused).toBeGreaterThan(20);
  });

  it('names what decided: an exemption, a policy with its place, or nothing', () => {
    forAll((compiled, decideOnce) => {
      const { exemption, policy, stage, source, elapsed, revision } = decideOnce();
      expect(revision).toBe(compiled.policySet.revision);
      if (exemption !== undefined) expect(policy).toBeUndefined();
      expect([stage === undefined, source === undefined, elapsed === undefined]).toEqual(
        Array(3).fill(policy === undefined),
      );
    });
  });
});

describe('as time passes', () => {
  const compiled = compiledOf({ 'p.policy.json': outdatedPolicy() });
  const facts = factsFrom({ 'server.version': '8.3.517.0' });
  const order = ['report', 'slow', 'mixed', 'blocked'];
  const days = fc.integer({ min: -10, max: 400 * 24 });

  it('neither the clock nor the stage of a server ever goes backwards', () => {
    fc.assert(
      fc.property(records, days, fc.nat(400 * 24), (record, hour, hoursLater) => {
        const before = decide(compiled, facts, record ?? detectedRecord(), daysLater(0, hour * HOUR));
        const after = decide(compiled, facts, record ?? detectedRecord(), daysLater(0, (hour + hoursLater) * HOUR));
        if (record !== undefined && record.firstDetected === undefined) return;
        expect(after.elapsed ?? 0).toBeGreaterThanOrEqual(before.elapsed ?? 0);
        expect(order.indexOf(after.stage ?? '')).toBeGreaterThanOrEqual(order.indexOf(before.stage ?? ''));
      }),
    );
  });

  it('the next stage comes when it was said to, and not a millisecond before', () => {
    fc.assert(
      fc.property(records, fc.integer({ min: 0, max: 100 }), (record, day) => {
        const known = record ?? detectedRecord();
        if (known.firstDetected === undefined || known.firstDetected > daysLater(day)) return;
        const { next, stage } = decide(compiled, facts, known, daysLater(day));
        if (next === undefined) return;
        expect(decide(compiled, facts, known, next.at).stage).toBe(next.stage);
        expect(decide(compiled, facts, known, epochMillis(next.at - 1)).stage).toBe(stage);
      }),
    );
  });

  it('exactly the minutes of the stage are refused in every hour', () => {
    fc.assert(
      fc.property(fc.integer({ min: 61, max: 88 }), fc.string(), (day, name) => {
        const record = detectedRecord({ id: serverId('internet', name), name });
        const hour = Math.ceil(daysLater(day) / HOUR) * HOUR;
        const start = hour + (windowOffsetSeconds(record.id) % 60) * 1000;
        const actions = Array.from({ length: 60 }, (_, minute) => {
          return decide(compiled, facts, record, epochMillis(start + minute * MINUTE)).action;
        });
        expect(actions.filter((action) => action === 'throttle')).toHaveLength(20);
        expect(actions.filter((action) => action === 'block')).toHaveLength(10);
      }),
      { numRuns: 30 },
    );
  });
});

/** Makes every change of a value throw. */
function deepFreeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  const parts = value instanceof Map ? [...value.values()] : Object.values(value);
  for (const part of parts) deepFreeze(part);
}
