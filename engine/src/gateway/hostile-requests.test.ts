import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHttp } from './http.js';
import type { RunningGateway } from './listener.js';
import { startMilter } from './milter.js';
import { frames } from './milter-frames.fixture.js';
import { encodeMilterPacket } from './milter-packet.js';
import { startPostfixPolicy } from './postfix-policy.js';
import { RawClient } from './raw-client.fixture.js';
import { RecordingEnforcer, RecordingLog } from './recording-enforcer.fixture.js';
import { startSmtpListener } from './smtp-listener.js';

const LISTEN = { kind: 'tcp', host: '127.0.0.1', port: 0 } as const;
const LIMITS = { maxConnections: 200, idleTimeoutMillis: 1000, maxRequestOctets: 20_000 };
/** More than any gateway takes of one request. */
const ENDLESS_OCTETS = 8 << 20;

type GatewayName = 'policy' | 'milter' | 'http' | 'smtp';
/** What a hostile client does, and what it gets: an answer, or its connection closed without any. */
type Row = readonly [
  name: string,
  attack: (client: RawClient) => Promise<void> | void,
  outcome: 'closed without an answer' | RegExp,
];

/** As a browser or a scanner would say hello by TLS. */
const TLS_HELLO = Buffer.from('16030100c8010000c40303', 'hex');
const POLICY = 'request=smtpd_access_policy\n';
const POST = 'POST /v1/decisions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';
const EHLO = 'EHLO a.example\r\n';

const POLICY_ROWS: readonly Row[] = [
  ['a line without an end', endless('a'), 'closed without an answer'],
  ['attributes without an end', endless(`${POLICY}a=1\nb=2\n`), 'closed without an answer'],
  ['one attribute again and again', endless('a=1\n'), 'closed without an answer'],
  ['a value over the limit', send(`${POLICY}a=${'x'.repeat(30_000)}\n\n`), 'closed without an answer'],
  ['a hundred and one attributes', send(lines(101)), 'closed without an answer'],
  ['a NUL in a value', send(`${POLICY}helo_name=a\0b\n\n`), 'closed without an answer'],
  ['a line without =', send(`${POLICY}hello\n\n`), 'closed without an answer'],
  ['an empty name', send(`${POLICY}=x\n\n`), 'closed without an answer'],
  ['nothing but line ends', endless('\n'), 'closed without an answer'],
  ['another type of request', send('request=shutdown\n\n'), 'closed without an answer'],
  ['HTTP', send('GET / HTTP/1.1\r\nHost: x\r\n\r\n'), 'closed without an answer'],
  ['TLS', endless(TLS_HELLO), 'closed without an answer'],
  ['random octets', endless(randomBytes(4096)), 'closed without an answer'],
  ['half a request, then silence', send(`${POLICY}helo_na`), 'closed without an answer'],
  ['half a request, octet by octet, for ever', drip(POLICY, 'a'), 'closed without an answer'],
  ['half a request, then a reset', breakOff(`${POLICY}helo_na`), 'closed without an answer'],
  [
    'values that are none',
    send(`${POLICY}client_address=::::\nsize=-1e9\nhelo_name=\x01\xff\n\n`),
    /^action=DUNNO\n\n$/,
  ],
  ['names of prototypes', send(`${POLICY}__proto__=1\nconstructor=2\n\n`), /^action=DUNNO\n\n$/],
];

const MILTER_ROWS: readonly Row[] = [
  ['a frame of length 0', send(Buffer.alloc(4)), 'closed without an answer'],
  ['a frame of 4 GiB', send(Buffer.from('ffffffff4f', 'hex')), 'closed without an answer'],
  ['a frame just over the limit', send(Buffer.from('00004e214f', 'hex')), 'closed without an answer'],
  ['HTTP', send('GET / HTTP/1.1\r\n\r\n'), 'closed without an answer'],
  ['TLS', send(TLS_HELLO), 'closed without an answer'],
  ['a command before the negotiation', send(frames.connect()), 'closed without an answer'],
  ['an unknown command', send(encodeMilterPacket('\xff')), 'closed without an answer'],
  ['an offer that is cut off', send(encodeMilterPacket('O', Buffer.alloc(11))), 'closed without an answer'],
  ['an offer of version 0', send(frames.negotiate(0)), 'closed without an answer'],
  ['a connect without NULs', milter(encodeMilterPacket('C', Buffer.alloc(5000, 0x61))), 'closed without an answer'],
  ['a connect of no family', milter(encodeMilterPacket('C', Buffer.alloc(1))), 'closed without an answer'],
  ['headers before MAIL', milter(frames.connect(), frames.header('a', 'b')), 'closed without an answer'],
  ['a session in a session', milter(frames.connect(), frames.connect()), 'closed without an answer'],
  [
    'a header without a name',
    milter(frames.connect(), frames.mail(), encodeMilterPacket('L', Buffer.alloc(9))),
    /^.{4}c$/s,
  ],
  ['half a frame, then silence', send(frames.negotiate().subarray(0, 9)), 'closed without an answer'],
  ['half a frame, octet by octet, for ever', drip(Buffer.from('000010004c', 'hex'), 'a'), 'closed without an answer'],
  ['half a frame, then a reset', breakOff(frames.negotiate().subarray(0, 9)), 'closed without an answer'],
  [
    'macros of NULs',
    milter(encodeMilterPacket('D', Buffer.alloc(19_000)), frames.connect(), frames.mail()),
    /^.{4}c$/s,
  ],
  ['ten thousand headers', milter(frames.connect(), frames.mail(), ...many(10_000), frames.endOfHeaders()), /a$/],
  ['a sender of NULs', milter(frames.connect(), encodeMilterPacket('M', Buffer.alloc(9000))), /^.{4}c$/s],
];

