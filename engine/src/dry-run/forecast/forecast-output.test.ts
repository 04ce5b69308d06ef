import { expect, test } from 'vitest';
import {
  compiledOf,
  DAY_0,
  daysLater,
  detectedRecord,
  outdatedPolicy,
} from '../../decision/sample-policies.fixture.js';
import { serverId } from '../../decision/server-record.js';
import type { EpochMillis } from '../../policy/instant.js';
import { renderText } from '../report/render-text.js';
import { forecast } from './forecast.js';
import { forecastCalendar } from './forecast-calendar.js';
import { forecastCsv } from './forecast-csv.js';
import { forecastDocument } from './forecast-document.js';
import { forecastJson } from './forecast-json.js';
import type { ForecastReport } from './forecast-report.js';
import type { KnownServer } from './server-spans.js';

const COMPILED = compiledOf({ 'a.policy.json': outdatedPolicy() });

/** A server of the given name, first detected a number of days after the first day. */
function server(name: string, days: number, keys: Partial<KnownServer> = {}): KnownServer {
  const version = '8.3.83.0';
  const seen = { version, firstSeen: DAY_0, lastSeen: DAY_0, evidence: { id: version } };
  const firstDetected = daysLater(days);
  const id = serverId('internet', name);
  return { record: detectedRecord({ id, name, firstDetected, versions: [seen], detectedVersion: version }), ...keys };
}

function reportOf(servers: readonly KnownServer[], from: EpochMillis = DAY_0, days = 40): ForecastReport {
  return forecast(COMPILED, servers, { from, days });
}

test('CSV has a line for each stage of each server, and runs no formula', () => {
  expect(forecastCsv(reportOf([server('=mx.example', 0), server('b.example', -95)])).split('\r\n')).toStrictEqual([
    'server,connector,version,firstDetected,from,until,policy,stage,mode,exemption,paused,patched,throttle,block,refuses',
    "'=mx.example,internet,8.3.83.0,2026-03-01T09:30:00Z,2026-03-01T09:30:00Z,2026-03-31T09:30:00Z,outdated,report,enforce,,,,0,0,false",
    "'=mx.example,internet,8.3.83.0,2026-03-01T09:30:00Z,2026-03-31T09:30:00Z,2026-04-10T09:30:00Z,outdated,slow,enforce,,,,10,0,true",
    'b.example,internet,8.3.83.0,2025-11-26T09:30:00Z,2026-03-01T09:30:00Z,2026-04-10T09:30:00Z,outdated,blocked,enforce,,,,0,60,true',
    '',
  ]);
});

test('JSON has instants in RFC 3339, and all servers and days', () => {
  const json = JSON.parse(forecastJson(reportOf([server('a.example', 0, { messagesPerDay: 1000 / 3 })])));
  expect(json).toMatchObject({
    from: '2026-03-01T09:30:00Z',
    until: '2026-04-10T09:30:00Z',
    messagesPerDay: 333.333,
    throttleMinutes: 2400,
    servers: [
      {
        server: 'a.example',
        firstDetected: '2026-03-01T09:30:00Z',
        throttleMinutes: 2400,
        messagesAtRisk: 555.556,
        spans: [{ stage: 'report' }, { stage: 'slow', from: '2026-03-31T09:30:00Z', throttle: 10, block: 0 }],
      },
    ],
  });
  expect(json.days).toHaveLength(41);
  expect(json.days[40]).toMatchObject({ day: '2026-04-10T00:00:00Z', refused: 1, stages: [{ servers: 1 }] });
});

function eventsOf(calendar: string): readonly Readonly<Record<string, string>>[] {
  const unfolded = calendar.replaceAll('\r\n ', '');
  return [...unfolded.matchAll(/BEGIN:VEVENT\r\n(.*?)END:VEVENT/gs)].map(([, lines = '']) =>
    Object.fromEntries(lines.split('\r\n').map((line) => [line.split(':', 1)[0], line.slice(line.indexOf(':') + 1)])),
  );
}

