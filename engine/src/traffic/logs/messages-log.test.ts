import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { LogRecord } from './log-record.js';
import { hostileTexts, readTexts, told } from './log-texts.fixture.js';

const MBOX = readFileSync(new URL('./fixtures/messages.mbox', import.meta.url));
const OWN_HOSTS = new Set(['edge.own.example', 'store.own.example']);

async function read(texts: readonly (string | Buffer)[], ownHosts?: ReadonlySet<string>) {
  return readTexts(texts, { format: 'messages', ...(ownHosts === undefined ? {} : { ownHosts }) });
}

function serverOf({ detection }: LogRecord): string {
  if (detection === undefined || !detection.found) return detection?.reason ?? '';
  return `${detection.server} ${detection.stamped?.id}`;
}

describe('stored messages', () => {
  it('are recognised, an mbox and a single one', async () => {
    const { report } = await readTexts([MBOX, 'Received: a\nDate: Thu, 25 Jan 2024 15:16:09 +0000\n\nbody']);
    expect(report.files.map(({ format }) => format)).toEqual(['messages', 'messages']);
  });

  it('are recognised where they quote a log', async () => {
    const quoted = readFileSync(new URL('./fixtures/tracking-2016.log', import.meta.url));
    const { report } = await readTexts([`Subject: see below\nDate: 25 Jan 2024 15:16:09 Z\n\n${quoted}`]);
    expect(report).toMatchObject({ files: [{ format: 'messages' }], records: { messages: 1 } });
  });

  it('tell the client and the headers as the own host saw them', async () => {
    const { records } = await read([MBOX], OWN_HOSTS);
    expect(records.map(told)).toEqual([
      '2024-01-25T15:16:09.000Z client.address=192.0.2.1 client.name=mail.corp.example helo=mail.corp.example sender.domain=corp.example id=<1@corp.example> accepted',
      '2024-01-26T08:00:00.000Z client.address=2001:db8::5 helo=relay accepted',
      '2024-01-27T08:00:00.000Z sender.domain=corp.example',
    ]);
    expect(records.map(serverOf)).toEqual(['ex1.corp.example 15.1.2507.39', 'no-received', 'no-received']);
    expect(records[0]?.headers?.map(({ name }) => name)).toEqual([
      'Received',
      'Received',
      'From',
      'To',
      'Subject',
      'Message-ID',
      'Date',
    ]);
  });

  it('are taken as they are where no own hosts are named', async () => {
    const { records } = await read([MBOX]);
    expect(records.map(told)).toEqual([
      '2024-01-25T15:16:11.000Z sender.domain=corp.example id=<1@corp.example>',
      '2024-01-26T08:00:00.000Z',
      '2024-01-27T08:00:00.000Z sender.domain=corp.example',
    ]);
    expect(serverOf(records[0] as LogRecord)).toBe('not-exchange');
    expect(records[0]?.headers).toHaveLength(12);
  });

  it('count their lines: headers are used, bodies passed over, and a message without a date is shown', async () => {
    const { report } = await read([MBOX], OWN_HOSTS);
    expect(report).toMatchObject({ lines: 50, used: 37, passedOver: 12, unreadable: 1 });
    expect(report.examples).toMatchObject([{ line: 49, why: 'a message without a date' }]);
  });

  it.each<[string, string, string[]]>([
    ['a header block without end', 'Date: Thu, 25 Jan 2024 15:16:09 +0000', ['2024-01-25T15:16:09.000Z']],
    [
      'a Received field without a date',
      'Received: from a by b\nDate: Thu, 25 Jan 2024 15:16:09 +0000\n',
      ['2024-01-25T15:16:09.000Z'],
    ],
    [
      'a date of the From line, on the clock of its zone',
      'From a@corp.example Thu Jan 25 15:16:09 2024\nA: b\n',
      ['2024-01-25T15:16:09.000Z sender.domain=corp.example'],
    ],
    ['a body of Latin-1', 'Date: 25 Jan 2024 15:16:09 Z\n\n\xcf\xf0\n', ['2024-01-25T15:16:09.000Z']],
  ])('may have %s', async (_, text, expected) => {
    const { records } = await read([Buffer.from(text, 'latin1')]);
    expect(records.map(told)).toEqual(expected);
  });

  it('end with their file', async () => {
    const message = 'Date: Thu, 25 Jan 2024 15:16:09 +0000\nSubject: cut';
    const { records, report } = await read([message, message, 'Subject: no date']);
    expect(records.map(({ file, line }) => [file, line])).toEqual([
      ['log-0', 1],
      ['log-1', 1],
    ]);
    expect(report.unfinished).toBe(1);
  });

  it('are not what has no header', async () => {
    const { report } = await read(['\nbuy milk\nand bread\n']);
    expect(report).toMatchObject({ passedOver: 2, unreadable: 1 });
  });

  it('keep bounded headers of a message that has endless ones', async () => {
    const fields = `X-Long: ${'x '.repeat(100_000)}\n`.repeat(50);
    const { records } = await read([`Date: 25 Jan 2024 15:16:09 Z\n${fields}\nbody\n`]);
    const octets = JSON.stringify(records[0]?.headers).length;
    expect(octets).toBeGreaterThan(100_000);
    expect(octets).toBeLessThan(2_000_000);
  });

  it('account for every line when broken', async () => {
    for (const text of hostileTexts(MBOX)) {
      const { records, report } = await read([text], OWN_HOSTS);
      expect(report.records.messages).toBe(records.length);
      expect(records.length).toBeLessThanOrEqual(report.used);
      expect(report.broken).toEqual([]);
    }
  });
});
