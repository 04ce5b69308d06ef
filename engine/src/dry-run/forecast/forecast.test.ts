import { describe, expect, test } from 'vitest';
import {
  compiledOf,
  DAY,
  DAY_0,
  daysLater,
  detectedRecord,
  factsFrom,
  HOUR,
  outdatedPolicy,
} from '../../decision/sample-policies.fixture.js';
import { type ServerRecord, serverId } from '../../decision/server-record.js';
import { durationMillis } from '../../policy/duration.js';
import { type EpochMillis, epochMillis, formatInstant } from '../../policy/instant.js';
import { instantOf, type PolicyTexts } from '../../policy/policy-text.fixture.js';
import { forecast } from './forecast.js';
import type { ForecastReport, ServerForecast } from './forecast-report.js';
import type { KnownServer } from './server-spans.js';
import { treatmentWords } from './treatment-words.js';

const OUTDATED = { 'a.policy.json': outdatedPolicy() };

function withVersion(version: string, keys: Partial<ServerRecord> = {}): ServerRecord {
  const seen = { version, firstSeen: DAY_0, lastSeen: DAY_0, evidence: { id: version } };
  return detectedRecord({ versions: [seen], detectedVersion: version, ...keys });
}

function forecastOf(
  texts: PolicyTexts,
  server: Partial<KnownServer> = {},
  { from = DAY_0, days = 120 }: { from?: EpochMillis; days?: number } = {},
): ForecastReport {
  return forecast(compiledOf(texts), [{ record: withVersion('8.3.83.0'), ...server }], { from, days });
}

/** What a server meets and from when, in days after the first detection. */
function stepsOf({ servers: [server] }: ForecastReport): readonly string[] {
  return (server?.spans ?? []).map((span) => `${(span.from - DAY_0) / DAY} ${treatmentWords(span)}`);
}