const HTTP_ROWS: readonly Row[] = [
  ['octets that are no HTTP', send(randomBytes(64)), /^HTTP\/1\.1 400 /],
  ['TLS', send(TLS_HELLO), /^HTTP\/1\.1 400 /],
  ['a header section without an end', endless('X-A: b\r\n', 'GET / HTTP/1.1\r\n'), /^HTTP\/1\.1 431 /],
  ['a body announced over the limit', send(`${POST}Content-Length: 99999999\r\n\r\n{`), /^HTTP\/1\.1 413 /],
  [
    'a chunked body without an end',
    endless('5\r\n"aaaa\r\n', `${POST}Transfer-Encoding: chunked\r\n\r\n`),
    /^HTTP\/1\.1 413 /,
  ],
  ['a negative length', send(`${POST}Content-Length: -1\r\n\r\n`), /^HTTP\/1\.1 400 /],
  ['two lengths', send(`${POST}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`), /^HTTP\/1\.1 400 /],
  [
    'a length and chunks',
    send(`${POST}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`),
    /^HTTP\/1\.1 400 /,
  ],
  ['a header with a NUL', send('GET /healthz HTTP/1.1\r\nHost: x\r\nX: a\0b\r\n\r\n'), /^HTTP\/1\.1 400 /],
  ['deep nesting', body('['.repeat(19_000)), /^HTTP\/1\.1 400 .*valid JSON/s],
  ['JSON cut off', body('{"facts": {"helo": "a'), /^HTTP\/1\.1 400 .*valid JSON/s],
  ['a prototype as a fact', body('{"facts":{"__proto__":{"x":1}}}'), /^HTTP\/1\.1 400 .*unknown-fact/s],
  ['a prototype as a key', body('{"facts":{},"__proto__":{}}'), /^HTTP\/1\.1 400 .*unknown-key/s],
  ['a huge number', body('{"facts":{"message.size":1e999}}'), /^HTTP\/1\.1 400 .*wrong-fact-value/s],
  ['a thousand and one items', body(`[${'0,'.repeat(1000)}0]`), /^HTTP\/1\.1 400 .*too-many-items/s],
  [
    'thousands of unknown facts',
    body(JSON.stringify({ facts: Object.fromEntries(many(1500).map((_, n) => [n, 1])) })),
    /^HTTP\/1\.1 400 /,
  ],
  ['octets that are no UTF-8', body(Buffer.from([0x22, 0xc3, 0x28, 0x22])), /^HTTP\/1\.1 400 .*UTF-8/s],
  ['a header block of colons', body(JSON.stringify({ facts: {}, headers: ':\n'.repeat(4000) })), /^HTTP\/1\.1 200 /],
  [
    'a path out of the tree',
    send('GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'),
    /^HTTP\/1\.1 404 /,
  ],
  ['half a header section, then silence', send('POST /v1/decisions HTTP/1.1\r\nHo'), /^HTTP\/1\.1 408 /],
  ['half a body, then silence', send(`${POST}Content-Length: 99\r\n\r\n{`), /^(HTTP\/1\.1 408 |$)/],
  ['half a body, then a reset', breakOff(`${POST}Content-Length: 99\r\n\r\n{`), 'closed without an answer'],
];

const SMTP_ROWS: readonly Row[] = [
  ['a line without an end', endless('a'), /^421 /m],
  ['HTTP', greeted('GET / HTTP/1.1\r\n'), /^220 .*^421 /ms],
  ['random commands', greeted(EHLO, 'XYZZY\r\n'.repeat(20)), /^220 .*^421 /ms],
  ['MAIL before EHLO, then silence', greeted('MAIL FROM:<a@b.example>\r\n'), /^220 .*^503 .*^421 /ms],
  ['a NUL in a sender, then silence', greeted(EHLO, 'MAIL FROM:<a\0@b.example>\r\n'), /^220 .*^421 /ms],
  ['a client that breaks off in DATA', breakOff(`${EHLO}MAIL FROM:<a@b.example>\r\n`), /^(220 .*)?$/s],
];

