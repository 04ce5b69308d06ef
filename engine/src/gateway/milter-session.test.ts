import { describe, expect, it } from 'vitest';
import { frames } from './milter-frames.fixture.js';
import { MAX_KEPT_FIELDS } from './milter-headers.js';
import { MilterPacketReader } from './milter-packet.js';
import { MilterSession } from './milter-session.js';
import { BLOCK, DEFER, RecordingEnforcer, THROTTLE } from './recording-enforcer.fixture.js';

/** No step can be left out, so every command is answered. */
const PLAIN = frames.negotiate(2, 0x3f, 0);
const THROTTLED = 'y450 4.7.230 Server is 100%% out-of-date; throttled for 5 mins/hr.\0';

/** Plays frames to a session; the answers are `-` for none, else command and data, or what else happened. */
async function play(
  octets: readonly Buffer[],
  enforcer = new RecordingEnforcer(),
  session = new MilterSession(enforcer),
) {
  const answers: string[] = [];
  for (const result of new MilterPacketReader(1 << 20).read(Buffer.concat(octets))) {
    if (!result.ok) throw new Error(result.problem);
    const step = await session.handle(result.packet);
    if (step.kind === 'reply') answers.push(step.octets.subarray(4).toString('latin1'));
    else answers.push(step.kind === 'silent' ? '-' : step.kind === 'quit' ? 'quit' : step.problem);
  }
  return { answers: answers.slice(1), enforcer, session };
}

