import { describe, expect, it } from 'vitest';
import { hostileTexts, readTexts, told } from './log-texts.fixture.js';
import { readLogMapping } from './read-log-mapping.js';

function mappingOf(text: string) {
  const result = readLogMapping(text, 'm.yaml');
  if (!result.ok) throw new Error(result.problems.join('\n'));
  return result.mapping;
}

async function tell(mapping: string, ...texts: (string | Buffer)[]) {
  const { records, report } = await readTexts(texts, { format: 'mapped', mapping: mappingOf(mapping) });
  return { told: records.map(told), lines: records.map(({ line }) => line), records, report };
}

const CSV = `
format: csv
separator: ";"
at: { from: When, format: "dd.MM.yyyy HH:mm:ss", zone: Europe/Berlin }
facts:
  client.address: Peer
  sender.domain: From
  server.name: Server
  server.version: Build
id: Queue
outcome: Reply
`;
const CSV_LOG = `When;Peer;From;Server;Build;Queue;Reply
08.09.2026 14:30:00;[2001:db8::1]:2525;<a@Corp.Example>;EX1.corp.example;15.1.2507.39;4711;250 2.6.0 queued
08.09.2026 14:30:01;192.0.2.1:25;;"EX2; old";-;;450 4.7.1 later
`;
const CSV_TOLD = [
  '2026-09-08T12:30:00.000Z client.address=2001:db8::1 sender.domain=corp.example server.name=ex1.corp.example server.version=15.1.2507.39 id=4711 accepted',
  '2026-09-08T12:30:01.000Z client.address=192.0.2.1 server.name=ex2; old rejected 450 4.7.1',
];

const JSON_LINES = `
format: json-lines
moment: connection
at: { from: log.ms, format: epoch-millis }
facts: { client.address: [client.ip], helo: smtp.helo, message.size: smtp.size, tls.verified: tls.ok }
outcome: { from: action, accepted: [pass], rejected: [drop] }
`;
const JSON_LOG = `{"log":{"ms":1700000300250},"client.ip":"192.0.2.1","smtp":{"helo":"EX1","size":4096},"tls":{"ok":true},"action":"Pass"}
{"log":{"ms":1700000300251.5},"client.ip":"192.0.2.2","smtp":{"helo":"EX\\u0032"},"action":"drop","more":[1,{"a":null}]}
`;
const JSON_TOLD = [
  '2023-11-14T22:18:20.250Z client.address=192.0.2.1 helo=ex1 message.size=4096 tls.verified=true accepted',
  '2023-11-14T22:18:20.252Z client.address=192.0.2.2 helo=ex2 rejected undefined undefined',
];

describe('logs with a mapping file', () => {
  it('tell what the columns of a CSV are', async () => {
    const { told: lines, records } = await tell(CSV, CSV_LOG);
    expect(lines).toEqual(CSV_TOLD);
    expect(records.every(({ moment }) => moment === 'message')).toBe(true);
  });

  it('tell what the keys of JSON Lines are', async () => {
    const { told: lines, records } = await tell(JSON_LINES, JSON_LOG);
    expect(lines).toEqual(JSON_TOLD);
    expect(records.every(({ moment }) => moment === 'connection')).toBe(true);
  });

  it('read the CSV that begins first before the others, and go on where a file has no header', async () => {
    const [header = '', first = '', second = ''] = CSV_LOG.split('\n');
    const { told: lines } = await tell(CSV, second, `${header}\n${first}\n`);
    expect(lines).toEqual(CSV_TOLD);
  });

  it('pass over headers in the middle, and go by the columns of each file', async () => {
    const other = `Queue;When;Peer;From;Server;Build;Reply\n1;08.09.2026 14:30:02;192.0.2.9;;;;\n`;
    const { lines, report, told: all } = await tell(CSV, `${CSV_LOG}\n${CSV_LOG}`, other);
    expect(lines).toEqual([2, 3, 6, 7, 2]);
    expect(report).toMatchObject({ lines: 9, passedOver: 4, unreadable: 0 });
    expect(all.at(-1)).toBe('2026-09-08T12:30:02.000Z client.address=192.0.2.9 id=1');
  });

  it.each<[string, string, string, string]>([
    [
      'a column that there is not',
      CSV,
      CSV_LOG.replace('Build', 'Builds'),
      'no column "Build" in the header. Did you mean Builds?',
    ],
    ['no header at all', CSV, 'a;b\n', 'no column "When" in the header. One of: a, b.'],
    ['a wrong instant', CSV, `${CSV_LOG}32.09.2026 14:30:00;;;;;;`, 'no instant in "32.09.2026 14:30:00"'],
    ['no instant', JSON_LINES, '{"log":7}', 'no instant'],
    [
      'a version that is none',
      CSV,
      CSV_LOG.replace('15.1.2507.39', '2016 CU23'),
      'server.version is not a version such as 15.1.2507.39: "2016 CU23"',
    ],
    [
      'an address that is none',
      CSV,
      CSV_LOG.replace('192.0.2.1:25', 'mx.corp.example'),
      'client.address is not an address such as 192.0.2.1 or 2001:db8::1: "mx.corp.example"',
    ],
    ['no JSON', JSON_LINES, JSON_LOG.slice(0, 50), 'no JSON object'],
    ['a JSON list', JSON_LINES, '[]', 'no JSON object'],
    ['an open quote', CSV, `${CSV_LOG}"08.09.2026`, 'a quote that is not closed'],
  ])('show %s', async (_, mapping, log, why) => {
    const { report } = await tell(mapping, log);
    expect(report.examples[0]?.why).toBe(why);
  });

  it('lack what the mapping does not name', async () => {
    expect((await tell(CSV, CSV_LOG)).report.lacks).toEqual(['headers', 'helo', 'client-name', 'tls']);
    expect((await tell(JSON_LINES, JSON_LOG)).report.lacks).toEqual(['version', 'headers', 'client-name', 'tls']);
  });

  it('are refused without a mapping file', async () => {
    await expect(readTexts([CSV_LOG], { format: 'mapped' })).rejects.toThrow(/needs a mapping file/);
  });

  it.each([
    ['CSV', CSV, CSV_LOG],
    ['JSON Lines', JSON_LINES, JSON_LOG],
  ])('account for every line of a broken %s', async (_, mapping, log) => {
    for (const text of hostileTexts(Buffer.from(log))) {
      const { report } = await tell(mapping, text);
      expect(report.records.messages + report.records.connections).toBe(report.used);
    }
  });
});