const enforcer = new RecordingEnforcer();
const log = new RecordingLog();
const gateways = new Map<GatewayName, RunningGateway>();

beforeAll(async () => {
  const options = { enforcer, listen: LISTEN, limits: LIMITS, log };
  const readiness = () => ({ ready: true });
  const metrics = async () => ({ contentType: 'text/plain', body: '' });
  gateways.set('policy', await startPostfixPolicy(options));
  gateways.set('milter', await startMilter(options));
  gateways.set('http', await startHttp({ ...options, readiness, metrics }));
  gateways.set('smtp', await startSmtpListener({ ...options, hostName: 'demo.example' }));
});

afterAll(async () => {
  await Promise.all([...gateways.values()].map((gateway) => gateway.close(1)));
});

describe.each([
  ['policy', POLICY_ROWS],
  ['milter', MILTER_ROWS],
  ['http', HTTP_ROWS],
  ['smtp', SMTP_ROWS],
] as const)('the %s gateway', (name, rows) => {
  it.concurrent.each(rows)('outlives %s', async (_name, attack, outcome) => {
    const gateway = gatewayOf(name);
    const client = await RawClient.connect(gateway);
    await attack(client);
    await client.closed();
    const received = client.received.toString('latin1');
    if (outcome === 'closed without an answer') expect(received).toBe('');
    else expect(received).toMatch(outcome);
    await serves(name, gateway);
    expect(log.events).not.toContain('gateway-fault');
  });

  it('is left with no connection and nothing asked for ever', async () => {
    await expect.poll(() => gatewayOf(name).counts().openConnections).toBe(0);
    expect(enforcer.open).toBe(0);
  });
});

/** Another client is served as ever. */
async function serves(name: GatewayName, gateway: RunningGateway): Promise<void> {
  const [question, answer] = {
    policy: [`${POLICY}\n`, /^action=DUNNO\n\n$/],
    milter: [frames.negotiate(), /^\0\0.{2}O/s],
    http: ['GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', /^HTTP\/1\.1 200 /],
    smtp: ['', /^220 /],
  }[name] as [string | Buffer, RegExp];
  const client = await RawClient.connect(gateway);
  client.send(question);
  await client.receive((received) => answer.test(received.toString('latin1')));
  client.socket.destroy();
}

function gatewayOf(name: GatewayName): RunningGateway {
  const gateway = gateways.get(name);
  if (gateway === undefined) throw new Error(`${name} does not run`);
  return gateway;
}

function send(octets: string | Buffer) {
  return (client: RawClient) => client.send(octets);
}

/** A request with a body, on a connection that ends behind it. */
function body(json: string | Buffer) {
  return (client: RawClient) => {
    client.send(`${POST}Connection: close\r\nContent-Length: ${Buffer.byteLength(json)}\r\n\r\n`);
    client.send(json);
  };
}

/** A milter session that is negotiated; its answer to that is forgotten. */
function milter(...octets: readonly Buffer[]) {
  return async (client: RawClient) => {
    client.send(frames.negotiate());
    await client.receive((received) => received.length >= 4 && received.length >= 4 + received.readUInt32BE(0));
    client.send(Buffer.concat(octets));
  };
}

/** Commands behind the greeting of an SMTP server, one behind the answer to the other. */
function greeted(...commands: readonly string[]) {
  return async (client: RawClient) => {
    for (const command of commands) {
      await client.peek((received) => /^\d{3} .*\r\n$/m.test(received.toString()));
      client.send(command);
    }
  };
}

/** Sends for as long as the gateway takes it, and fails where that is for ever. */
function endless(part: string | Buffer, start: string | Buffer = '') {
  return async (client: RawClient) => {
    client.send(start);
    const octets = Buffer.concat(Array.from({ length: Math.ceil(65_536 / part.length) }, () => Buffer.from(part)));
    for (let sent = 0; sent < ENDLESS_OCTETS && !client.socket.destroyed; sent += octets.length) {
      if (!client.socket.write(octets))
        await Promise.race([once(client.socket, 'drain'), client.closed()]).catch(() => {});
    }
  };
}

/** Sends an octet at a time until the gateway has enough. */
function drip(start: string | Buffer, octet: string) {
  return async (client: RawClient) => {
    client.send(start);
    const timer = setInterval(() => client.send(octet), 10);
    await client.closed();
    clearInterval(timer);
  };
}

function breakOff(octets: string | Buffer) {
  return (client: RawClient) => {
    client.socket.write(octets, () => client.socket.resetAndDestroy());
  };
}

function lines(count: number): string {
  return `${Array.from({ length: count }, (_, index) => `a${index}=1\n`).join('')}\n`;
}

function many(count: number): Buffer[] {
  return Array.from({ length: count }, (_, index) => frames.header(`X-${index}`, 'x'));
}
