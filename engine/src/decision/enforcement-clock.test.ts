import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { durationMillis } from '../policy/duration.js';
import { epochMillis } from '../policy/instant.js';
import { clockArrivesAt, clockStartedAt, elapsedSince, pauseAt, refusalsWithin } from './enforcement-clock.js';
import { DAY, DAY_0, daysLater, detectedRecord, HOUR } from './sample-policies.fixture.js';
import type { Pause } from './server-record.js';

const ALWAYS = { effective: {} };

function pause(from: number, until: number): Pause {
  return { from: daysLater(from), until: daysLater(until) };
}

const pauses = fc.array(
  fc.tuple(fc.integer({ min: -50, max: 150 }), fc.nat(40)).map(([from, days]) => pause(from, from + days)),
  { maxLength: 5 },
);

describe('the clock of a server', () => {
  it.each<[string, Pause[], number, number]>([
    ['runs from the first detection', [], 35, 35],
    ['stands at 0 before it', [], -5, 0],
    ['stands during a pause', [pause(10, 20)], 15, 10],
    ['goes on behind a pause', [pause(10, 20)], 21, 11],
    ['counts no part of a pause before the detection', [pause(-20, 5)], 10, 5],
    ['counts a pause to come not at all', [pause(50, 60)], 40, 40],
    ['counts overlapping pauses once', [pause(10, 20), pause(15, 25)], 30, 15],
    ['counts a pause within another once', [pause(10, 30), pause(15, 20)], 40, 20],
    ['counts equal pauses once', [pause(10, 20), pause(10, 20)], 30, 20],
    ['takes pauses in any order', [pause(25, 30), pause(5, 10)], 40, 30],
    ['takes a pause that ends before it begins for none', [pause(20, 10)], 30, 30],
    ['stands in a pause from its beginning on', [pause(0, 90)], 60, 0],
  ])('%s', (_what, given, day, expected) => {
    expect(elapsedSince(DAY_0, ALWAYS, given, daysLater(day))).toBe(expected * DAY);
  });

  it('never starts before the policy is effective', () => {
    const policy = { effective: { from: daysLater(10) } };
    expect(elapsedSince(DAY_0, policy, [], daysLater(35))).toBe(25 * DAY);
    expect(elapsedSince(DAY_0, policy, [pause(5, 15)], daysLater(35))).toBe(20 * DAY);
    expect(elapsedSince(DAY_0, policy, [], daysLater(5))).toBe(0);
    expect(elapsedSince(daysLater(20), policy, [], daysLater(35))).toBe(15 * DAY);
  });

  it('never goes backwards, and never runs faster than time', () => {
    fc.assert(
      fc.property(pauses, fc.nat(100 * DAY), fc.nat(30 * DAY), (given, millis, step) => {
        const before = elapsedSince(DAY_0, ALWAYS, given, daysLater(0, millis));
        const after = elapsedSince(DAY_0, ALWAYS, given, daysLater(0, millis + step));
        expect(after - before).toBeGreaterThanOrEqual(0);
        expect(after - before).toBeLessThanOrEqual(step);
      }),
    );
  });

  it('runs as the sum over its days says', () => {
    fc.assert(
      fc.property(pauses, fc.integer({ min: 0, max: 150 }), (given, day) => {
        const days = Array.from({ length: day }, (_, index) => daysLater(index));
        const running = days.filter((at) => !given.some(({ from, until }) => from <= at && at < until));
        expect(elapsedSince(DAY_0, ALWAYS, given, daysLater(day))).toBe(running.length * DAY);
      }),
    );
  });

  it('arrives when it was said to, and not a millisecond before', () => {
    fc.assert(
      fc.property(pauses, fc.nat(100), fc.integer({ min: 1, max: 100 }), (given, day, wait) => {
        const now = daysLater(day);
        const goal = elapsedSince(DAY_0, ALWAYS, given, now) + wait * DAY;
        const arrival = clockArrivesAt(durationMillis(wait * DAY), given, now);
        expect(elapsedSince(DAY_0, ALWAYS, given, arrival)).toBe(goal);
        expect(elapsedSince(DAY_0, ALWAYS, given, epochMillis(arrival - 1))).toBe(goal - 1);
      }),
    );
  });

  it('arrives behind all pauses that overlap', () => {
    const given = [pause(0, 10), pause(5, 20), pause(25, 30)];
    expect(clockArrivesAt(durationMillis(3 * DAY), given, daysLater(7))).toBe(daysLater(23));
    expect(clockArrivesAt(durationMillis(5 * DAY), given, daysLater(7))).toBe(daysLater(25));
    expect(clockArrivesAt(durationMillis(6 * DAY), given, daysLater(7))).toBe(daysLater(31));
    expect(clockArrivesAt(durationMillis(0), [], daysLater(7))).toBe(daysLater(7));
  });

  it('has run as long as it is said to have when it is set back', () => {
    fc.assert(
      fc.property(pauses, fc.nat(100), fc.nat(100), (given, day, spent) => {
        const start = clockStartedAt(durationMillis(spent * DAY), given, daysLater(day));
        expect(elapsedSince(start, ALWAYS, given, daysLater(day))).toBe(spent * DAY);
      }),
    );
  });
});

describe('a pause', () => {
  it('holds from its beginning up to its end, without it', () => {
    const given = [pause(10, 20), pause(30, 40)];
    const at = [daysLater(10, -1), daysLater(10), daysLater(20, -1), daysLater(20), daysLater(35)];
    expect(at.map((instant) => pauseAt(given, instant)?.from)).toEqual([
      undefined,
      daysLater(10),
      daysLater(10),
      undefined,
      daysLater(30),
    ]);
  });
});

describe('the refusals of a server', () => {
  const hour = (hours: number, count: number) => ({ hour: epochMillis(daysLater(0, hours * HOUR)), count });
  const record = detectedRecord({
    refusals: [hour(0, 1), hour(-1, 10), hour(-23, 100), hour(-24, 1000), hour(-25, 10_000)],
  });

  it.each([
    [1, 0, 11],
    [2, 0, 11],
    [23, 0, 111],
    [24, 0, 1111],
    [24, HOUR - 1, 1111],
    [24, HOUR, 111],
    [1, HOUR, 1],
  ])('within %d h, %d ms after the full hour, are %d', (hours, later, expected) => {
    expect(refusalsWithin(record, durationMillis(hours * HOUR), epochMillis(daysLater(0) + later))).toBe(expected);
  });

  it('are none where nothing is remembered', () => {
    expect(refusalsWithin(undefined, durationMillis(24 * HOUR), DAY_0)).toBe(0);
  });
});
