import { describe, expect, it } from 'vitest';
import { parseFromLineDate, parseMessageDate } from './message-date.js';
import { TimeZone } from './time-zone.js';

function iso(instant: number | undefined): string | undefined {
  return instant === undefined ? undefined : new Date(instant).toISOString().slice(0, 19);
}

describe('dates of messages', () => {
  it.each<[string, string | undefined]>([
    ['Thu, 25 Jan 2024 15:16:09 +0000', '2024-01-25T15:16:09'],
    ['Thu, 25 Jan 2024 15:16:09 +0100 (CET)', '2024-01-25T14:16:09'],
    ['25 jan 2024 15:16 -0530', '2024-01-25T20:46:00'],
    [' Thu, 5 Jan 2024 15:16:09.123 GMT ', '2024-01-05T15:16:09'],
    ['Thu, 25 Jan 24 15:16:09 EST', '2024-01-25T20:16:09'],
    ['Thu, 25 Jan 1999 15:16:09', '1999-01-25T15:16:09'],
    ['Thu, 30 Feb 2024 15:16:09 +0000', undefined],
    ['Thu, 25 Foo 2024 15:16:09 +0000', undefined],
    ['Thu, 25 Jan 2024 25:16:09 +0000', undefined],
    ['yesterday', undefined],
    ['', undefined],
    [`25 Jan 2024 15:16:09 +0000 (${'x'.repeat(1_000_000)}`, undefined],
  ])('%s is read', (text, expected) => {
    expect(iso(parseMessageDate(text))).toBe(expected);
  });

  it.each<[string, string, string | undefined]>([
    ['From a@corp.example Thu Jan 25 15:16:09 2024', 'UTC', '2024-01-25T15:16:09'],
    ['From a@corp.example Thu Jan  5 15:16:09 2024', 'Europe/Berlin', '2024-01-05T14:16:09'],
    ['From - Thu Jan 25 15:16:09 2024 +0200', 'Europe/Berlin', '2024-01-25T13:16:09'],
    ['From MAILER-DAEMON Thu Jan 25 15:16:09 EST 2024', 'UTC', '2024-01-25T20:16:09'],
    ['From a@corp.example', 'UTC', undefined],
    ['From Thu to Friday', 'UTC', undefined],
  ])('%s in %s is read', (line, zone, expected) => {
    expect(iso(parseFromLineDate(line, new TimeZone(zone)))).toBe(expected);
  });
});
