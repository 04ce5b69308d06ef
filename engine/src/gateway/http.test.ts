import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type HttpOptions, startHttp } from './http.js';
import type { RunningGateway } from './listener.js';
import { RawClient } from './raw-client.fixture.js';
import { RecordingEnforcer, RecordingLog, THROTTLE } from './recording-enforcer.fixture.js';

const LIMITS = { maxConnections: 20, idleTimeoutMillis: 10_000, maxRequestOctets: 20_000 };

const open: RunningGateway[] = [];
const folders: string[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((gateway) => gateway.close(0)));
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true })));
});

async function start(changes: Partial<HttpOptions> = {}) {
  const enforcer = new RecordingEnforcer();
  const log = new RecordingLog();
  const state = { ready: true, revision: 'r1' };
  const gateway = await startHttp({
    enforcer,
    log,
    listen: { kind: 'tcp', host: '127.0.0.1', port: 0 },
    limits: LIMITS,
    readiness: () => state,
    metrics: async () => ({ contentType: 'text/plain; version=0.0.4', body: 'up 1\n' }),
    ...changes,
  });
  open.push(gateway);
  return { enforcer, log, gateway, state };
}

/** Posts a body; `json` is undefined where the answer is none. */
async function post(gateway: RunningGateway, body: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(`${gateway.address}/v1/decisions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
  });
  return { status: response.status, type: response.headers.get('content-type'), json: await response.json() };
}

describe('POST /v1/decisions', () => {
  it('judges a connection by facts of every type', async () => {
    const { enforcer, gateway } = await start();
    enforcer.answer = () => THROTTLE;
    const answer = await post(gateway, {
      facts: {
        'client.address': '2001:DB8::1',
        helo: 'Mail.Example.org.',
        'tls.verified': true,
        'message.size': 1000,
        'server.tags': ['a', 'b'],
        'server.version': '15.01.2507.039',
        'connector.type': 'Partner',
        time: '2026-09-08T14:30:00Z',
        'server.build.age': '30d',
      },
      queueId: 'ABC',
      instance: '1.2',
    });
    expect(answer).toMatchObject({ status: 200, json: { action: 'throttle', reply: THROTTLE.reply } });
    expect(enforcer.asked).toEqual([
      {
        connection: {
          gateway: 'http',
          queueId: 'ABC',
          instance: '1.2',
          facts: {
            'client.address': expect.objectContaining({ text: '2001:db8::1' }),
            helo: 'mail.example.org',
            'tls.verified': true,
            'message.size': 1000,
            'server.tags': ['a', 'b'],
            'server.version': [15, 1, 2507, 39],
            'connector.type': 'Partner',
            time: Date.UTC(2026, 8, 8, 14, 30),
            'server.build.age': 30 * 86_400_000,
          },
        },
      },
    ]);
  });

  it('answers with the decision where there is one', async () => {
    const { enforcer, gateway } = await start();
    enforcer.answer = () => ({ action: 'accept', decision: { action: 'accept', revision: 'r7' } });
    const { json } = await post(gateway, { facts: {} });
    expect(json).toMatchObject({ action: 'accept', decision: { action: 'accept', revision: 'r7' } });
  });

  it.each([
    ['a header block', 'Received: from a\r\n\tby b\r\nSubject: x\r\n\r\nbody', 'from a\n\tby b'],
    [
      'pairs',
      [
        ['Received', 'from a by b'],
        ['Subject', 'x'],
      ],
      'from a by b',
    ],
  ])('judges a message by its header as %s', async (_name, headers, received) => {
    const { enforcer, gateway } = await start();
    await post(gateway, { facts: {}, headers });
    expect(enforcer.asked[0]?.headers).toEqual([
      { name: 'Received', value: received },
      { name: 'Subject', value: 'x' },
    ]);
  });

  it('answers an array with an array, in order', async () => {
    const { enforcer, gateway } = await start();
    enforcer.answer = ({ connection }) => (connection.queueId === 'Q1' ? THROTTLE : { action: 'accept' });
    const { json } = await post(
      gateway,
      [0, 1, 2].map((id) => ({ facts: {}, queueId: `Q${id}` })),
    );
    expect(json).toMatchObject([{ action: 'accept' }, { action: 'throttle' }, { action: 'accept' }]);
    expect((await post(gateway, [])).json).toEqual([]);
  });

  it.each([
    ['an unknown fact', { facts: { 'client.adress': 'x' } }, 'unknown-fact', '/facts/client.adress', 'client.address'],
    [
      'a fact like nothing known',
      { facts: { qqqqqqqqqqqqqqqq: 1 } },
      'unknown-fact',
      '/facts/qqqqqqqqqqqqqqqq',
      undefined,
    ],
    ['a prototype key', '{"facts":{"__proto__":1}}', 'unknown-fact', '/facts/__proto__', undefined],
    ['a key with a slash', { facts: { 'a/b~c': 1 } }, 'unknown-fact', '/facts/a~1b~0c', undefined],
    [
      'an address that is none',
      { facts: { 'client.address': '1.2.3' } },
      'wrong-fact-value',
      '/facts/client.address',
      undefined,
    ],
    ['text for a number', { facts: { 'message.size': '5' } }, 'wrong-fact-value', '/facts/message.size', undefined],
    ['a fraction', { facts: { 'message.size': 1.5 } }, 'wrong-fact-value', '/facts/message.size', undefined],
    [
      'a number beyond what is exact',
      '{"facts":{"message.size":1e300}}',
      'wrong-fact-value',
      '/facts/message.size',
      undefined,
    ],
    ['text for a boolean', { facts: { 'tls.verified': 'true' } }, 'wrong-fact-value', '/facts/tls.verified', undefined],
    ['text for a list', { facts: { 'server.tags': 'a' } }, 'wrong-fact-value', '/facts/server.tags', undefined],
    ['a list of numbers', { facts: { 'server.tags': [1] } }, 'wrong-fact-value', '/facts/server.tags', undefined],
    ['null', { facts: { helo: null } }, 'wrong-fact-value', '/facts/helo', undefined],
    [
      'a value of no such name',
      { facts: { 'connector.type': 'X' } },
      'wrong-fact-value',
      '/facts/connector.type',
      undefined,
    ],
    ['an unknown key', { facts: {}, queueid: 'x' }, 'unknown-key', '/queueid', 'queueId'],
    ['no facts', {}, 'missing-key', '/facts', undefined],
    ['facts that are a list', { facts: [] }, 'wrong-type', '/facts', undefined],
    ['headers that are a number', { facts: {}, headers: 5 }, 'wrong-type', '/headers', undefined],
    ['headers of single texts', { facts: {}, headers: ['Received'] }, 'wrong-type', '/headers', undefined],
    ['an empty queue id', { facts: {}, queueId: '' }, 'wrong-type', '/queueId', undefined],
    ['a long instance', { facts: {}, instance: 'x'.repeat(500) }, 'wrong-type', '/instance', undefined],
    ['a text', '"hello"', 'not-an-object', '', undefined],
    ['null as the body', 'null', 'not-an-object', '', undefined],
    ['an array in an array', [[]], 'not-an-object', '/0', undefined],
    [
      'an error in a later item',
      [{ facts: {} }, { facts: { helo: 1 } }],
      'wrong-fact-value',
      '/1/facts/helo',
      undefined,
    ],
    ['too many items', Array.from({ length: 1001 }, () => ({})), 'too-many-items', '', undefined],
  ])('refuses %s, and says where', async (_name, body, code, pointer, suggestion) => {
    const { enforcer, gateway } = await start();
    const { status, type, json } = await post(gateway, body);
    expect({ status, type }).toEqual({ status: 400, type: 'application/problem+json' });
    expect(json).toMatchObject({
      status: 400,
      title: 'Bad Request',
      errors: [{ code, pointer, detail: expect.any(String) }],
    });
    expect((json as { errors: { suggestion?: string }[] }).errors[0]?.suggestion).toBe(suggestion);
    expect(enforcer.asked).toHaveLength(0);
    expect(gateway.counts().malformedRequests).toBe(1);
  });

  it('says what was expected of a fact', async () => {
    const { gateway } = await start();
    const { json } = await post(gateway, { facts: { 'client.address': 5 } });
    expect(json).toHaveProperty(
      'detail',
      'The fact client.address must be an address such as 192.0.2.1 or 2001:db8::1, as JSON string; it is 5.',
    );
  });

  it('lists at most 20 errors', async () => {
    const { gateway } = await start();
    const facts = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`x${index}`, 1]));
    expect((await post(gateway, { facts })).json).toHaveProperty(
      'errors',
      expect.toSatisfy((list) => list.length === 20),
    );
  });

  it.each([
    ['{"facts": {},}', 400, 'The body is not valid JSON at line 1, column 14 (position 13).'],
    ['{\n  "facts": {"helo":"a" "b"}\n}', 400, 'The body is not valid JSON at line 2, column 24 (position 25).'],
    ['{"facts": x}', 400, expect.stringMatching(/^The body is not valid JSON/)],
    ['{"facts": {', 400, 'The body is not valid JSON at line 1, column 12 (position 11).'],
    ['', 400, 'The body is not valid JSON at line 1, column 1 (position 0).'],
    ['['.repeat(19_000), 400, expect.stringMatching(/not valid JSON/)],
    [new Uint8Array([0x22, 0xff, 0x22]), 400, 'The body is not valid UTF-8.'],
    [`"${'x'.repeat(30_000)}"`, 413, 'The body may have at most 20000 octets.'],
  ])('refuses a body that cannot be read', async (body, status, detail) => {
    const { gateway } = await start();
    expect(await post(gateway, body)).toMatchObject({
      status,
      type: 'application/problem+json',
      json: { status, detail },
    });
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/jsonx', ''])(
    'refuses the content type %j',
    async (type) => {
      const { gateway } = await start();
      expect(await post(gateway, '{}', { 'content-type': type })).toMatchObject({ status: 415 });
    },
  );

  it('refuses a compressed body, and takes a charset', async () => {
    const { gateway } = await start();
    expect(await post(gateway, '{}', { 'content-encoding': 'gzip' })).toMatchObject({ status: 415 });
    expect(await post(gateway, { facts: {} }, { 'content-type': 'Application/JSON; charset=utf-8' })).toMatchObject({
      status: 200,
    });
  });

  it('answers 500 and logs where the enforcer breaks its promise', async () => {
    const { enforcer, log, gateway } = await start();
    enforcer.answer = () => Promise.reject(new Error('a bug'));
    expect(await post(gateway, { facts: {} })).toMatchObject({ status: 500, type: 'application/problem+json' });
    expect(log.events).toEqual(['gateway-fault']);
  });
});

describe('the other paths', () => {
  it('tell health, readiness and metrics', async () => {
    const { gateway, state } = await start();
    const get = async (path: string) => {
      const response = await fetch(gateway.address + path);
      return [response.status, await response.text(), response.headers.get('content-type')];
    };
    expect(await get('/healthz')).toEqual([200, '{"status":"ok"}', 'application/json']);
    expect(await get('/readyz')).toEqual([200, '{"ready":true,"revision":"r1"}', 'application/json']);
    expect(await get('/metrics')).toEqual([200, 'up 1\n', 'text/plain; version=0.0.4']);
    state.ready = false;
    expect(await get('/readyz')).toEqual([503, '{"ready":false,"revision":"r1"}', 'application/json']);
    expect((await get('/healthz'))[0]).toBe(200);
  });

  it.each([
    ['GET', '/v1/decisions', 405, 'POST'],
    ['PUT', '/v1/decisions', 405, 'POST'],
    ['DELETE', '/healthz', 405, 'GET, HEAD'],
    ['POST', '/metrics', 405, 'GET, HEAD'],
    ['GET', '/', 404, null],
    ['POST', '/v1/decision', 404, null],
    ['GET', '/v1/../../etc/passwd', 404, null],
  ])('%s %s gets %i', async (method, path, status, allow) => {
    const { gateway } = await start();
    const response = await fetch(gateway.address + path, { method });
    expect([response.status, response.headers.get('allow')]).toEqual([status, allow]);
    expect(await response.json()).toMatchObject({ status });
  });
});

describe('the token', () => {
  it.each([
    ['/v1/decisions', undefined, 401],
    ['/v1/decisions', 'Bearer wrong', 401],
    ['/v1/decisions', 'Bearer secre', 401],
    ['/v1/decisions', 'Basic secret', 401],
    ['/v1/decisions', 'Bearer', 401],
    ['/v1/decisions', 'Bearer ', 401],
    ['/v1/decisions', 'Bearer secret', 405],
    ['/v1/decisions', 'bearer  secret', 405],
    ['/v1/anything', undefined, 401],
    ['/metrics', undefined, 401],
    ['/metrics', 'Bearer secret', 200],
    ['/healthz', undefined, 200],
    ['/readyz', undefined, 200],
  ])('guards %s: with %j the answer is %i', async (path, authorization, status) => {
    const { gateway } = await start({ token: 'secret' });
    const response = await fetch(
      gateway.address + path,
      authorization === undefined ? {} : { headers: { authorization } },
    );
    expect(response.status).toBe(status);
    if (status === 401) expect(response.headers.get('www-authenticate')).toBe('Bearer realm="sluice"');
  });

  it.each(['0.0.0.0', '::', '192.0.2.1', 'example.org', '::ffff:192.0.2.1'])(
    'must be there before it listens on %s',
    async (host) => {
      await expect(start({ listen: { kind: 'tcp', host, port: 0 } })).rejects.toThrow(/without a token/);
    },
  );

  it.each(['127.0.0.1', '127.8.9.1', '::1', 'localhost'])('need not be there on %s', async (host) => {
    const { gateway } = await start({ listen: { kind: 'tcp', host, port: 0 } });
    expect(gateway.port).toBeGreaterThan(0);
  });

  it('is not empty', async () => {
    await expect(start({ token: '' })).rejects.toThrow(/token of the HTTP gateway is empty/);
  });

  it('lets it listen everywhere', async () => {
    const { gateway } = await start({ token: 'secret', listen: { kind: 'tcp', host: '0.0.0.0', port: 0 } });
    expect((await fetch(`http://127.0.0.1:${gateway.port}/healthz`)).status).toBe(200);
  });
});