test('the calendar has an event for each stage that a server enters, soonest first', () => {
  const calendar = forecastCalendar(
    reportOf([server('a.example', 0), server('b.example', -55), server('c.example', -95)]),
  );
  expect(eventsOf(calendar).map(({ DTSTAMP, DTSTART, SUMMARY }) => [DTSTAMP, DTSTART, SUMMARY])).toStrictEqual(
    [
      ['20260306T093000Z', 'b.example: mixed (450 for 20\\, 550 for 10 minutes of every hour)'],
      ['20260331T093000Z', 'a.example: slow (450 for 10 minutes of every hour)'],
      ['20260405T093000Z', 'b.example: blocked (550 always)'],
    ].map((row) => ['20260301T093000Z', ...row]),
  );
  for (const line of calendar.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
});

test('an event keeps its UID when a later forecast moves it, and shares it with no other', () => {
  const uidsOf = (report: ForecastReport) => eventsOf(forecastCalendar(report)).map(({ UID }) => UID);
  const first = uidsOf(reportOf([server('a.example', 0), server('b.example', 1)], DAY_0, 100));
  const moved = uidsOf(reportOf([server('a.example', 5), server('b.example', 6)], daysLater(10), 100));
  expect(new Set(first).size).toBe(6);
  expect(moved).toStrictEqual(first);
});

test('a stage that is left by a pause and entered again has an event each time', () => {
  const { record } = server('a.example', 0);
  const pauses = [
    { from: daysLater(31), until: daysLater(32) },
    { from: daysLater(33), until: daysLater(34) },
  ];
  const uids = eventsOf(forecastCalendar(reportOf([{ record: { ...record, pauses } }]))).map(({ UID }) => UID);
  expect(uids).toHaveLength(5);
  expect(new Set(uids).size).toBe(5);
});

test('a reader is told what is coming, when, and for whom', () => {
  const servers = [server('a.example', 0), server('b.example', -55), server('c.example', -95)];
  const document = forecastDocument(reportOf(servers), 2);
  expect(document.summary.slice(0, 4)).toStrictEqual([
    'Of 3 servers, 1 is refused in a part of every hour now, and 1 is blocked always.',
    'Next 7 days: 0 servers enter a stage that refuses; 0 are blocked for good.',
    'Next 30 days: 1 server enters a stage that refuses; 0 are blocked for good.',
    'Next 40 days: 1 server enters a stage that refuses; 1 is blocked for good.',
  ]);
  const [stages, shown] = document.tables;
  expect(stages?.rows).toStrictEqual([
    ['outdated', 'report', 'nothing refused', '1', '1', '0', '0'],
    ['outdated', 'slow', '450 for 10 minutes of every hour', '1', '0', '1', '1'],
    ['outdated', 'mixed', '450 for 20, 550 for 10 minutes of every hour', '0', '1', '1', '0'],
    ['outdated', 'blocked', '550 always', '1', '1', '1', '2'],
  ]);
  expect(shown?.title).toBe('Servers (2 of 3)');
  expect(shown?.rows).toStrictEqual([
    [
      'b.example (internet)',
      '8.3.83.0',
      'outdated',
      'slow',
      '2026-03-06 mixed; 2026-04-05 blocked',
      'now',
      '2026-04-05T09:30:00Z',
      'not known',
    ],
    [
      'a.example (internet)',
      '8.3.83.0',
      'outdated',
      'report',
      '2026-03-31 slow',
      '2026-03-31T09:30:00Z',
      '',
      'not known',
    ],
  ]);
  const [minutes] = document.charts;
  expect(minutes?.bars).toHaveLength(41);
  expect(minutes?.bars[10]).toStrictEqual({ label: '2026-03-11', values: [24 * 20, 24 * (60 + 10)] });
});

test('names from the wire move no cursor', () => {
  const document = forecastDocument(reportOf([server('a\u001b[2J.example', 0)]), 1);
  expect(renderText(document, false)).not.toContain('\u001b');
});
