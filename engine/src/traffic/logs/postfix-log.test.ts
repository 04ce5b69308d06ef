import { describe, expect, it } from 'vitest';
import { describeReading, logFixture, logSourceOf, readLogText } from './read-log-text.fixture.js';

describe('logs of Postfix', () => {
  it('give a record of each mail, rejection and bare connection, in whatever parts they come', async () => {
    const octets = logFixture('postfix.log');
    const { records, report } = await readLogText(octets);
    await expect(describeReading(records, report)).toMatchFileSnapshot('fixtures/postfix.records.txt');
    expect(await readLogText([logSourceOf(octets, { partOctets: 7 })])).toEqual({ records, report });
  });

  it('join mail by queue id and sessions by process on each host apart', async () => {
    const of = (host: string, address: string) => [
      `Dec 24 10:00:00 ${host} postfix/smtpd[1]: connect from unknown[${address}]`,
      `Dec 24 10:00:01 ${host} postfix/smtpd[1]: AAAA: client=unknown[${address}]`,
      `Dec 24 10:00:02 ${host} postfix/qmgr[2]: AAAA: from=<user@${host}.example>, size=1, nrcpt=1 (queue active)`,
    ];
    const [first, second] = [of('mx1', '192.0.2.1'), of('mx2', '192.0.2.2')];
    const mixed = first.flatMap((line, index) => [line, second[index]]).join('\n');
    const { records, report } = await readLogText(mixed);
    expect(records).toEqual([
      '5 2026-12-24T10:00:02Z message AAAA accepted client.address=192.0.2.1 sender.domain=mx1.example message.size=1 message.recipients=1',
      '6 2026-12-24T10:00:02Z message AAAA accepted client.address=192.0.2.2 sender.domain=mx2.example message.size=1 message.recipients=1',
    ]);
    expect(report.unfinished).toBe(0);
  });

  it('know a queue id and a process that come again from those before', async () => {
    const mail = (day: number, address: string) =>
      `Dec ${day} 10:00:00 mx1 postfix/smtpd[1]: connect from unknown[${address}]
Dec ${day} 10:00:01 mx1 postfix/smtpd[1]: AAAA: client=unknown[${address}]
Dec ${day} 10:00:02 mx1 postfix/qmgr[2]: AAAA: from=<>, size=${day}, nrcpt=1 (queue active)
Dec ${day} 10:00:03 mx1 postfix/qmgr[2]: AAAA: removed
Dec ${day} 10:00:04 mx1 postfix/smtpd[1]: disconnect from unknown[${address}]
`;
    const { records } = await readLogText(`${mail(24, '192.0.2.1')}${mail(25, '192.0.2.2')}`);
    expect(records).toEqual([
      '3 2026-12-24T10:00:02Z message AAAA accepted client.address=192.0.2.1 message.size=24 message.recipients=1',
      '8 2026-12-25T10:00:02Z message AAAA accepted client.address=192.0.2.2 message.size=25 message.recipients=1',
    ]);
  });

  it('give no encryption of a session to the next of the same process', async () => {
    const { records } = await readLogText(`Dec 24 10:00:00 mx1 postfix/smtpd[1]: connect from unknown[192.0.2.1]
Dec 24 10:00:01 mx1 postfix/smtpd[1]: Anonymous TLS connection established from unknown[192.0.2.1]: TLSv1.3 with cipher X (256/256 bits)
Dec 24 10:00:02 mx1 postfix/smtpd[1]: connect from unknown[192.0.2.2]
Dec 24 10:00:03 mx1 postfix/smtpd[1]: disconnect from unknown[192.0.2.2]
`);
    expect(records).toEqual(['4 2026-12-24T10:00:02Z connection - - client.address=192.0.2.2']);
  });

  it('know the client of mail that a filter before the queue refuses', async () => {
    const { records } = await readLogText(`Dec 24 10:00:00 mx1 postfix/smtpd[1]: connect from a.example[192.0.2.1]
Dec 24 10:00:01 mx1 postfix/smtpd[1]: NOQUEUE: client=a.example[192.0.2.1]
Dec 24 10:00:02 mx1 postfix/smtpd[1]: proxy-reject: END-OF-MESSAGE: 554 5.7.1 not known
Dec 24 10:00:02 mx1 postfix/smtpd[1]: NOQUEUE: proxy-reject: END-OF-MESSAGE: 554 5.7.1 No; from=<user@example.com> to=<user@example.net> proto=ESMTP helo=<a.example>
Dec 24 10:00:03 mx1 postfix/smtpd[1]: disconnect from a.example[192.0.2.1]
`);
    expect(records).toEqual([
      '4 2026-12-24T10:00:02Z message - rejected 554 5.7.1 client.address=192.0.2.1 client.name=a.example helo=a.example sender.domain=example.com',
    ]);
  });

  it.each([
    ['a mail that is still coming in', 'smtpd[1]: AAAA: client=unknown[192.0.2.1]', 1],
    ['a session under way', 'smtpd[1]: connect from unknown[192.0.2.1]', 1],
    ['the end of a session alone', 'smtpd[1]: disconnect from unknown[192.0.2.1]', 1],
    ['mail in the queue alone', 'qmgr[1]: AAAA: from=<>, size=1, nrcpt=1 (queue active)', 1],
    ['mail that expires', 'qmgr[1]: AAAA: from=<>, status=expired, returned to sender', 0],
  ])('count as unfinished what lacks its other half: %s', async (_, line, unfinished) => {
    const { records, report } = await readLogText(`Dec 24 10:00:00 mx1 postfix/${line}\n`, 'postfix');
    expect(records).toEqual([]);
    expect(report.unfinished).toBe(unfinished);
  });

  it.each([
    ['smtpd[1]: connect from mail.example.com[192.0.2', 'a client that breaks off'],
    ['smtpd[1]: AAAA: client=mail.example.com', 'a client that breaks off'],
    ['smtpd[1]: NOQUEUE: reject: RCPT from mail.example.com[192.0.2.1]: 554 5.7.1', 'a rejection that breaks off'],
    ['smtpd[1]: NOQUEUE: reject: RCPT from a[192.0.2.1]: 554 No; from=<user@example.c', 'a rejection that breaks off'],
    [
      'smtpd[1]: NOQUEUE: reject: RCPT from a[192.0.2.1]: 554 No; from=<> to=<> proto=SMTP helo=<mail.exam',
      'a rejection that breaks off',
    ],
    ['qmgr[1]: AAAA: from=<user@example.com>, size=12', 'a message without size and recipients'],
  ])('name what is wrong with %j', async (line, why) => {
    const { report } = await readLogText(`Dec 24 10:00:00 mx1 postfix/${line}`, 'postfix');
    expect(report.examples).toMatchObject([{ why }]);
  });

  it('take the client from before what a sender can write', async () => {
    const { records } = await readLogText(
      `Dec 24 10:00:00 mx1 postfix/smtpd[1]: NOQUEUE: reject: RCPT from a.example[192.0.2.1]: 554 5.7.1 <x>: No from b.example[192.0.2.9]: 550; from=<" from c[192.0.2.8]: "@example.com> to=<x> proto=ESMTP helo=<from d[192.0.2.7]>\n`,
    );
    expect(records).toEqual([
      '1 2026-12-24T10:00:00Z connection - rejected 554 5.7.1 client.address=192.0.2.1 client.name=a.example helo=from d[192.0.2.7] sender.domain=example.com',
    ]);
  });
});