describe('a milter session', () => {
  it('judges a message at MAIL and at the end of its headers, and accepts it before its body', async () => {
    const { answers, enforcer } = await play([
      PLAIN,
      frames.connect(),
      frames.helo(),
      frames.mail('<user@partner.example>', 'SIZE=1234', 'BODY=8BITMIME'),
      frames.rcpt(),
      frames.rcpt('<v@example.org>'),
      frames.header('Received', ' from a\n\tby b'),
      frames.header('Subject', 'x'),
      frames.macros('N', { i: 'ABC123' }),
      frames.endOfHeaders(),
      frames.quit(),
    ]);
    expect(answers).toEqual(['c', 'c', 'c', 'c', 'c', 'c', 'c', '-', 'a', 'quit']);
    const facts = {
      'client.address': expect.objectContaining({ text: '192.0.2.7' }),
      'client.name': 'mail.partner.example',
      helo: 'helo.partner.example',
      'sender.domain': 'partner.example',
      'tls.verified': false,
      'message.size': 1234,
    };
    expect(enforcer.asked).toEqual([
      { connection: { gateway: 'milter', facts } },
      {
        connection: { gateway: 'milter', queueId: 'ABC123', facts: { ...facts, 'message.recipients': 2 } },
        headers: [
          { name: 'Received', value: 'from a\n\tby b' },
          { name: 'Subject', value: 'x' },
        ],
      },
    ]);
  });

  it('says nothing to the commands that it asked not to answer', async () => {
    const { answers } = await play([
      frames.negotiate(),
      frames.connect(),
      frames.helo(),
      frames.mail(),
      frames.rcpt(),
      frames.data(),
      frames.header('Subject', ' x'),
      frames.unknown(),
      frames.endOfHeaders(),
    ]);
    expect(answers).toEqual(['-', '-', 'c', '-', '-', '-', '-', 'a']);
  });

  it.each([
    ['a throttled connection', THROTTLE, THROTTLED],
    ['a blocked connection', BLOCK, 'y550 5.7.230 Server is blocked.\0'],
    ['a deferred connection', DEFER, 'y451 4.3.2 Try again later.\0'],
  ])('refuses %s at MAIL, and judges the next message anew', async (_name, verdict, answer) => {
    const enforcer = new RecordingEnforcer();
    enforcer.answer = () => (enforcer.asked.length === 1 ? verdict : { action: 'accept' });
    const { answers } = await play([PLAIN, frames.connect(), frames.mail(), frames.abort(), frames.mail()], enforcer);
    expect(answers).toEqual(['c', answer, '-', 'c']);
  });

  it('refuses a message at the end of its headers, and goes on with the next', async () => {
    const enforcer = new RecordingEnforcer();
    enforcer.answer = ({ headers }) => (headers?.[0]?.value === 'old' ? THROTTLE : { action: 'accept' });
    const message = (received: string) => [
      frames.mail(),
      frames.rcpt(),
      frames.header('Received', received),
      frames.endOfHeaders(),
    ];
    const { answers } = await play(
      [PLAIN, frames.connect(), ...message('old'), frames.abort(), ...message('new')],
      enforcer,
    );
    expect(answers).toEqual(['c', 'c', 'c', 'c', THROTTLED, '-', 'c', 'c', 'c', 'a']);
  });

  it('judges at the end of the message where the end of the headers was left out', async () => {
    const enforcer = new RecordingEnforcer();
    enforcer.answer = ({ headers }) => (headers === undefined ? { action: 'accept' } : BLOCK);
    const { answers } = await play(
      [PLAIN, frames.connect(), frames.mail(), frames.body(), frames.endOfMessage()],
      enforcer,
    );
    expect(answers.at(-1)).toBe('y550 5.7.230 Server is blocked.\0');
    expect(enforcer.asked.at(-1)?.headers).toEqual([]);
  });

  it('judges a message once, also where body and end follow', async () => {
    const { answers, enforcer } = await play([
      PLAIN,
      frames.connect(),
      frames.mail(),
      frames.endOfHeaders(),
      frames.body(),
      frames.endOfMessage(),
    ]);
    expect(answers).toEqual(['c', 'c', 'a', 'c', 'c']);
    expect(enforcer.asked).toHaveLength(2);
  });

  it('keeps no queue id of an accepted message for the next, which follows without an abort', async () => {
    const { enforcer } = await play([
      PLAIN,
      frames.connect(),
      frames.mail(),
      frames.macros('N', { i: 'FIRST' }),
      frames.endOfHeaders(),
      frames.mail(),
      frames.endOfHeaders(),
    ]);
    expect(enforcer.asked.map(({ connection }) => connection.queueId)).toEqual([
      undefined,
      'FIRST',
      undefined,
      undefined,
    ]);
  });

  it('keeps nothing of a message for the next, and nothing of a session for the next', async () => {
    const { enforcer } = await play([
      PLAIN,
      frames.connect(),
      frames.macros('H', { '{tls_version}': 'TLSv1.3' }),
      frames.helo(),
      frames.macros('M', { i: 'FIRST' }),
      frames.mail('<a@one.example>', 'SIZE=1'),
      frames.rcpt(),
      frames.abort(),
      frames.mail('<>'),
      frames.newSession(),
      frames.connect('unknown', '6', 'IPv6:2001:db8::7'),
      frames.mail('<b@two.example>'),
    ]);
    expect(enforcer.asked[0]?.connection).toMatchObject({
      queueId: 'FIRST',
      facts: { 'sender.domain': 'one.example', 'message.size': 1, 'tls.protocol': 'TLSv1.3' },
    });
    expect(enforcer.asked[1]?.connection).toEqual({
      gateway: 'milter',
      facts: {
        'client.address': expect.anything(),
        'client.name': 'mail.partner.example',
        helo: 'helo.partner.example',
        'tls.protocol': 'TLSv1.3',
        'tls.verified': false,
      },
    });
    expect(enforcer.asked[2]?.connection).toEqual({
      gateway: 'milter',
      facts: {
        'client.address': expect.objectContaining({ text: '2001:db8::7' }),
        'sender.domain': 'two.example',
        'tls.verified': false,
      },
    });
  });

  it.each([
    [
      'Postfix, a trusted certificate',
      PLAIN,
      { v: 'Postfix 3.7.11' },
      { '{cert_subject}': 'mail.a.example' },
      true,
      'mail.a.example',
    ],
    [
      'Postfix that sends chosen macros',
      frames.negotiate(),
      {},
      { '{cert_subject}': 'mail.a.example' },
      true,
      'mail.a.example',
    ],
    [
      'a mail server that may be an old Sendmail',
      PLAIN,
      {},
      { '{cert_subject}': '/CN=mail.a.example' },
      false,
      undefined,
    ],
    [
      'Sendmail, verified',
      frames.negotiate(),
      {},
      { '{verify}': 'OK', '{cn_subject}': 'mail.a.example' },
      true,
      'mail.a.example',
    ],
    [
      'Sendmail, verified, with a distinguished name',
      frames.negotiate(),
      {},
      { '{verify}': 'OK', '{cert_subject}': '/O=A+20Ltd/CN=mail.a.example/emailAddress=x' },
      true,
      'mail.a.example',
    ],
    [
      'Sendmail, verified, with two common names',
      frames.negotiate(),
      {},
      { '{verify}': 'OK', '{cert_subject}': '/O=x/CN=mail.a.example/CN=evil' },
      true,
      undefined,
    ],
    [
      'Sendmail, not verified',
      frames.negotiate(),
      {},
      { '{verify}': 'FAIL', '{cert_subject}': '/CN=mail.a.example' },
      false,
      undefined,
    ],
    ['no certificate', frames.negotiate(), {}, { '{verify}': 'NO' }, false, undefined],
  ])(
    'trusts a certificate only where the mail server verified it: %s',
    async (_name, offer, atConnect, atHelo, verified, name) => {
      const { enforcer } = await play([
        offer,
        frames.macros('C', atConnect),
        frames.connect(),
        frames.macros('H', atHelo),
        frames.helo(),
        frames.mail(),
      ]);
      expect(enforcer.asked[0]?.connection.facts['tls.verified']).toBe(verified);
      expect(enforcer.asked[0]?.connection.facts['tls.name']).toBe(name);
    },
  );

  it.each([
    ['IPv4', frames.connect('a.example', '4', '192.0.2.1'), '192.0.2.1', 'a.example'],
    ['IPv6', frames.connect('a.example', '6', '2001:DB8::1'), '2001:db8::1', 'a.example'],
    ['IPv6 with its prefix', frames.connect('[IPv6:2001:db8::1]', '6', 'IPv6:2001:db8::1'), '2001:db8::1', undefined],
    ['a unix socket', frames.connect('localhost', 'L', '/run/x'), undefined, 'localhost'],
    ['an unknown family', Buffer.from('\0\0\0\x0aCunknown\0U', 'latin1'), undefined, undefined],
  ])('knows the client by %s', async (_name, connect, address, name) => {
    const { enforcer } = await play([PLAIN, connect, frames.mail()]);
    expect(enforcer.asked[0]?.connection.facts['client.address']?.text).toBe(address);
    expect(enforcer.asked[0]?.connection.facts['client.name']).toBe(name);
  });

  it('keeps the topmost fields of a header that is too large, and judges by them', async () => {
    const many = Array.from({ length: 3 * MAX_KEPT_FIELDS }, (_, index) => frames.header(`X-${index}`, 'x'));
    const large = Array.from({ length: 100 }, (_, index) => frames.header(`X-${index}`, 'x'.repeat(50_000)));
    for (const [fields, kept] of [[many, MAX_KEPT_FIELDS] as const, [large, 5] as const]) {
      const { enforcer } = await play([PLAIN, frames.connect(), frames.mail(), ...fields, frames.endOfHeaders()]);
      expect(enforcer.asked[1]?.headers).toHaveLength(kept);
      expect(enforcer.asked[1]?.headers?.[0]?.name).toBe('X-0');
    }
  });

  it.each([
    ['a command before the negotiation', [frames.connect()], 'the command C before the negotiation'],
    ['MAIL before a connect', [PLAIN, frames.mail()], 'the command M before a connect'],
    ['a header before MAIL', [PLAIN, frames.connect(), frames.header('a', 'b')], 'the command L outside a message'],
    ['a recipient before MAIL', [PLAIN, frames.connect(), frames.rcpt()], 'the command R outside a message'],
    [
      'an end of headers before MAIL',
      [PLAIN, frames.connect(), frames.endOfHeaders()],
      'the command N outside a message',
    ],
    [
      'a header after the end of the headers',
      [PLAIN, frames.connect(), frames.mail(), frames.endOfHeaders(), frames.header('a', 'b')],
      'the command L after the end of the headers',
    ],
    ['a second connect', [PLAIN, frames.connect(), frames.connect()], 'the command C within a session'],
    ['a negotiation within a session', [PLAIN, frames.connect(), PLAIN], 'a negotiation within a session'],
    ['a connect without NUL', [PLAIN, Buffer.from('\0\0\0\x02Cx', 'latin1')], 'a connect command that cannot be read'],
    ['a connect of no family', [PLAIN, frames.connect('a', 'Z')], 'a connect command that cannot be read'],
    [
      'a connect cut off',
      [PLAIN, Buffer.from('\0\0\0\x05Ca\x004\0', 'latin1')],
      'a connect command that cannot be read',
    ],
    [
      'a MAIL without data',
      [PLAIN, frames.connect(), Buffer.from('\0\0\0\x01M', 'latin1')],
      'a MAIL command without an address',
    ],
    [
      'a header without NUL',
      [PLAIN, frames.connect(), frames.mail(), Buffer.from('\0\0\0\x02Lx', 'latin1')],
      'a header that is not name, NUL, value',
    ],
    [
      'an unknown letter',
      [PLAIN, frames.connect(), frames.mail(), Buffer.from('\0\0\0\x01Z', 'latin1')],
      'the command Z which is not known',
    ],
    [
      'an octet that is no letter',
      [PLAIN, frames.connect(), frames.mail(), Buffer.from('\0\0\0\x01\xff', 'latin1')],
      'the command 0xff which is not known',
    ],
  ])('refuses %s', async (_name, octets, problem) => {
    expect((await play([frames.quit(), ...octets])).answers.at(-1)).toBe(problem);
  });

  it('takes an abort, a new session and macros wherever they come', async () => {
    const everywhere = [frames.abort(), frames.macros('Z', { i: 'x' }), Buffer.from('\0\0\0\x01D', 'latin1')];
    const { answers } = await play([
      PLAIN,
      ...everywhere,
      frames.newSession(),
      frames.connect(),
      ...everywhere,
      frames.abort(),
    ]);
    expect(answers).toEqual(['-', '-', '-', '-', 'c', '-', '-', '-', '-']);
  });
});
