import { describe, expect, it } from 'vitest';
import { describeReading, logFixture, logSourceOf, readLogText } from './read-log-text.fixture.js';

const SESSION = '22222222-28C0-4B91-8403-34686796FD92';

function line(second: number, rest: string): string {
  return `2026-12-24T10:00:${String(second).padStart(2, '0')}.000Z [NOTICE] [${SESSION}${rest}\n`;
}

describe('logs of Haraka', () => {
  it('give a record of each message, and of each connection without one, in whatever parts they come', async () => {
    const octets = logFixture('haraka.log');
    const { records, report } = await readLogText(octets);
    await expect(describeReading(records, report)).toMatchFileSnapshot('fixtures/haraka.records.txt');
    expect(await readLogText([logSourceOf(octets, { partOctets: 7 })])).toEqual({ records, report });
  });

  it('tell messages of a session whose end the log does not have, without what it would have told', async () => {
    const { records, report } = await readLogText(
      [
        line(0, '] [core] connect ip=192.0.2.1 port=1 local_ip=:: local_port=25'),
        line(1, '.1] [core] sender <user@example.com> code=CONT msg=""'),
        line(2, '.1] [core] message mid=<> size=1 rcpts=1/0/0 delay=0 code=CONT msg=""'),
        line(3, '.1] [core] queue code=OK msg=""'),
      ].join(''),
    );
    expect(records).toEqual([
      `3 2026-12-24T10:00:02Z message ${SESSION}.1 accepted client.address=192.0.2.1 sender.domain=example.com message.size=1 message.recipients=1`,
    ]);
    expect(report.unfinished).toBe(0);
  });

  it('keep the messages of one session apart', async () => {
    const mail = (count: number) =>
      line(count, `.${count}] [core] sender <user@${count}.example> code=CONT msg=""`) +
      line(count, `.${count}] [core] message mid=<> size=${count} rcpts=1/0/0 delay=0 code=CONT msg=""`) +
      line(count, `.${count}] [core] queue code=${count === 1 ? 'OK' : 'DENYSOFT'} msg=""`);
    const end = line(9, '.2] [core] disconnect ip=192.0.2.1 rdns=X helo=a.example relay=N lr="450 later" time=9');
    const { records } = await readLogText(mail(1) + mail(2) + end);
    const known = (count: number) =>
      `client.address=192.0.2.1 helo=a.example sender.domain=${count}.example message.size=${count} message.recipients=1`;
    expect(records).toEqual([
      `2 2026-12-24T10:00:01Z message ${SESSION}.1 accepted ${known(1)}`,
      `5 2026-12-24T10:00:02Z message ${SESSION}.2 rejected 450 ${known(2)}`,
    ]);
  });
});
