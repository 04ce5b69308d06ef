import { describe, expect, it } from 'vitest';
import { epochMillis, formatInstant } from '../policy/instant.js';
import type { PolicyTexts } from '../policy/policy-text.fixture.js';
import { decide } from './decide.js';
import type { Decision } from './decision.js';
import { windowOffsetSeconds } from './enforcement-window.js';
import {
  compiledOf,
  DAY,
  DAY_0,
  daysLater,
  detectedRecord,
  factsFrom,
  HOUR,
  MINUTE,
  outdatedPolicy,
} from './sample-policies.fixture.js';
import type { Pause, RefusalCount, ServerRecord } from './server-record.js';

const OLD = factsFrom({ 'server.version': '8.3.517.0', 'client.address': '203.0.113.9' });
const NEW = factsFrom({ 'server.version': '15.1.2507.61' });

function decideWith(
  texts: PolicyTexts,
  now = DAY_0,
  record: ServerRecord | undefined = detectedRecord(),
  facts = OLD,
): Decision {
  return decide(compiledOf(texts), facts, record, now);
}

function policy(keys: Readonly<Record<string, unknown>> = {}): PolicyTexts {
  return { 'p.policy.json': outdatedPolicy(keys) };
}

/** On a day after the detection, so many minutes after the window of the server opens. */
function inWindow(day: number, minutes: number) {
  const hour = Math.floor(daysLater(day) / HOUR) * HOUR;
  return epochMillis(hour + windowOffsetSeconds(detectedRecord().id) * 1000 + minutes * MINUTE);
}

describe('the decision', () => {
  it.each<[string, Decision['action'], string, number]>([
    ['report', 'accept', 'report', inWindow(1, 0)],
    ['the minutes of 450', 'throttle', 'slow', inWindow(35, 5)],
    ['the rest of the hour', 'accept', 'slow', inWindow(35, 10)],
    ['450 first where both are due', 'throttle', 'mixed', inWindow(65, 19)],
    ['550 straight after', 'block', 'mixed', inWindow(65, 20)],
    ['mail flows after both', 'accept', 'mixed', inWindow(65, 30)],
    ['a whole block', 'block', 'blocked', inWindow(91, 59)],
  ])('%s: %s at stage %s', (_what, action, stage, now) => {
    expect(decideWith(policy(), epochMillis(now))).toMatchObject({
      action,
      stage,
      policy: 'outdated',
      mode: 'enforce',
    });
  });

  it.each([
    [0, 0, 'report'],
    [30, -1, 'report'],
    [30, 0, 'slow'],
    [60, -1, 'slow'],
    [60, 0, 'mixed'],
    [90, -1, 'mixed'],
    [90, 0, 'blocked'],
    [5000, 0, 'blocked'],
    [-1, 0, 'report'],
  ])('%d days and %d ms after the detection is at stage %s', (days, millis, stage) => {
    expect(decideWith(policy(), daysLater(days, millis)).stage).toBe(stage);
  });

  it('tells all that explains it', () => {
    const texts = policy({ replies: { throttle: '450 4.7.230 {server} throttled for {throttle.minutes} mins/hr.' } });
    const opensAt = inWindow(35, 0);
    expect(decideWith(texts, inWindow(35, 5))).toEqual({
      action: 'throttle',
      reply: { code: 450, status: '4.7.230', text: 'mx.example throttled for 10 mins/hr.' },
      policy: 'outdated',
      stage: 'slow',
      mode: 'enforce',
      connector: 'internet',
      server: 'internet/mx.example',
      elapsed: inWindow(35, 5) - DAY_0,
      window: { throttle: 10, block: 0, phase: 'throttle', opensAt, closesAt: opensAt + 10 * MINUTE },
      next: { stage: 'mixed', at: daysLater(60) },
      source: { file: 'p.policy.json', line: 1, column: 1 },
      revision: expect.stringMatching(/^[0-9a-f]{16}$/),
    });
  });

  it('takes a server without a record as detected now', () => {
    expect(decideWith(policy(), DAY_0, undefined)).toMatchObject({
      stage: 'report',
      elapsed: 0,
      next: { at: daysLater(30) },
    });
    const always = policy({ stages: [{ name: 'blocked', after: '0d', block: 'always' }] });
    expect(decideWith(always, DAY_0, undefined)).toMatchObject({ action: 'block', stage: 'blocked' });
  });

  it('has one window for a server, remembered or not', () => {
    const stages = [{ name: 'slow', after: '0d', throttle: '10m/h' }];
    const known = decideWith(policy({ stages }), DAY_0);
    const facts = { ...OLD, ...factsFrom({ 'server.name': 'mx.example' }) };
    expect(decideWith(policy({ stages }), DAY_0, undefined, facts).window).toEqual(known.window);
  });

  it('accepts what no policy matches', () => {
    const decision = decideWith(policy(), daysLater(91), detectedRecord(), NEW);
    expect(decision).toMatchObject({ action: 'accept' });
    expect(Object.keys(decision).sort()).toEqual(['action', 'connector', 'revision', 'server']);
  });
});

