import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { hostileTexts, readTexts, told } from './log-texts.fixture.js';

function fixture(name: string): string {
  return readFileSync(new URL(`./fixtures/${name}`, import.meta.url)).toString();
}

async function tell(...texts: (string | Buffer)[]) {
  const { records, report } = await readTexts(texts, { format: 'exchange-receive' });
  return { told: records.map(told), records, report };
}

const INTERLEAVED = fixture('receive-interleaved.log');
const TOLD = [
  '2026-09-08T10:00:00.000Z client.address=203.0.113.9 helo=relay sender.domain=partner.example message.recipients=2 id=08DC1DB8591B229B rejected 550 5.1.10',
  '2026-09-08T10:00:00.000Z client.address=2001:db8::9 helo=mail.corp.example sender.domain=corp.example message.size=7229 message.recipients=1 tls.protocol=TLSv1.2 tls.verified=true tls.name=mail.corp.example id=08DC1DB8591B229A accepted',
];

/** Lines of one session, in the order of their numbers. */
function session(...lines: readonly (readonly [sign: string, data?: string, context?: string])[]): string {
  const texts = lines.map(
    ([sign, data = '', context = ''], number) =>
      `2026-09-08T10:00:00.000Z,EX1\\In,08DC1DB8591B229A,${number},192.0.2.10:25,203.0.113.9:1,${sign},${data},${context}`,
  );
  return `${texts.join('\n')}\n`;
}

