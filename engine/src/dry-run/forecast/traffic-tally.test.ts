import { describe, expect, test } from 'vitest';
import { daysLater, detectedRecord, factsFrom } from '../../decision/sample-policies.fixture.js';
import type { EpochMillis } from '../../policy/instant.js';
import { type LogRecord, logRecord } from '../../traffic/logs/log-record.js';
import { TrafficTally } from './traffic-tally.js';

const HOUR_MILLIS = 3_600_000;
const RECORD = detectedRecord();

function seen(at: EpochMillis, moment: LogRecord['moment'], helo = 'mx.example') {
  return { record: RECORD, at, log: logRecord({ at, moment, facts: factsFrom({ helo }), file: 'a.log', line: 1 }) };
}

describe('messages a day', () => {
  test.each([
    ['messages over the days of the log', [seen(daysLater(0), 'message'), seen(daysLater(2), 'message')], 1],
    [
      'connections aside, where there are messages',
      [seen(daysLater(0), 'connection'), seen(daysLater(2), 'message')],
      0.5,
    ],
    ['connections, where there are none', [seen(daysLater(0), 'connection'), seen(daysLater(2), 'connection')], 1],
    ['a log of an instant counts as one of an hour', [seen(daysLater(0), 'message')], 24],
    ['and so does a shorter one', [seen(daysLater(0), 'message'), seen(daysLater(0, HOUR_MILLIS / 2), 'message')], 48],
    ['the order does not matter', [seen(daysLater(2), 'message'), seen(daysLater(0), 'message')], 1],
  ])('%s', (_name, records, expected) => {
    const tally = new TrafficTally();
    for (const each of records) tally.add(each);
    expect(tally.knownServer(RECORD).messagesPerDay).toBe(expected);
  });
});

test('the facts are those of the last record, and the logs end there', () => {
  const tally = new TrafficTally();
  tally.add(seen(daysLater(0), 'message', 'old.example'));
  tally.add(seen(daysLater(1), 'connection', 'new.example'));
  expect(tally.knownServer(RECORD).facts).toStrictEqual(factsFrom({ helo: 'new.example' }));
  expect(tally.until).toBe(daysLater(1));
});

test('nothing is known where the logs hold nothing, and a server that they do not mention sends nothing', () => {
  const tally = new TrafficTally();
  expect([tally.until, tally.knownServer(RECORD), [...tally.notes()]]).toStrictEqual([
    undefined,
    { record: RECORD },
    [],
  ]);
  const other = detectedRecord({ id: 'internet/other' as typeof RECORD.id });
  tally.add(seen(daysLater(0), 'message'));
  expect(tally.knownServer(other)).toStrictEqual({ record: other, messagesPerDay: 0 });
});