describe('the spans of a server', () => {
  const paused = (...days: readonly (readonly [number, number])[]) =>
    withVersion('8.3.83.0', {
      pauses: days.map(([from, until]) => ({ from: daysLater(from), until: daysLater(until) })),
    });
  const { firstDetected: _detected, ...undetected } = withVersion('8.3.83.0');
  const exemption = {
    ...OUTDATED,
    'a.exemptions.json': JSON.stringify({
      exemptions: [
        {
          name: 'fax',
          whom: { all: [{ fact: 'server.name', operator: 'equal', value: 'mx.example' }] },
          reason: 'r',
          grantedBy: 'g',
          until: '2026-04-10T09:30:00Z',
        },
      ],
    }),
  };

  test.each<[string, PolicyTexts, Partial<KnownServer>, readonly string[]]>([
    ['its stages', OUTDATED, {}, ['0 report', '30 slow', '60 mixed', '90 blocked']],
    [
      'a pause holds its clock and its refusals',
      OUTDATED,
      { record: paused([35, 45]) },
      ['0 report', '30 slow', '35 slow (paused)', '45 slow', '70 mixed', '100 blocked'],
    ],
    [
      'pauses may overlap, and hold it once',
      OUTDATED,
      { record: paused([10, 20], [15, 25]) },
      ['0 report', '10 report (paused)', '25 report', '45 slow', '75 mixed', '105 blocked'],
    ],
    ['an exemption ends', exemption, {}, ['0 exemption fax', '40 slow', '60 mixed', '90 blocked']],
    [
      'a policy ends',
      { 'a.policy.json': outdatedPolicy({ effective: { until: '2026-04-10T09:30:00Z' } }) },
      {},
      ['0 report', '30 slow', '40 no policy'],
    ],
    [
      'a policy in report mode',
      { 'a.policy.json': outdatedPolicy({ mode: 'report' }) },
      {},
      ['0 report (report only)', '30 slow (report only)', '60 mixed (report only)', '90 blocked (report only)'],
    ],
    [
      'a policy begins later, and with it the clock',
      { 'a.policy.json': outdatedPolicy({ effective: { from: '2026-03-11T09:30:00Z' } }) },
      { record: undetected },
      ['0 no policy', '10 report', '40 slow', '70 mixed', '100 blocked'],
    ],
    [
      'a server that falls back soon gets its old clock',
      {
        'a.policy.json': outdatedPolicy({
          when: { all: [{ fact: 'time', operator: 'after', value: '2026-03-11T09:30:00Z' }] },
          remediation: { relapse: { resume: { within: '90d' } } },
        }),
      },
      { record: { ...undetected, remediation: { at: daysLater(-5), elapsed: durationMillis(55 * DAY) } } },
      ['0 no policy', '10 slow', '15 mixed', '45 blocked'],
    ],
    [
      'it is patched on the way',
      OUTDATED,
      { patchedAt: daysLater(31, HOUR) },
      ['0 report', '30 slow', `${31 + 1 / 24} patched`],
    ],
    ['it was patched before', OUTDATED, { patchedAt: daysLater(-1) }, ['0 patched']],
    [
      'it is patched too late',
      OUTDATED,
      { patchedAt: daysLater(121) },
      ['0 report', '30 slow', '60 mixed', '90 blocked'],
    ],
  ])('%s', (_name, texts, server, expected) => {
    expect(stepsOf(forecastOf(texts, server))).toStrictEqual(expected);
  });

  test('a stage begins to the millisecond', () => {
    const record = withVersion('8.3.83.0', { firstDetected: epochMillis(DAY_0 + 1) });
    const { servers } = forecastOf(OUTDATED, { record }, { from: daysLater(1) });
    expect(servers[0]?.spans.map(({ from, until }) => [from, until])).toStrictEqual([
      [daysLater(1), daysLater(30, 1)],
      [daysLater(30, 1), daysLater(60, 1)],
      [daysLater(60, 1), daysLater(90, 1)],
      [daysLater(90, 1), daysLater(121)],
    ]);
  });

  test('the version that counts stays seen, however long the forecast', () => {
    const seen = (version: string, days: number) => {
      const lastSeen = daysLater(days);
      return { version, firstSeen: lastSeen, lastSeen, evidence: { id: version } };
    };
    const record = detectedRecord({ versions: [seen('8.3.83.0', -1), seen('15.2.1.1', -5)], lastSeen: daysLater(-1) });
    expect(forecastOf(OUTDATED, { record })).toMatchObject({ servers: [], otherServers: 1 });
  });

  test('refusals that a threshold counts are forgotten in time', () => {
    const thresholds = [{ refusals: 5, within: '24h', advanceTo: 'blocked' }];
    const record = withVersion('8.3.83.0', { refusals: [{ hour: instantOf('2026-03-01T09:00:00Z'), count: 9 }] });
    const report = forecastOf({ 'a.policy.json': outdatedPolicy({ thresholds }) }, { record }, { days: 10 });
    expect(report.servers[0]?.spans.map(({ stage, until }) => [stage, formatInstant(until)])).toStrictEqual([
      ['blocked', '2026-03-02T10:00:00Z'],
      ['report', '2026-03-11T09:30:00Z'],
    ]);
    expect(report.notes.join('\n')).toContain('by the thresholds of policy outdated they may come to blocked earlier');
  });

  test('conditions on the end of support and the age of a build change on their instants', () => {
    const builds = JSON.stringify({
      products: [
        {
          name: 'Exchange 2007',
          versions: '8.x',
          supportEnds: '2026-04-10',
          builds: [{ name: 'SP3', version: '8.3.83.6', released: '2026-03-21' }],
        },
      ],
    });
    const policy = (when: object) => ({
      'a.builds.json': builds,
      'a.policy.json': outdatedPolicy({ when: { all: [when] }, stages: [{ name: 'now', after: '0d' }] }),
    });
    const conditions: readonly (readonly [object, string])[] = [
      [{ fact: 'server.supported', operator: 'equal', value: false }, '2026-04-10T00:00:00Z'],
      [{ fact: 'time', operator: 'after', value: { fact: 'server.supportEnds' } }, '2026-04-10T00:00:00Z'],
      [{ fact: 'server.supportEnds', operator: 'before', value: { fact: 'time' } }, '2026-04-10T00:00:00.001Z'],
      [{ fact: 'server.build.age', operator: 'longerThan', value: '10d' }, '2026-03-31T00:00:00.001Z'],
    ];
    for (const [when, instant] of conditions) {
      const { servers } = forecastOf(policy(when));
      expect(servers[0]?.spans.map(({ from }) => formatInstant(from)).slice(1), JSON.stringify(when)).toStrictEqual([
        instant,
      ]);
    }
  });
});

