import { mkdtemp, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ListenAddress, RunningGateway } from './listener.js';
import { RawClient } from './raw-client.fixture.js';
import { RecordingLog } from './recording-enforcer.fixture.js';
import type { Peer, ProtocolHandler } from './socket-connection.js';
import { startSocketServer } from './socket-server.js';

const TCP = { kind: 'tcp', host: '127.0.0.1', port: 0 } as const;
const LIMITS = { maxConnections: 3, idleTimeoutMillis: 10_000, maxRequestOctets: 1000 };

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** Answers each line with itself, once `gate` lets it. */
class EchoLines implements ProtocolHandler {
  idle = true;
  readonly #peer: Peer;
  readonly #gate: () => Promise<void>;

  constructor(peer: Peer, gate: () => Promise<void>) {
    this.#peer = peer;
    this.#gate = gate;
  }

  async receive(octets: Buffer): Promise<'partial' | 'progress'> {
    this.idle = octets.at(-1) === 0x0a;
    if (!this.idle) return 'partial';
    await this.#gate();
    await this.#peer.send(octets);
    return 'progress';
  }
}

async function start(listen: ListenAddress = TCP, limits = LIMITS, gate = () => Promise.resolve()) {
  const log = new RecordingLog();
  const handlerFor = (peer: Peer) => new EchoLines(peer, gate);
  const gateway = await startSocketServer({ gateway: 'echo', listen, limits, log, handlerFor });
  cleanups.push(() => gateway.close(0));
  return { gateway, log };
}

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'sluice-'));
  cleanups.push(() => rm(path, { recursive: true }));
  return path;
}

async function echo(gateway: RunningGateway): Promise<RawClient> {
  const client = await RawClient.connect(gateway);
  client.send('hello\n');
  expect(await client.receiveText('\n')).toBe('hello\n');
  return client;
}

describe('a unix socket', () => {
  it.each([0o600, 0o660, 0o666, 0o620])('has the mode %o from the start, whatever the umask', async (mode) => {
    const path = join(await folder(), 'a.sock');
    const before = process.umask(0o000);
    await start({ kind: 'unix', path, mode });
    expect(process.umask(before)).toBe(0o000);
    expect((await stat(path)).mode & 0o777).toBe(mode);
  });

  it('is gone once the server is closed', async () => {
    const path = join(await folder(), 'a.sock');
    const { gateway } = await start({ kind: 'unix', path, mode: 0o600 });
    await gateway.close(0);
    await expect(stat(path)).rejects.toThrow('ENOENT');
  });

  it('replaces one that a dead process left', async () => {
    const path = join(await folder(), 'a.sock');
    const live = createServer().listen(`${path}.live`);
    await vi.waitFor(() => expect(live.listening).toBe(true));
    // Node removes the file under its old name only.
    await rename(`${path}.live`, path);
    await new Promise((resolve) => live.close(resolve));
    expect((await stat(path)).isSocket()).toBe(true);
    const { gateway } = await start({ kind: 'unix', path, mode: 0o600 });
    await echo(gateway);
  });

  it('is left alone while somebody answers on it', async () => {
    const path = join(await folder(), 'a.sock');
    const { gateway } = await start({ kind: 'unix', path, mode: 0o600 });
    await expect(start({ kind: 'unix', path, mode: 0o600 })).rejects.toThrow(/another process listens there/);
    await echo(gateway);
  });

  it('never replaces a file of another kind', async () => {
    const directory = await folder();
    const path = join(directory, 'a.sock');
    await writeFile(path, 'precious');
    await expect(start({ kind: 'unix', path, mode: 0o600 })).rejects.toThrow(/no socket is in the way/);
    await symlink(path, join(directory, 'link.sock'));
    await expect(start({ kind: 'unix', path: join(directory, 'link.sock'), mode: 0o600 })).rejects.toThrow(
      /in the way/,
    );
    expect((await stat(path)).isFile()).toBe(true);
  });

  it('must have a folder, and a path that fits', async () => {
    const directory = await folder();
    const missing = join(directory, 'none', 'a.sock');
    await expect(start({ kind: 'unix', path: missing, mode: 0o600 })).rejects.toThrow(
      /folder does not exist|ENOENT|permission/,
    );
    const long = join(directory, 'x'.repeat(120));
    await expect(start({ kind: 'unix', path: long, mode: 0o600 })).rejects.toThrow(/longer than/);
  });
});

describe('a socket server', () => {
  it('says who listens on its port', async () => {
    const { gateway } = await start();
    const again = start({ kind: 'tcp', host: '127.0.0.1', port: gateway.port ?? 0 });
    await expect(again).rejects.toThrow(
      `Cannot listen on inet:127.0.0.1:${gateway.port}: another process listens there`,
    );
  });

  it('closes connections over its limit at once, counts them, and serves the others', async () => {
    const { gateway, log } = await start();
    const clients = [await echo(gateway), await echo(gateway), await echo(gateway)];
    for (let extra = 0; extra < 5; extra++) await (await RawClient.connect(gateway)).closed();
    expect(gateway.counts()).toMatchObject({ openConnections: 3, refusedConnections: 5 });
    expect(log.entries).toEqual([{ event: 'connections-refused', details: { gateway: 'echo', count: 1 } }]);
    clients[0]?.send('again\n');
    expect(await clients[0]?.receiveText('\n')).toBe('again\n');
    clients[1]?.socket.destroy();
    await vi.waitFor(() => expect(gateway.counts().openConnections).toBe(2));
    await echo(gateway);
  });

  it('closes a connection that sends nothing', async () => {
    const { gateway } = await start(TCP, { ...LIMITS, idleTimeoutMillis: 20 });
    await (await RawClient.connect(gateway)).closed();
  });

  it('closes a connection that never ends its request, however often it sends', async () => {
    const { gateway, log } = await start(TCP, { ...LIMITS, idleTimeoutMillis: 60 });
    const client = await RawClient.connect(gateway);
    const drip = setInterval(() => client.send('x'), 5);
    await client.closed();
    clearInterval(drip);
    expect(log.events).toEqual(['connection-timed-out']);
  });

  it('keeps a connection that goes on asking', async () => {
    const { gateway } = await start(TCP, { ...LIMITS, idleTimeoutMillis: 400 });
    const client = await echo(gateway);
    const until = performance.now() + 900;
    while (performance.now() < until) {
      client.send('more\n');
      expect(await client.receiveText('\n')).toBe('more\n');
    }
  });

  it('ends idle connections at once as it closes, and answers what was asked', async () => {
    let release = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    let asked = false;
    const { gateway } = await start(TCP, LIMITS, () => {
      asked = true;
      return gate;
    });
    const idle = await RawClient.connect(gateway);
    const asking = await RawClient.connect(gateway);
    asking.send('question\n');
    await vi.waitFor(() => expect(asked).toBe(true));
    const closed = gateway.close(60_000);
    await idle.closed();
    await expect(RawClient.connect(gateway)).rejects.toThrow('ECONNREFUSED');
    release();
    expect(await asking.receiveText('\n')).toBe('question\n');
    await asking.closed();
    await closed;
  });

  it('cuts what is left after the grace', async () => {
    const { gateway } = await start(TCP, LIMITS, () => new Promise(() => {}));
    const client = await RawClient.connect(gateway);
    client.send('question\n');
    await vi.waitFor(() => expect(gateway.counts().openConnections).toBe(1));
    await gateway.close(10);
    await client.closed();
  });

  it('may be closed twice', async () => {
    const { gateway } = await start();
    await Promise.all([gateway.close(10), gateway.close(10)]);
  });
});
