import { describe, expect, it } from 'vitest';
import { describeReading, logFixture, logSourceOf, readLogText } from './read-log-text.fixture.js';

describe('logs of Sendmail', () => {
  it('give a record of each mail, rejection and silent connection, in whatever parts they come', async () => {
    const octets = logFixture('sendmail.log');
    const { records, report } = await readLogText(octets);
    await expect(describeReading(records, report)).toMatchFileSnapshot('fixtures/sendmail.records.txt');
    expect(await readLogText([logSourceOf(octets, { partOctets: 7 })])).toEqual({ records, report });
  });

  it('give no encryption of a session to another client of the same process id', async () => {
    const { records } =
      await readLogText(`Dec 24 10:00:00 mx1 sm-mta[1]: STARTTLS=server, relay=[192.0.2.1], version=TLSv1.3, verify=OK, cipher=X, bits=256/256
Dec 24 10:00:01 mx1 sm-mta[1]: AAA1: [192.0.2.1] did not issue MAIL/EXPN/VRFY/ETRN during connection to MTA
Dec 24 10:00:02 mx1 sm-mta[1]: AAA2: [192.0.2.2] did not issue MAIL/EXPN/VRFY/ETRN during connection to MTA
`);
    expect(records).toEqual([
      '2 2026-12-24T10:00:01Z connection AAA1 - client.address=192.0.2.1 tls.protocol=TLSv1.3 tls.verified=true',
      '3 2026-12-24T10:00:02Z connection AAA2 - client.address=192.0.2.2',
    ]);
  });

  it('tell mail whose delivery does not come, after a while', async () => {
    const from = (time: string, id: string) =>
      `Dec 24 ${time} mx1 sm-mta[1]: ${id}: from=<>, size=1, class=0, nrcpts=1, msgid=<1@example.com>, relay=[192.0.2.1]\n`;
    const { records, report } = await readLogText(`${from('10:00:00', 'AAA1')}${from('10:20:00', 'AAA2')}`);
    expect(records).toEqual([
      '1 2026-12-24T10:00:00Z message AAA1 - client.address=192.0.2.1 message.size=1 message.recipients=1',
      '2 2026-12-24T10:20:00Z message AAA2 - client.address=192.0.2.1 message.size=1 message.recipients=1',
    ]);
    expect(report.unfinished).toBe(0);
  });
});