describe('days and sums', () => {
  test('the days sum up to the minutes of the servers, and the forecast', () => {
    const records = ['a', 'b', 'c'].map((name, index) =>
      withVersion('8.3.83.0', { id: serverId('internet', name), name, firstDetected: daysLater(-20 * index) }),
    );
    const servers = records.map((record) => ({ record, messagesPerDay: 100 }));
    const report = forecast(compiledOf(OUTDATED), servers, { from: DAY_0, days: 100 });
    const sum = (key: 'throttleMinutes' | 'blockMinutes' | 'messagesAtRisk') => ({
      days: report.days.reduce((total, day) => total + (day[key] ?? 0), 0),
      servers: report.servers.reduce((total, server: ServerForecast) => total + (server[key] ?? 0), 0),
    });
    for (const key of ['throttleMinutes', 'blockMinutes', 'messagesAtRisk'] as const) {
      expect(sum(key).days, key).toBeCloseTo(report[key] ?? -1, 6);
      expect(sum(key).servers, key).toBeCloseTo(report[key] ?? -1, 6);
    }
    // Whole days: server a 30 days at 10 minutes of every hour, 30 at 20 and 10, and 10 always; the others are 20 and 40 days ahead.
    expect(report.throttleMinutes).toBeCloseTo(24 * (30 * 10 + 30 * 20 + 30 * 10 + 30 * 20 + 20 * 10 + 30 * 20), 6);
    expect(report.blockMinutes).toBeCloseTo(24 * (30 * 10 * 3 + 60 * (10 + 30 + 50)), 6);
    expect(report.messagesAtRisk).toBeCloseTo(((report.throttleMinutes + report.blockMinutes) / 1440) * 100, 6);
  });

  test('days are UTC days, the first and the last as far as the forecast has them', () => {
    const record = withVersion('8.3.83.0', { firstDetected: daysLater(-100) });
    const { days } = forecastOf(OUTDATED, { record }, { days: 2 });
    expect(
      days.map(({ day, blockMinutes, blocked, stages }) => [formatInstant(day), blockMinutes, blocked, stages]),
    ).toStrictEqual(
      [
        ['2026-03-01T00:00:00Z', 870],
        ['2026-03-02T00:00:00Z', 1440],
        ['2026-03-03T00:00:00Z', 570],
      ].map((row) => [...row, 1, [{ policy: 'outdated', stage: 'blocked', servers: 1 }]]),
    );
  });

  test('a policy in report mode refuses no minute, and is counted in its stages all the same', () => {
    const report = forecastOf({ 'a.policy.json': outdatedPolicy({ mode: 'report' }) });
    expect(report).toMatchObject({ throttleMinutes: 0, blockMinutes: 0, refused: 0, blocked: 0 });
    expect(report.stages.map(({ stage, servers }) => [stage, servers])).toStrictEqual([
      ['report', [1, 1, 0, 0, 0]],
      ['slow', [0, 0, 1, 0, 0]],
      ['blocked', [0, 0, 0, 1, 1]],
    ]);
  });

  test('horizons count what enters a stage that refuses, and what is refused already does not', () => {
    const records = [0, 25, 35, 65, 95].map((days) =>
      withVersion('8.3.83.0', {
        id: serverId('internet', `mx${days}`),
        name: `mx${days}`,
        firstDetected: daysLater(-days),
      }),
    );
    const report = forecast(
      compiledOf(OUTDATED),
      records.map((record) => ({ record })),
      { from: DAY_0, days: 45 },
    );
    expect(report).toMatchObject({ refused: 2, blocked: 1 });
    expect(report.horizons).toStrictEqual([
      { days: 7, newlyRefused: 1, newlyBlocked: 0 },
      { days: 30, newlyRefused: 2, newlyBlocked: 1 },
      { days: 45, newlyRefused: 2, newlyBlocked: 1 },
    ]);
  });

  test('no server, no day lost', () => {
    const report = forecast(compiledOf(OUTDATED), [], { from: DAY_0, days: 1 });
    expect(report).toMatchObject({
      servers: [],
      stages: [],
      throttleMinutes: 0,
      days: [{ refused: 0 }, { refused: 0 }],
    });
    expect(report.messagesPerDay).toBeUndefined();
  });
});

test('notes say what only a connection tells, and who has long been silent', () => {
  const when = { all: [{ fact: 'tls.protocol', operator: 'equal', value: 'TLSv1' }] };
  const texts = { 'a.policy.json': outdatedPolicy({ when }) };
  const fromStore = forecastOf(texts, {}, { from: daysLater(40) });
  expect(fromStore.servers).toStrictEqual([]);
  expect(fromStore.notes.slice(1)).toStrictEqual([
    'Conditions ask for tls.protocol, which only a connection tells: not known of 1 server from the store.',
    '1 server sent nothing since 2026-03-11T09:30:00Z, and counts here as if still sending.',
  ]);
  const fromLog = forecastOf(texts, { facts: factsFrom({ 'tls.protocol': 'TLSv1' }) });
  expect(stepsOf(fromLog)[0]).toBe('0 report');
  expect(fromLog.notes.slice(1)).toStrictEqual([
    "Conditions ask for tls.protocol: taken as each server's last record in the logs has them.",
  ]);
});