describe('the receive protocol log of Exchange', () => {
  it.each(['receive-2023.log', 'receive-mixed.log', 'receive-interleaved.log'])('is recognised: %s', async (name) => {
    const { report } = await readTexts([fixture(name)]);
    expect(report.files).toMatchObject([{ format: 'exchange-receive' }]);
    expect(report.unreadable).toBe(0);
  });

  it('tells sessions that are interleaved, each as it ends', async () => {
    const { told: lines, records, report } = await tell(INTERLEAVED);
    expect(lines).toEqual(TOLD);
    expect(records.every(({ moment }) => moment === 'connection')).toBe(true);
    expect(report.unfinished).toBe(0);
  });

  it('tells sessions of real logs whose ends are missing, and counts them', async () => {
    const whole = await tell(fixture('receive-2023.log'));
    expect(whole.told).toEqual([
      '2023-01-11T15:59:51.433Z client.address=203.0.113.33 helo=[203.0.113.33] tls.protocol=TLSv1.2 tls.verified=false id=123453EC62278461',
    ]);
    expect(whole.report.unfinished).toBe(1);
    const mixed = await tell(fixture('receive-mixed.log'));
    expect(mixed.told).toEqual([
      '2019-01-25T00:03:58.478Z client.address=198.51.100.220 id=08D675E58CA1DA38',
      '2024-01-25T15:14:39.026Z client.address=198.51.100.14 id=08DC1DB8591B229B',
      '2024-01-25T15:14:39.031Z client.address=198.51.100.14 helo=mgt.corp.example id=08DC1DB8591B229A',
    ]);
    expect(mixed.report).toMatchObject({ unfinished: 3, passedOver: 2 });
  });

  it('tells the same where the log was rotated in the middle of sessions', async () => {
    const lines = INTERLEAVED.split('\n');
    const header = lines.slice(0, 5);
    for (let cut = header.length; cut < lines.length; cut++) {
      const second = [...header, ...lines.slice(cut)].join('\n');
      expect((await tell(lines.slice(0, cut).join('\n'), second)).told).toEqual(TOLD);
    }
  });

  it('goes by the numbers of the lines, not by their order', async () => {
    const lines = INTERLEAVED.trimEnd().split('\n');
    const isEnd = (line: string) => line.endsWith(',-,,Local');
    const shuffled = [
      ...lines.slice(0, 5),
      ...lines
        .slice(5)
        .filter((line) => !isEnd(line))
        .reverse(),
    ];
    expect((await tell([...shuffled, ...lines.filter(isEnd)].join('\n'))).told).toEqual(TOLD);
  });

  it('passes over the logs of send connectors', async () => {
    const sent = INTERLEAVED.replace('Receive Protocol', 'Send Protocol');
    expect((await tell(sent)).told).toEqual([]);
    const rotated = await tell(`${sent}${INTERLEAVED}`);
    expect(rotated.told).toEqual(TOLD);
  });

  it('leaves out sessions of own hosts', async () => {
    const options = { format: 'exchange-receive', ownHosts: new Set(['relay']) } as const;
    expect((await readTexts([INTERLEAVED], options)).records.map(told)).toEqual([TOLD[1]]);
  });

  it.each<[string, string, string]>([
    ['a connection alone', session(['+'], ['-']), 'client.address=203.0.113.9'],
    [
      'a sender that is refused',
      session(['+'], ['<', 'MAIL FROM:<>'], ['>', '450 4.7.1 Later'], ['-']),
      'rejected 450 4.7.1',
    ],
    [
      'a reply without an enhanced code',
      session(['+'], ['<', 'MAIL FROM:<>'], ['>', '550 Go away'], ['-']),
      'rejected 550 undefined',
    ],
    [
      'the recipients of the first message',
      session(['+'], ['<', 'MAIL FROM:<>'], ['<', 'RCPT TO:<a>'], ['<', 'MAIL FROM:<>'], ['<', 'RCPT TO:<b>'], ['-']),
      'message.recipients=1',
    ],
    [
      'the client that a front end stands for',
      session(['+'], ['<', 'EHLO fe'], ['<', 'XPROXYFROM SID=1 IP=198.51.100.7 PORT=2 DOMAIN=mx.corp.example'], ['-']),
      'client.address=198.51.100.7 helo=mx.corp.example',
    ],
    ['TLS 1.0', session(['+'], ['*', '', 'TLS protocol SP_PROT_TLS1_0_SERVER ok'], ['-']), 'tls.protocol=TLSv1 '],
    ['TLS 1.3', session(['+'], ['*', '', 'TLS protocol SP_PROT_TLS1_3_SERVER ok'], ['-']), 'tls.protocol=TLSv1.3'],
    [
      'the certificate, line by line',
      session(
        ['+'],
        ['*', '', 'Sending certificate'],
        ['*', 'CN=own.example', 'Certificate subject'],
        ['*', '', 'Received certificate'],
        ['*', '"CN=mail.corp.example, C=DE"', 'Certificate subject'],
        ['-'],
      ),
      'tls.name=mail.corp.example',
    ],
  ])('tells %s', async (_, log, expected) => {
    const { told: lines } = await tell(log);
    expect(lines).toEqual([expect.stringContaining(expected)]);
  });

  it('tells no name of a certificate that was not verified', async () => {
    const remote = ['*', 'CN=mail.corp.example', 'Remote certificate'] as const;
    const { records } = await tell(session(['+'], remote, ['*', '', "Status='SubjectMismatch'"], ['-']));
    expect(records[0]?.facts).toMatchObject({ 'tls.verified': false });
    expect(records[0]?.facts['tls.name']).toBeUndefined();
  });

  it.each<[string, string, string]>([
    ['a cut line', INTERLEAVED.slice(0, 400), '3 columns instead of 9'],
    ['a wrong instant', session(['+']).replace('09-08', '02-30'), 'no instant in date-time'],
    ['no number', session(['+']).replace(',0,', ',,'), 'no session-id or sequence-number'],
    ['another event', session(['?']), 'an event that is none of + - < > *'],
    ['another header', '#Fields: date-time,event', 'a header without the columns of a protocol log'],
  ])('counts and shows %s', async (_, log, why) => {
    const { report } = await tell(log);
    expect(report.examples.at(-1)?.why).toBe(why);
  });

  it('keeps bounded memory of endless sessions', async () => {
    const lines = Array.from({ length: 30_000 }, (_, number) => session(['+']).replaceAll('229A', number.toString(16)));
    const { records, report } = await tell(lines.join(''));
    expect(records).toHaveLength(30_000);
    expect(report.unfinished).toBe(30_000);
    expect(records[0]?.line).toBe(1);
  });

  it('goes on where the clock goes back', async () => {
    const back = session(['+'], ['<', 'EHLO a'], ['-']).split('\n');
    const text = [back[0], back[1]?.replace('2026', '2025'), back[2]?.replace('2026', '2024')].join('\n');
    expect((await tell(text)).told).toEqual([expect.stringMatching(/^2026.*helo=a/)]);
  });

  it('accounts for every line of a broken log', async () => {
    for (const text of hostileTexts(Buffer.from(INTERLEAVED))) {
      const { records, report } = await tell(text);
      expect(report.records.connections).toBe(records.length);
      expect(records.length).toBeLessThanOrEqual(report.used);
      expect(report.broken).toEqual([]);
    }
  });
});
