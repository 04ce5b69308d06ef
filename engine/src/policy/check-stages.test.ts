import { describe, expect, it } from 'vitest';
import { findingsOf } from './policy-text.fixture.js';

function policy(stages: readonly string[], ...more: string[]): string {
  return [
    'name: p',
    'mode: enforce',
    'priority: 1',
    'when: { all: [ { fact: server.version, operator: versionIn, value: 8.x } ] }',
    'stages:',
    ...stages.map((stage) => `  - { ${stage} }`),
    ...more,
    '',
  ].join('\n');
}

function codes(stages: readonly string[], ...more: string[]): string[] {
  return findingsOf({ 'p.policy.yaml': policy(stages, ...more) }).map((each) => each.replace('p.policy.yaml:', ''));
}

const REPORT = 'name: report, after: 0d';
const BLOCKED = 'name: blocked, after: 90d, block: always';

describe('the stages of a policy', () => {
  it.each<[string, string[], string[]]>([
    ['rise to a block', [REPORT, 'name: slow, after: 30d, throttle: 5m/h', BLOCKED], []],
    ['only report', [REPORT], []],
    ['block at once', ['name: blocked, after: 0d, block: always'], []],
    ['keep a throttle beside a block', [REPORT, 'name: a, after: 1d, throttle: 30m/h, block: 5m/h', BLOCKED], []],
    [
      'trade throttling for blocking',
      [REPORT, 'name: a, after: 1d, throttle: 30m/h', 'name: b, after: 2d, block: 5m/h'],
      [],
    ],
    [
      'begin at one time',
      [REPORT, 'name: a, after: 1d, block: 5m/h', 'name: b, after: 1d, block: 6m/h'],
      ['7:5 stage-unreachable'],
    ],
    ['throttle and never block', [REPORT, 'name: a, after: 1d, throttle: 5m/h'], ['7:5 throttle-without-block']],
    [
      'throttle after the last block',
      [REPORT, BLOCKED, 'name: a, after: 99d, throttle: 5m/h'],
      ['8:5 severity-falls', '8:5 throttle-without-block'],
    ],
    [
      'get milder',
      [REPORT, 'name: a, after: 1d, block: 10m/h', 'name: b, after: 2d, block: 5m/h'],
      ['8:5 severity-falls'],
    ],
    [
      'refuse less in all',
      [REPORT, 'name: a, after: 1d, throttle: 9m/h, block: 5m/h', 'name: b, after: 2d, throttle: 8m/h, block: 5m/h'],
      ['8:5 severity-falls'],
    ],
    ['end in nothing', [REPORT, BLOCKED, 'name: c, after: 99d'], ['8:5 severity-falls']],
  ])('that %s', (_what, stages, expected) => {
    expect(codes(stages)).toEqual(expected);
  });

  it.each([
    ['effective: { from: 2026-01-01, until: 2026-04-01 }', ['7:5 stage-unreachable']],
    ['effective: { from: 2026-01-01, until: 2026-04-01T00:00:01Z }', []],
    ['effective: { until: 2026-01-02 }', []],
    ['effective: { from: 2026-01-01 }', []],
  ])('with a stage after 90d and %s', (effective, expected) => {
    expect(codes([REPORT, BLOCKED], effective)).toEqual(expected);
  });

  it.each([
    ['block: "550 5.7.1 Blocked for 60 mins/hr."', []],
    ['block: "550 5.7.1 Blocked for 5 mins/hr."', ['7:5 reply-minutes']],
    ['block: "550 5.7.1 Blocked for {block.minutes} mins/hr."', []],
    ['throttle: "450 4.7.1 Throttled for 5 mins/hr."', []],
  ])('with the reply %s for a whole block', (reply, expected) => {
    expect(codes([REPORT, BLOCKED], `replies: { ${reply} }`)).toEqual(expected);
  });

  it('and a reply of one stage with the minutes of another', () => {
    const own = 'name: b, after: 2d, block: 6m/h, replies: { block: "550 5.7.1 For 5 minutes." }';
    expect(codes([REPORT, 'name: a, after: 1d, block: 5m/h', own])).toEqual(['8:5 reply-minutes']);
  });
});