describe('the HTTP server', () => {
  it('speaks through a unix socket', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'http-'));
    folders.push(folder);
    const socketPath = join(folder, 'http.sock');
    await start({ listen: { kind: 'unix', path: socketPath, mode: 0o600 } });
    const sent = request({ socketPath, path: '/healthz' }).end();
    const [response] = await once(sent, 'response');
    expect(await text(response)).toBe('{"status":"ok"}');
  });

  it('answers what was asked as it closes, and closes idle connections at once', async () => {
    const { enforcer, gateway } = await start();
    let release = () => {};
    enforcer.answer = () => new Promise((resolve) => (release = () => resolve(THROTTLE)));
    const kept = await RawClient.connect(gateway);
    kept.send('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n');
    await kept.receiveText('}');
    const silent = await RawClient.connect(gateway);
    const asking = await RawClient.connect(gateway);
    asking.send(
      'POST /v1/decisions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 12\r\n\r\n{"facts":{}}',
    );
    await vi.waitFor(() => expect(enforcer.asked).toHaveLength(1));
    const closed = gateway.close(60_000);
    await kept.closed();
    await silent.closed();
    release();
    expect(await asking.receiveText('}')).toMatch(/^HTTP\/1\.1 200 .*^connection: close/ims);
    await asking.closed();
    await closed;
  });

  it('cuts what is left after the grace', async () => {
    const { enforcer, gateway } = await start();
    enforcer.answer = () => new Promise(() => {});
    const failed = expect(post(gateway, { facts: {} })).rejects.toThrow();
    await vi.waitFor(() => expect(enforcer.asked).toHaveLength(1));
    await gateway.close(10);
    await failed;
  });

  it.each([
    ['nothing', ''],
    ['half a header', 'POST /v1/decisions HTTP/1.1\r\nHost: x\r\n'],
    [
      'half a body',
      'POST /v1/decisions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{',
    ],
  ])('closes a connection that sends %s and then no more', async (_name, octets) => {
    const { gateway } = await start({ limits: { ...LIMITS, idleTimeoutMillis: 50 } });
    const client = await RawClient.connect(gateway);
    client.send(octets);
    await client.closed();
  });
});