describe('the mode of a policy', () => {
  it('report: decides and tells, and never refuses', () => {
    expect(decideWith(policy({ mode: 'report' }), daysLater(91))).toMatchObject({
      action: 'accept',
      mode: 'report',
      stage: 'blocked',
      wouldBe: { action: 'block', reply: { code: 550 } },
    });
    expect(decideWith(policy({ mode: 'report' }), daysLater(1))).toMatchObject({ wouldBe: { action: 'accept' } });
    expect(decideWith(policy({ mode: 'report' }), daysLater(91))).toHaveProperty('reply', undefined);
  });

  it('off: as if it were not there', () => {
    const texts = { 'a.policy.json': outdatedPolicy({ name: 'a', mode: 'off', priority: 999 }), ...policy() };
    expect(decideWith(texts, daysLater(91)).policy).toBe('outdated');
    expect(decideWith(policy({ mode: 'off' }), daysLater(91))).not.toHaveProperty('policy');
  });
});

describe('the policy that decides', () => {
  it('is the one of highest priority of those that match', () => {
    const when = { all: [{ fact: 'server.version', operator: 'versionIn', value: '9.x' }] };
    const texts = {
      'a.policy.json': outdatedPolicy({ name: 'low', priority: 1 }),
      'b.policy.json': outdatedPolicy({ name: 'high', priority: 2 }),
      'c.policy.json': outdatedPolicy({ name: 'elsewhere', priority: 3, when }),
    };
    expect(decideWith(texts).policy).toBe('high');
  });

  it.each([
    [{ from: '2026-03-02' }, -1, undefined],
    [{ from: '2026-03-02' }, 0, 'outdated'],
    [{ until: '2026-03-02' }, -1, 'outdated'],
    [{ until: '2026-03-02' }, 0, undefined],
    [{ from: '2026-01-01', until: '2026-12-31' }, 0, 'outdated'],
  ])('is in force: %j, %d ms after 2026-03-02', (effective, millis, expected) => {
    const now = epochMillis(Date.UTC(2026, 2, 2) + millis);
    expect(decideWith(policy({ effective }), now).policy).toBe(expected);
  });

  it('starts no clock before it is effective', () => {
    const effective = { from: formatInstant(daysLater(20)) };
    expect(decideWith(policy({ effective }), daysLater(49))).toMatchObject({ stage: 'report', elapsed: 29 * DAY });
    expect(decideWith(policy({ effective }), daysLater(50)).stage).toBe('slow');
  });
});

describe('an exemption', () => {
  function exempting(keys: Readonly<Record<string, unknown>>): PolicyTexts {
    const exemption = {
      name: 'fax',
      whom: { all: [{ fact: 'server.name', operator: 'equal', value: 'mx.example' }] },
      reason: 'Old.',
      grantedBy: 'ciso',
      until: '2027-01-01',
      ...keys,
    };
    return { ...policy(), 'x.exemptions.json': JSON.stringify({ exemptions: [exemption] }) };
  }

  it.each<[string, Readonly<Record<string, unknown>>, boolean]>([
    ['in force', {}, true],
    ['that begins now', { from: formatInstant(daysLater(91)) }, true],
    ['that begins a second later', { from: formatInstant(daysLater(91, 1000)) }, false],
    ['that ends now', { until: formatInstant(daysLater(91)) }, false],
    ['that ends a second later', { until: formatInstant(daysLater(91, 1000)) }, true],
    ['of another server', { whom: { all: [{ fact: 'server.name', operator: 'equal', value: 'a.example' }] } }, false],
  ])('%s lets through: %s', (_what, keys, isExempted) => {
    const decision = decideWith(exempting(keys), daysLater(91));
    expect([decision.action, decision.exemption]).toEqual(isExempted ? ['accept', 'fax'] : ['block', undefined]);
    expect(decision.policy).toBe(isExempted ? undefined : 'outdated');
  });
});

