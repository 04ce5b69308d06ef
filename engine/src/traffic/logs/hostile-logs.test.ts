import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { epochMillis } from '../../policy/instant.js';
import { formatDecisionLogEntry } from './decision-log-entry.js';
import { MAX_LINE_OCTETS } from './line-splitter.js';
import type { LogFormatName } from './log-format.js';
import { LOG_FORMATS } from './log-formats.js';
import type { LogReport } from './log-report.js';
import type { LogSource } from './log-source.js';
import { logFixture, logSourceOf, readLogText, WRITTEN_BY } from './read-log-text.fixture.js';

const DECISIONS = [1, 2, 3].map((count) =>
  formatDecisionLogEntry({
    at: WRITTEN_BY,
    gateway: 'milter',
    moment: 'message',
    facts: { helo: `mail${count}.example.com`, 'message.size': 1234 * count },
  }),
);

/** Formats whose lines mean something together with those before them have hostile tests of their own. */
const TESTED_BY_THEMSELVES: ReadonlySet<LogFormatName> = new Set([
  'exchange-tracking',
  'exchange-receive',
  'messages',
  'mapped',
]);

/** A log of each other format; its records are what hostile ones are compared with. */
const SAMPLES: readonly (readonly [LogFormatName, string, Buffer])[] = [
  ['sluice', 'decision log', Buffer.from(DECISIONS.join(''))],
  ['postfix', 'syslog', logFixture('postfix.log')],
  ['sendmail', 'syslog', logFixture('sendmail.log')],
  ['rspamd', 'log', logFixture('rspamd.log')],
  ['rspamd', 'history', logFixture('rspamd-history.jsonl')],
  ['haraka', 'log', logFixture('haraka.log')],
];

/** Reads a log, and holds that each of its lines is accounted for. */
async function readAccounted(contents: Buffer | readonly LogSource[], format: LogFormatName) {
  const { records, report } = await readLogText(contents, format);
  expectAccounted(report, records.length);
  return { records, report };
}

function expectAccounted(report: LogReport, records: number): void {
  const { lines, used, passedOver, unreadable, files } = report;
  expect(used + passedOver + unreadable).toBe(lines);
  expect(files.reduce((total, file) => total + file.lines, 0)).toBe(lines);
  expect(report.records.connections + report.records.messages).toBe(records);
  expect(report.broken).toEqual([]);
}

function linesOf(octets: Buffer): string[] {
  return octets.toString('utf8').trimEnd().split('\n');
}

/** Records without the number of their line. */
function unnumbered(records: readonly string[]): string[] {
  return records.map((record) => record.slice(record.indexOf(' '))).sort();
}

/** The names and values that records tell. */
function factsIn(records: readonly string[]): string[] {
  return records.flatMap((record) => record.split(' ').filter((part) => part.includes('=')));
}

it('has a sample of every format whose lines stand for themselves', () => {
  const sampled = new Set([...SAMPLES.map(([format]) => format), ...TESTED_BY_THEMSELVES]);
  expect(LOG_FORMATS.filter(({ name }) => !sampled.has(name))).toEqual([]);
});

