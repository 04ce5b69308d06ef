import { describe, expect, it } from 'vitest';
import { type EpochMillis, epochMillis } from '../policy/instant.js';
import { decide } from './decide.js';
import { remember } from './observe.js';
import { compiledOf, daysLater, detectedRecord, factsFrom, HOUR, outdatedPolicy } from './sample-policies.fixture.js';

const COMPILED = compiledOf({ 'p.policy.json': outdatedPolicy() });
const OLD = factsFrom({ 'server.version': '8.3.517.0' });

describe('what is told and refused', () => {
  const detected = detectedRecord();
  const blockedAt = (at: EpochMillis, record = detected) => decide(COMPILED, OLD, record, at);

  it('is the stage, once each', () => {
    const told = remember(detected, blockedAt(daysLater(1)), daysLater(1), false);
    expect(told.told).toEqual({ policy: 'outdated', stage: 'report', at: daysLater(1) });
    expect(remember(told, blockedAt(daysLater(2)), daysLater(2), false)).toBe(told);
    const later = remember(told, blockedAt(daysLater(91)), daysLater(91), false);
    expect(later.told).toEqual({ policy: 'outdated', stage: 'blocked', at: daysLater(91) });
  });

  it('counts refusals by the hour', () => {
    const hour = Math.ceil(daysLater(91) / HOUR) * HOUR;
    let record = detected;
    for (const at of [0, 1, HOUR - 1, HOUR, 3 * HOUR]) {
      const now = epochMillis(hour + at);
      record = remember(record, blockedAt(now, record), now, false);
    }
    expect(record.refusals).toEqual([
      { hour: hour + 3 * HOUR, count: 1 },
      { hour: hour + HOUR, count: 1 },
      { hour, count: 3 },
    ]);
  });

  it('counts one delivery once, though it asks several times', () => {
    const once = remember(detected, blockedAt(daysLater(91)), daysLater(91), false);
    expect(remember(once, blockedAt(daysLater(91)), daysLater(91), true)).toBe(once);
    const repeatedFirst = remember(detected, blockedAt(daysLater(91)), daysLater(91), true);
    expect(repeatedFirst).toMatchObject({ refusals: [], told: { stage: 'blocked' } });
  });

  it('counts no acceptance, and none that only would have been refused', () => {
    const report = compiledOf({ 'p.policy.json': outdatedPolicy({ mode: 'report' }) });
    const wouldBe = decide(report, OLD, detected, daysLater(91));
    expect(wouldBe.wouldBe?.action).toBe('block');
    expect(remember(detected, wouldBe, daysLater(91), false).refusals).toEqual([]);
    expect(remember(detected, { action: 'accept', revision: 'r' }, daysLater(1), false)).toBe(detected);
  });

  it('forgets what is older than a day, so that it stays small', () => {
    let record = detected;
    for (let hour = 0; hour < 500; hour++) {
      const now = epochMillis(daysLater(91) + hour * HOUR);
      record = remember(record, blockedAt(now, record), now, false);
    }
    expect(record.refusals.length).toBeLessThanOrEqual(26);
    expect(record.refusals.every(({ count }) => count === 1)).toBe(true);
  });

  it('brings the stage that a threshold asks for', () => {
    const compiled = compiledOf({
      'p.policy.json': outdatedPolicy({ thresholds: [{ refusals: 3, within: '1h', advanceTo: 'blocked' }] }),
    });
    let record = detected;
    const stages: (string | undefined)[] = [];
    for (let minute = 0; minute < 60; minute++) {
      const now = epochMillis(daysLater(31) + minute * 60_000);
      const decision = decide(compiled, OLD, record, now);
      record = remember(record, decision, now, false);
      stages.push(decision.stage);
    }
    expect(stages.filter((stage) => stage === 'slow').length).toBeGreaterThan(0);
    expect(stages.at(-1)).toBe('blocked');
  });
});
