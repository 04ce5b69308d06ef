import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { hostileTexts, readTexts, told } from './log-texts.fixture.js';

function fixture(name: string): Buffer {
  return readFileSync(new URL(`./fixtures/${name}`, import.meta.url));
}

async function tell(...texts: (string | Buffer)[]) {
  const { records, report } = await readTexts(texts, { format: 'exchange-tracking' });
  return { told: records.map(told), report };
}

function withoutHeader(log: Buffer): string {
  return log
    .toString()
    .split('\n')
    .filter((line) => !/^\uFEFF?#/.test(line))
    .join('\n');
}

const RECEIVED = {
  2007: [
    '2008-02-29T09:00:00.015Z client.address=203.0.113.7 helo=mail.partner.example message.size=4096 message.recipients=2 id=77 accepted',
  ],
  2010: [
    '2016-04-05T00:00:03.001Z client.address=2001:db8::25 helo=mx.partner.example sender.domain=partner.example message.size=2048 message.recipients=1 id=1234 accepted',
  ],
  2013: [
    '2017-05-22T17:33:35.601Z client.address=198.51.100.20 helo=relay.partner.example sender.domain=partner.example message.size=7312 message.recipients=1 id=64712272257893 accepted',
  ],
  2016: [
    '2024-01-25T15:16:09.949Z client.address=198.51.100.13 helo=host01.corp.example sender.domain=host01.corp.example message.size=7229 message.recipients=1 id=70912345566403 accepted',
    '2024-01-25T15:16:14.415Z client.address=198.51.100.15 helo=pve-vhost01.corp.example sender.domain=pve-vhost01.corp.example message.size=8251 message.recipients=1 id=70912345566407 accepted',
  ],
} as const;
const YEARS = [2007, 2010, 2013, 2016] as const;

const NAMES =
  '#Fields: date-time,client-ip,client-hostname,source,event-id,internal-message-id,message-id,total-bytes,recipient-count,return-path,original-client-ip,custom-data';
const LINE = '2026-09-08T00:00:00Z,192.0.2.1,mx.corp.example,SMTP,RECEIVE,1,<m@corp.example>,10,1,a@corp.example';

describe('the message tracking log of Exchange', () => {
  it.each(YEARS)('is recognised with the columns of %s', async (year) => {
    const { report } = await readTexts([fixture(`tracking-${year}.log`)]);
    expect(report.files).toMatchObject([{ format: 'exchange-tracking' }]);
    expect(report.unreadable).toBe(0);
  });

  it.each(YEARS)('tells what came in by SMTP with the columns of %s, with and without a header', async (year) => {
    const log = fixture(`tracking-${year}.log`);
    expect((await tell(log)).told).toEqual(RECEIVED[year]);
    expect((await tell(withoutHeader(log))).told).toEqual(RECEIVED[year]);
  });

  it.each<[string, string, string]>([
    ['the client itself', ',', 'client.address=192.0.2.1 helo=mx.corp.example'],
    ['the original client, whose name is not told', '203.0.113.9,', 'client.address=203.0.113.9'],
    [
      'the proxied client',
      ',S:A=1;S:ProxiedClientIPAddress=203.0.113.9;S:ProxiedClientHostname=mx.partner.example',
      'client.address=203.0.113.9 helo=mx.partner.example',
    ],
    [
      'the proxied client where that comes first',
      ',S:ProxiedClientIPAddress=203.0.113.9',
      'client.address=203.0.113.9',
    ],
    ['the original client that is the client', '192.0.2.1,', 'client.address=192.0.2.1 helo=mx.corp.example'],
  ])('tells %s', async (_, end, expected) => {
    const { records } = await readTexts([`${NAMES}\n${LINE},${end}\n`], { format: 'exchange-tracking' });
    expect(records.map(told)).toEqual([expect.stringContaining(`${expected} sender.domain`)]);
  });

  it('goes by the header that came last', async () => {
    const rotated = `${NAMES.replace('date-time,client-ip', 'client-ip,date-time')}\n192.0.2.2,2026-09-08T00:00:01Z,${LINE.slice(31)},,`;
    const { records } = await readTexts([`${NAMES}\n${LINE},,\n\n${rotated}`], { format: 'exchange-tracking' });
    expect(records.map(({ facts, line }) => [facts['client.address']?.text, line])).toEqual([
      ['192.0.2.1', 2],
      ['192.0.2.2', 5],
    ]);
  });

  it.each<[string, string, string]>([
    ['a cut line', `${NAMES}\n${LINE}`, '10 columns instead of 12'],
    ['a line of no known length', LINE, '10 columns instead of 21, 26, 27, 30'],
    ['an open quote', `${NAMES}\n${LINE},,"S:A`, 'a quote that is not closed'],
    ['a wrong instant', `${NAMES}\n${LINE.replace('09-08', '02-30')},,`, 'no instant in date-time'],
    ['another header', '#Fields: date-time,event', 'a header without the columns of a message tracking log'],
  ])('counts and shows %s', async (_, log, why) => {
    const { report } = await tell(log);
    expect(report.unreadable).toBe(1);
    expect(report.examples[0]?.why).toBe(why);
  });

  it('passes over what own hosts hand to each other', async () => {
    const options = { format: 'exchange-tracking', ownHosts: new Set(['mx.corp.example']) } as const;
    const proxied = `${LINE},,S:ProxiedClientIPAddress=203.0.113.9;S:ProxiedClientHostname=mx.partner.example`;
    const { records, report } = await readTexts([`${NAMES}\n${LINE},,\n${proxied}`], options);
    expect(records.map(({ line }) => line)).toEqual([3]);
    expect(report).toMatchObject({ used: 1, passedOver: 2 });
  });

  it('reads subjects in other encodings', async () => {
    const [before = '', after = ''] = fixture('tracking-2010.log').toString('latin1').split('Invoices');
    const log = Buffer.from(`${before}\xcf\xf0\xe8\xe2\xe5\xf2${after}`, 'latin1');
    expect((await tell(log)).told).toEqual(RECEIVED[2010]);
  });

  it('accounts for every line of a broken log', async () => {
    const log = Buffer.concat(YEARS.map((year) => fixture(`tracking-${year}.log`)));
    for (const text of hostileTexts(log)) {
      const { report } = await tell(text);
      expect(report.records.messages).toBe(report.used);
    }
  });
});