describe.each(SAMPLES)('a hostile log of %s (%s)', (format, _, sample) => {
  it('that breaks off at any octet tells no more than the whole', async () => {
    const lines = linesOf(sample);
    const known = new Set(factsIn((await readAccounted(sample, format)).records));
    for (const [index, line] of lines.entries()) {
      const cuts = Array.from({ length: line.length }, (_, length) => line.slice(0, length));
      const content = [...lines.slice(0, index), ...cuts].join('\n');
      const { records } = await readAccounted(Buffer.from(content), format);
      expect(factsIn(records).filter((fact) => !known.has(fact))).toEqual([]);
    }
  });

  it.each([
    ['in UTF-8 with a byte order mark', (text: string) => Buffer.from(`\uFEFF${text}`)],
    ['in UTF-16, little end first', (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le')],
    ['in UTF-16, big end first', (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16()],
    ['with lines that end in CRLF', (text: string) => Buffer.from(text.replaceAll('\n', '\r\n'))],
    ['without the end of its last line', (text: string) => Buffer.from(text.trimEnd())],
    ['with blank lines', (text: string) => Buffer.from(text.replaceAll('\n', '\n\n'))],
    ['with lines of NUL', (text: string) => Buffer.from(text.replaceAll('\n', '\n\0\0\0\n'))],
    ['with lines of other programs', (text: string) => Buffer.from(text.replaceAll('\n', '\n\tat main (main.js:1)\n'))],
  ])('is read as any other: %s', async (_, encode) => {
    const plain = await readAccounted(sample, format);
    const { records } = await readAccounted(encode(sample.toString('utf8')), format);
    expect(unnumbered(records)).toEqual(unnumbered(plain.records));
  });

  it.each([
    ['in UTF-16 without a mark', (text: string) => Buffer.from(text, 'utf16le')],
    ['with octets of Latin-1', (text: string) => Buffer.from(text.replaceAll('e', 'é'), 'latin1')],
    ['with NUL in words', (text: string) => Buffer.from(text.replaceAll('om', 'o\0m'))],
    ['of one octet again and again', () => Buffer.alloc(100_000, '[')],
    ['of one line', (text: string) => Buffer.from(text.replaceAll('\n', ' '))],
    ['backwards', (text: string) => Buffer.from(text.split('\n').reverse().join('\n'))],
  ])('is accounted for: %s', async (_, encode) => {
    await readAccounted(encode(sample.toString('utf8')), format);
  });

  it('has lines of 10 MB cut, and the others read', async () => {
    const [first = ''] = linesOf(sample);
    const long = Buffer.alloc(10 * MAX_LINE_OCTETS, first);
    const whole = await readAccounted(sample, format);
    const { records, report } = await readAccounted(Buffer.concat([long, Buffer.from('\n'), sample]), format);
    expect(report.cut).toBe(1);
    expect(unnumbered(records)).toEqual(expect.arrayContaining(unnumbered(whole.records)));
  });

  it('that was rotated between any two lines is read as one', async () => {
    const lines = linesOf(sample);
    const whole = await readAccounted(sample, format);
    for (let count = 1; count < lines.length; count++) {
      const files = [lines.slice(0, count), lines.slice(count)].map((part, index) =>
        logSourceOf(`${part.join('\n')}\n`, { name: `log.${2 - index}` }),
      );
      const { records, report } = await readAccounted(files, format);
      expect(unnumbered(records)).toEqual(unnumbered(whole.records));
      expect(report.unfinished).toBe(whole.report.unfinished);
    }
  });

  it('is accounted for with any octets in it changed', async () => {
    const change = fc.tuple(fc.nat(sample.length - 1), fc.nat(255));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 40 }), async (changes) => {
        const octets = Buffer.from(sample);
        for (const [at, octet] of changes) octets[at] = octet;
        await readAccounted(octets, format);
      }),
    );
  });
});

const YEARLESS: readonly (readonly [LogFormatName, string])[] = [
  ['postfix', 'mx1 postfix/smtpd[1]: NOQUEUE: reject: CONNECT from unknown[192.0.2.1]: 554 5.7.1 No; proto=SMTP'],
  ['sendmail', 'mx1 sm-mta[1]: ruleset=check_relay, arg1=x, arg2=x, relay=[192.0.2.1], reject=554 5.7.1 No'],
  ['rspamd', 'mx1 rspamd[1]: <a>; proxy; rspamd_task_write_log: id: <>, ip: 192.0.2.1, (default: F (no action): ['],
  [
    'haraka',
    'mx1 haraka[1]: [NOTICE] [5D328FF3-13D9-493C-82C3-2872A307EB46] [core] disconnect ip=192.0.2.1 rdns=x helo=x relay=N time=0',
  ],
];

describe.each(YEARLESS)('a log of %s without years', (format, text) => {
  it.each([
    ['turns over with the year', ['Dec 31 23:59:59', 'Jan  1 00:00:01'], '2026-01-01T12:00:00Z', ['2025', '2026']],
    ['ends before the year does', ['Dec 30 23:59:59', 'Dec 31 00:00:01'], '2026-01-01T12:00:00Z', ['2025', '2025']],
    [
      'has a clock that goes back over the turn',
      ['Dec 31 23:59:59', 'Jan  1 00:00:01', 'Dec 31 23:59:58', 'Jan  1 00:00:02'],
      '2026-01-01T12:00:00Z',
      ['2025', '2026', '2025', '2026'],
    ],
    [
      'has a day that only leap years have',
      ['Feb 29 12:00:00', 'Mar  1 12:00:00'],
      '2025-06-01T00:00:00Z',
      ['2024', '2024'],
    ],
  ])('%s', async (_, stamps, writtenBy, years) => {
    const content = stamps.map((stamp) => `${stamp} ${text}\n`).join('');
    const source = logSourceOf(content, { writtenBy: epochMillis(Date.parse(writtenBy)) });
    const { records } = await readAccounted([source], format);
    expect(records.map((record) => record.split(' ')[1]?.slice(0, 4))).toEqual(years);
  });
});
