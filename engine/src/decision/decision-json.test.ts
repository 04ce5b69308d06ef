import { describe, expect, it } from 'vitest';
import { durationMillis } from '../policy/duration.js';
import { minutesPerHour } from '../policy/hourly-rate.js';
import { epochMillis } from '../policy/instant.js';
import type { Decision } from './decision.js';
import { decisionToJson } from './decision-json.js';
import { DAY, daysLater, HOUR, MINUTE } from './sample-policies.fixture.js';
import { serverId } from './server-record.js';

const FULL: Decision = {
  action: 'throttle',
  reply: { code: 450, status: '4.7.230', text: 'Later.' },
  policy: 'outdated',
  stage: 'slow',
  mode: 'enforce',
  connector: 'ours',
  server: serverId('ours', 'ex01.example'),
  elapsed: durationMillis(35 * DAY + 2 * HOUR + 500),
  window: {
    throttle: minutesPerHour(5),
    block: minutesPerHour(0),
    phase: 'throttle',
    opensAt: daysLater(35),
    closesAt: epochMillis(daysLater(35) + 5 * MINUTE),
  },
  next: { stage: 'mixed', at: daysLater(60, 250) },
  source: { file: 'a.policy.yaml', line: 3, column: 1 },
  revision: '0123456789abcdef',
};

describe('a decision as JSON', () => {
  it('has instants in RFC 3339, durations as policies write them, and minutes as numbers', () => {
    expect(decisionToJson(FULL)).toEqual({
      action: 'throttle',
      reply: { code: 450, status: '4.7.230', text: 'Later.' },
      policy: 'outdated',
      stage: 'slow',
      mode: 'enforce',
      connector: 'ours',
      server: 'ours/ex01.example',
      elapsed: '35d2h',
      window: {
        throttleMinutes: 5,
        blockMinutes: 0,
        phase: 'throttle',
        opensAt: '2026-04-05T09:30:00Z',
        closesAt: '2026-04-05T09:35:00Z',
      },
      next: { stage: 'mixed', at: '2026-04-30T09:30:00.250Z' },
      source: { file: 'a.policy.yaml', line: 3, column: 1 },
      revision: '0123456789abcdef',
    });
  });

  it.each<[string, Decision]>([
    ['where nothing matched', { action: 'accept', revision: 'r' }],
    ['where an exemption holds', { action: 'accept', exemption: 'fax', connector: 'ours', revision: 'r' }],
    ['in report mode', { action: 'accept', mode: 'report', wouldBe: { action: 'accept' }, revision: 'r' }],
    ['in a pause', { action: 'accept', paused: true, revision: 'r' }],
  ])('%s has nothing that is not there', (_what, decision) => {
    expect(JSON.parse(JSON.stringify(decisionToJson(decision)))).toEqual(decision);
    expect(Object.keys(decisionToJson(decision)).sort()).toEqual(Object.keys(decision).sort());
  });

  it('survives JSON', () => {
    const json = decisionToJson(FULL);
    expect(JSON.parse(JSON.stringify(json))).toEqual(json);
  });
});
