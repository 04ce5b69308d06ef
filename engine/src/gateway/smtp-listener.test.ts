import { afterEach, describe, expect, it, vi } from 'vitest';
import type { RunningGateway } from './listener.js';
import { RawClient } from './raw-client.fixture.js';
import { DEFER, RecordingEnforcer, RecordingLog, THROTTLE } from './recording-enforcer.fixture.js';
import { startSmtpListener } from './smtp-listener.js';

const LIMITS = { maxConnections: 3, idleTimeoutMillis: 10_000, maxRequestOctets: 100_000 };
const MAIL = 'MAIL FROM:<user@partner.example> SIZE=500\r\n';
const RCPT = 'RCPT TO:<u@example.org>\r\n';
const MESSAGE = 'Received: from a\r\n\tby b\r\nSubject: x\r\n\r\nNot: a header\r\n.\r\n';

const open: RunningGateway[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((gateway) => gateway.close(1)));
});

async function start(limits = LIMITS) {
  const enforcer = new RecordingEnforcer();
  const log = new RecordingLog();
  const listen = { kind: 'tcp', host: '127.0.0.1', port: 0 } as const;
  const gateway = await startSmtpListener({ enforcer, listen, limits, log, hostName: 'demo.example' });
  open.push(gateway);
  return { enforcer, log, gateway };
}

async function greeted(gateway: RunningGateway): Promise<RawClient> {
  const client = await RawClient.connect(gateway);
  expect(await client.receiveText('\r\n')).toBe('220 demo.example ESMTP Sluice demo listener\r\n');
  expect(await ask(client, 'EHLO mail.partner.example\r\n')).not.toMatch(/STARTTLS|AUTH/);
  return client;
}

async function ask(client: RawClient, command: string): Promise<string> {
  client.send(command);
  return (await client.receive((received) => /^\d{3} .*\r\n$/m.test(received.toString()))).toString();
}

describe('the demo SMTP listener', () => {
  it('judges at MAIL and at the end of DATA, and discards what it accepts', async () => {
    const { enforcer, gateway } = await start();
    const client = await greeted(gateway);
    expect(await ask(client, MAIL)).toMatch(/^250 /);
    expect(await ask(client, RCPT)).toMatch(/^250 /);
    expect(await ask(client, 'DATA\r\n')).toMatch(/^354 /);
    expect(await ask(client, MESSAGE)).toBe('250 2.0.0 accepted and discarded (demo listener)\r\n');
    const facts = {
      'client.address': expect.objectContaining({ text: '127.0.0.1' }),
      helo: 'mail.partner.example',
      'sender.domain': 'partner.example',
      'tls.verified': false,
    };
    expect(enforcer.asked).toEqual([
      { connection: { gateway: 'smtp', queueId: expect.any(String), facts: { ...facts, 'message.size': 500 } } },
      {
        connection: {
          gateway: 'smtp',
          queueId: expect.any(String),
          facts: { ...facts, 'message.size': expect.any(Number), 'message.recipients': 1 },
        },
        headers: [
          { name: 'Received', value: 'from a\n\tby b' },
          { name: 'Subject', value: 'x' },
        ],
      },
    ]);
  });

  it('refuses at MAIL with exactly the reply line', async () => {
    const { enforcer, gateway } = await start();
    enforcer.answer = () => THROTTLE;
    const client = await greeted(gateway);
    expect(await ask(client, MAIL)).toBe('450 4.7.230 Server is 100% out-of-date; throttled for 5 mins/hr.\r\n');
    enforcer.answer = () => DEFER;
    expect(await ask(client, MAIL)).toBe('451 4.3.2 Try again later.\r\n');
  });

  it('refuses at the end of DATA, and takes the next message', async () => {
    const { enforcer, gateway } = await start();
    enforcer.answer = ({ headers }) => (headers === undefined ? { action: 'accept' } : THROTTLE);
    const client = await greeted(gateway);
    for (let round = 0; round < 2; round++) {
      for (const command of [MAIL, RCPT, 'DATA\r\n']) await ask(client, command);
      expect(await ask(client, MESSAGE)).toBe('450 4.7.230 Server is 100% out-of-date; throttled for 5 mins/hr.\r\n');
    }
  });

  it('answers 451 and logs where the enforcer breaks its promise', async () => {
    const { enforcer, log, gateway } = await start();
    enforcer.answer = () => Promise.reject(new Error('a bug'));
    const client = await greeted(gateway);
    expect(await ask(client, MAIL)).toBe('451 4.3.0 Temporary failure; please try again later\r\n');
    expect(log.events).toEqual(['gateway-fault']);
  });

  it('refuses a message over its limit', async () => {
    const { gateway } = await start();
    const client = await greeted(gateway);
    expect(await ask(client, 'MAIL FROM:<a@b.example> SIZE=100001\r\n')).toMatch(/^552 /);
    for (const command of [MAIL, RCPT, 'DATA\r\n']) await ask(client, command);
    expect(await ask(client, `Subject: x\r\n\r\n${'x'.repeat(110_000)}\r\n.\r\n`)).toMatch(/^552 /);
  });

  it('cuts a message that has no end', async () => {
    const { enforcer, gateway } = await start();
    const client = await greeted(gateway);
    for (const command of [MAIL, RCPT, 'DATA\r\n']) await ask(client, command);
    for (let part = 0; part < 50; part++) client.send(`${'x'.repeat(10_000)}\r\n`);
    await client.closed();
    expect(enforcer.asked.filter(({ headers }) => headers !== undefined)).toHaveLength(0);
  });

  it('closes connections over its limit at once', async () => {
    const { gateway } = await start();
    for (let count = 0; count < 3; count++) await greeted(gateway);
    await (await RawClient.connect(gateway)).closed();
    expect(gateway.counts()).toMatchObject({ openConnections: 3, refusedConnections: 1 });
  });

  it('answers what was asked as it closes, and closes idle connections at once', async () => {
    const { enforcer, gateway } = await start();
    let release = () => {};
    enforcer.answer = () => new Promise((resolve) => (release = () => resolve(THROTTLE)));
    const idle = await greeted(gateway);
    const asking = await greeted(gateway);
    asking.send(MAIL);
    await vi.waitFor(() => expect(enforcer.asked).toHaveLength(1));
    const closed = gateway.close(60_000);
    await idle.closed();
    release();
    await asking.closed();
    expect(asking.received.toString()).toMatch(/^450 4\.7\.230 .*\r\n421 /);
    await closed;
  });
});
