import { afterEach, describe, expect, it } from 'vitest';
import type { RunningGateway } from './listener.js';
import { startMilter } from './milter.js';
import { frames } from './milter-frames.fixture.js';
import { encodeMilterPacket } from './milter-packet.js';
import { RawClient } from './raw-client.fixture.js';
import { BLOCK, RecordingEnforcer, RecordingLog } from './recording-enforcer.fixture.js';

const LIMITS = { maxConnections: 20, idleTimeoutMillis: 10_000, maxRequestOctets: 65_536 };
const CONTINUE = encodeMilterPacket('c');

const open: RunningGateway[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((gateway) => gateway.close(0)));
});

async function start() {
  const enforcer = new RecordingEnforcer();
  const log = new RecordingLog();
  const listen = { kind: 'tcp', host: '127.0.0.1', port: 0 } as const;
  const gateway = await startMilter({ enforcer, listen, limits: LIMITS, log });
  open.push(gateway);
  return { enforcer, log, gateway };
}

/** A session that has been negotiated, connected and greeted. */
async function session(gateway: RunningGateway): Promise<RawClient> {
  const client = await RawClient.connect(gateway);
  client.send(frames.negotiate());
  await client.receive((received) => received.length > 4 && received.length === 4 + received.readUInt32BE(0));
  client.send(Buffer.concat([frames.connect(), frames.helo()]));
  return client;
}

async function receiveFrame(client: RawClient): Promise<string> {
  const whole = (received: Buffer) => received.length >= 4 && received.length >= 4 + received.readUInt32BE(0);
  return (await client.receive(whole)).subarray(4).toString('latin1');
}

describe('the milter', () => {
  it('carries a whole message over a socket', async () => {
    const { enforcer, gateway } = await start();
    enforcer.answer = ({ headers }) => (headers === undefined ? { action: 'accept' } : BLOCK);
    const client = await session(gateway);
    client.send(frames.mail());
    expect(await client.receive((received) => received.length >= CONTINUE.length)).toEqual(CONTINUE);
    client.send(Buffer.concat([frames.rcpt(), frames.header('Received', ' from a'), frames.endOfHeaders()]));
    expect(await receiveFrame(client)).toBe('y550 5.7.230 Server is blocked.\0');
    client.send(frames.quit());
    await client.closed();
    expect(enforcer.asked).toHaveLength(2);
  });

  it('closes and tells why where the mail server breaks the order', async () => {
    const { log, gateway } = await start();
    const client = await session(gateway);
    client.send(frames.header('a', 'b'));
    await client.closed();
    expect(log.entries[0]).toMatchObject({ details: { problem: 'the command L outside a message' } });
    expect(gateway.counts().malformedRequests).toBe(1);
  });

  it('lets a session go on to its end as it closes', async () => {
    const { enforcer, gateway } = await start();
    const idle = await RawClient.connect(gateway);
    const client = await session(gateway);
    client.send(frames.mail());
    await receiveFrame(client);
    const closed = gateway.close(60_000);
    await idle.closed();
    client.send(Buffer.concat([frames.rcpt(), frames.endOfHeaders()]));
    expect(await receiveFrame(client)).toBe('a');
    client.send(frames.quit());
    await closed;
    expect(enforcer.asked).toHaveLength(2);
  });

  it('cuts a session that outlasts the grace', async () => {
    const { gateway } = await start();
    const client = await session(gateway);
    client.send(frames.mail());
    await receiveFrame(client);
    await gateway.close(1);
    await client.closed();
  });

  it.each(['nothing', 'negotiate', 'connect', 'mail', 'header', 'half a frame'])(
    'survives a client that breaks off after %s',
    async (after) => {
      const { enforcer, gateway } = await start();
      const upTo: Record<string, Buffer[]> = {
        nothing: [],
        negotiate: [frames.negotiate()],
        connect: [frames.negotiate(), frames.connect()],
        mail: [frames.negotiate(), frames.connect(), frames.mail()],
        header: [frames.negotiate(), frames.connect(), frames.mail(), frames.header('a', 'b')],
        'half a frame': [frames.negotiate(), frames.connect().subarray(0, 9)],
      };
      const client = await RawClient.connect(gateway);
      client.send(Buffer.concat(upTo[after] ?? []));
      client.socket.resetAndDestroy();
      await client.closed();
      const next = await session(gateway);
      next.send(frames.mail());
      expect(await receiveFrame(next)).toBe('c');
      expect(enforcer.asked.length).toBeGreaterThan(0);
    },
  );
});