describe('a pause', () => {
  const pause = (from: number, until: number): Pause => ({ from: daysLater(from), until: daysLater(until) });

  it('holds refusals and clock, and tells the stage at which it does', () => {
    const record = detectedRecord({ pauses: [pause(95, 100)] });
    const decision = decideWith(policy(), daysLater(97), record);
    expect(decision).toMatchObject({ action: 'accept', paused: true, stage: 'blocked', elapsed: 95 * DAY });
    expect(decision).toHaveProperty('reply', undefined);
    expect(decideWith(policy(), daysLater(95, -1), record)).toMatchObject({ action: 'block' });
    expect(decideWith(policy(), daysLater(100), record)).toMatchObject({ action: 'block', elapsed: 95 * DAY });
    expect(decideWith(policy(), daysLater(100), record)).toHaveProperty('paused', undefined);
  });

  it('moves the stages behind it', () => {
    const record = detectedRecord({ pauses: [pause(10, 20), pause(15, 25), pause(50, 60)] });
    expect(decideWith(policy(), daysLater(45, -1), record).stage).toBe('report');
    expect(decideWith(policy(), daysLater(45), record).stage).toBe('slow');
    expect(decideWith(policy(), daysLater(12), record).next).toEqual({ stage: 'slow', at: daysLater(45) });
    expect(decideWith(policy(), daysLater(46), record).next).toEqual({ stage: 'mixed', at: daysLater(85) });
  });

  it('says nothing of what a policy in report mode would have done', () => {
    const record = detectedRecord({ pauses: [pause(90, 100)] });
    const decision = decideWith(policy({ mode: 'report' }), daysLater(97), record);
    expect(decision).toMatchObject({ action: 'accept', paused: true });
    expect(decision).toHaveProperty('wouldBe', undefined);
  });
});

describe('a threshold', () => {
  const thresholds = [
    { refusals: 100, within: '24h', advanceTo: 'blocked' },
    { refusals: 10, within: '1h', advanceTo: 'mixed' },
  ];
  const refused = (hoursAgo: number, count: number, now: number): RefusalCount => ({
    hour: epochMillis((Math.floor(now / HOUR) - hoursAgo) * HOUR),
    count,
  });

  it.each<[string, number, [hoursAgo: number, count: number][], string]>([
    ['not reached', 35, [[0, 9]], 'slow'],
    ['reached', 35, [[0, 10]], 'mixed'],
    [
      'reached together in two hours',
      35,
      [
        [0, 5],
        [1, 5],
      ],
      'mixed',
    ],
    ['reached too long ago', 35, [[2, 99]], 'slow'],
    [
      'two reached: the later stage',
      35,
      [
        [0, 10],
        [20, 90],
      ],
      'blocked',
    ],
    ['reached for a stage that is past', 91, [[0, 10]], 'blocked'],
    ['reached at the first stage', 1, [[0, 100]], 'blocked'],
  ])('%s: on day %d with %j at stage %s', (_what, day, counts, stage) => {
    const now = daysLater(day);
    const refusals = counts.map(([hoursAgo, count]) => refused(hoursAgo, count, now));
    expect(decideWith(policy({ thresholds }), now, detectedRecord({ refusals })).stage).toBe(stage);
  });

  it('tells the next stage behind the one that it leads to', () => {
    const now = daysLater(1);
    const decision = decideWith(policy({ thresholds }), now, detectedRecord({ refusals: [refused(0, 10, now)] }));
    expect([decision.stage, decision.next]).toEqual(['mixed', { stage: 'blocked', at: daysLater(90) }]);
  });
});

describe('the next stage', () => {
  it.each([
    [0, { stage: 'slow', at: daysLater(30) }],
    [30, { stage: 'mixed', at: daysLater(60) }],
    [89.5, { stage: 'blocked', at: daysLater(90) }],
    [90, undefined],
  ])('on day %d is %j', (day, next) => {
    expect(decideWith(policy(), daysLater(day)).next).toEqual(next);
  });
});
