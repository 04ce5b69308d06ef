import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RawConnection } from './harness/raw-connection.js';
import { runSluice } from './harness/run-program.js';
import { type Gateway, SluiceProcess } from './harness/sluice-process.js';
import { makeTemporaryFolder } from './harness/temporary-folder.js';

/**
 * What a hostile client does, and what it gets: an answer, or its connection closed without any. One that is cut off is still
 * sending when its connection is closed: then TCP drops the refusal that was its answer, or not, by chance.
 */
interface Attack {
  readonly gateway: Gateway;
  readonly name: string;
  readonly attack: (connection: RawConnection) => Promise<void>;
  readonly outcome: RegExp | 'closed without an answer' | 'cut off';
}

const MEBI = 1024 * 1024;
/** The service may take this much more memory than it took when it was idle: far less than what is thrown at it. */
const MAX_GROWTH_OCTETS = 300 * MEBI;

const POLICY = 'request=smtpd_access_policy\nclient_address=127.0.0.1\n';
const POST = 'POST /v1/decisions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';
const SENT = 'MAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\nDATA\r\n';

const ATTACKS: readonly Attack[] = [
  ...rows('postfixPolicy', [
    ['a line of 64 MiB', flood('x', 64 * MEBI), 'closed without an answer'],
    ['64 MiB of attributes', flood('helo_name=x\n', 64 * MEBI), 'closed without an answer'],
    ['HTTP', send('GET / HTTP/1.1\r\nHost: x\r\n\r\n'), 'closed without an answer'],
    ['half a request, then silence', send(`${POLICY}helo_na`), 'closed without an answer'],
    ['a HELO of 2,000 escapes', send(`${POLICY}helo_name=${'\x1b[2J'.repeat(2000)}\n\n`), /^action=DUNNO\n\n$/],
    ['an address that is none', send(`${POLICY}client_address=${':'.repeat(5000)}\n\n`), /^action=DUNNO\n\n$/],
  ]),
  ...rows('milter', [
    ['a frame of 4 GiB', flood('\xff', 64 * MEBI), 'closed without an answer'],
    ['a command before the negotiation', send(frame('M', '<a@b.example>\0')), 'closed without an answer'],
    ['half a frame, then silence', send(Buffer.from('000000', 'hex')), 'closed without an answer'],
    ['50,000 header fields', message(Array(50_000).fill(['X', 'x'])), /a$/],
    ['a Received field of 900,000 brackets', message([['Received', `from ${'('.repeat(900_000)}`]]), /a$/],
    ['a Received field of 200,000 "by"', message([['Received', 'by '.repeat(200_000)]]), /a$/],
    ['a server called __proto__', message([received('__proto__', '15.1.2507.16')]), /a$/],
    ['a server name of 60,000 letters', message([received('a'.repeat(60_000), '15.1.2507.16')]), /a$/],
    ['a version beyond all numbers', message([received('mbx.contoso.example', `15.1.${'9'.repeat(50_000)}.1`)]), /a$/],
  ]),
  ...rows('http', [
    ['octets that are no HTTP', send(Buffer.alloc(4096, 0xfe)), /^HTTP\/1\.1 400 /],
    ['a header section of 64 MiB', flood('X-A: b\r\n', 64 * MEBI, 'GET / HTTP/1.1\r\n'), 'cut off'],
    ['a body announced as 1 GB', send(`${POST}Content-Length: 1000000000\r\n\r\n{`), /^HTTP\/1\.1 413 /],
    ['nesting 500,000 deep', post('['.repeat(500_000)), /^HTTP\/1\.1 400 .*valid JSON/s],
    ['octets that are no UTF-8', post(Buffer.from([0x22, 0xc3, 0x28, 0x22])), /^HTTP\/1\.1 400 .*UTF-8/s],
    ['1,001 questions at once', post(`[${'{"facts":{}},'.repeat(1000)}{"facts":{}}]`), /^HTTP\/1\.1 400 .*too-many/s],
    ['a header block of 300,000 colons', post(question(':\n'.repeat(300_000))), /^HTTP\/1\.1 200 .*"accept"/s],
    ['a Received field of 300,000 brackets', post(question(`Received: ${'(a'.repeat(300_000)}`)), /^HTTP\/1\.1 200 /],
    [
      'a server name of escapes',
      post(question(`Received: ${received('\x1b[31m\0', '15.1.2507.16')[1]}`)),
      /^HTTP\/1\.1 200 /,
    ],
    ['half a request, then silence', send('POST /v1/decisions HTTP/1.1\r\nHo'), /^HTTP\/1\.1 408 /],
  ]),
  ...rows('smtp', [
    ['a line of 64 MiB', flood('x', 64 * MEBI), 'cut off'],
    ['HTTP', send('GET / HTTP/1.1\r\nHost: x\r\n\r\n'), /^421 /m],
    [
      'a message of 8 MiB',
      dialogue(['EHLO a.example\r\n', SENT], flood('x\r\n', 8 * MEBI, '', '\r\n.\r\n')),
      'cut off',
    ],
    [
      'a message with 100,000 header fields',
      dialogue(['EHLO a.example\r\n', SENT], send(`${'X: x\r\n'.repeat(100_000)}\r\n.\r\n`)),
      /^250 2\.0\.0 accepted/m,
    ],
  ]),
];

let folder: string;
let sluice: SluiceProcess;
let idleOctets: number;

beforeAll(async () => {
  folder = await makeTemporaryFolder();
  const policies = join(folder, 'policies');
  await mkdir(policies);
  await writeFile(join(policies, 'all.policy.yaml'), POLICY_TEXT);
  await writeFile(join(policies, 'all.connectors.yaml'), CONNECTORS_TEXT);
  const listen = { postfixPolicy: '127.0.0.1:0', milter: '127.0.0.1:0', http: '127.0.0.1:0', smtp: '127.0.0.1:0' };
  sluice = await SluiceProcess.start({ policies, folder, listen, configuration: { limits: { idleTimeout: '2s' } } });
  for (const gateway of ['postfixPolicy', 'milter', 'http', 'smtp'] as const) await isServed(gateway);
  idleOctets = await residentOctets();
});

afterAll(async () => {
  await sluice?.kill();
  await rm(folder, { recursive: true, force: true });
});

it.concurrent.each(ATTACKS)(
  '$gateway outlives $name, and serves others meanwhile',
  async ({ gateway, attack, outcome }) => {
    const connection = await RawConnection.open(sluice.port(gateway));
    const attacking = attack(connection);
    await isServed(gateway);
    await attacking;
    if (outcome instanceof RegExp) await connection.until(outcome);
    else {
      await connection.closed();
      if (outcome === 'cut off') expect(connection.received).not.toMatch(/accepted|HTTP\/1\.1 200/);
      else expect(connection.received).toBe('');
    }
    connection.destroy();
  },
);

it('the service is alive after all that, has grown within bounds, and its store can be read', async () => {
  for (const gateway of ['postfixPolicy', 'milter', 'http', 'smtp'] as const) await isServed(gateway);
  expect((await residentOctets()) - idleOctets).toBeLessThan(MAX_GROWTH_OCTETS);
  expect(sluice.log.filter(({ event }) => event === 'gateway-fault' || event === 'decision-fault')).toStrictEqual([]);
  const args = ['servers', '--policies', join(folder, 'policies'), '--store', sluice.store, '--format', 'json'];
  const { exitCode, stdout } = await runSluice(args);
  expect(exitCode).toBe(0);
  const names = (JSON.parse(stdout) as { server: string }[]).map(({ server }) => server);
  expect(names.filter((name) => name.length > 255)).toStrictEqual([]);
  await sluice.stop();
});

/** Another client asks and is answered. */
async function isServed(gateway: Gateway): Promise<void> {
  const connection = await RawConnection.open(sluice.port(gateway));
  switch (gateway) {
    case 'postfixPolicy':
      await connection.send(`${POLICY}\n`);
      await connection.until(/^action=DUNNO\n\n$/);
      break;
    case 'milter':
      await message([received('mbx.contoso.example', '15.1.2507.61')])(connection);
      await connection.until(/a$/);
      break;
    case 'http':
      await post(question(''))(connection);
      await connection.until(/^HTTP\/1\.1 200 .*"action":"accept"/s);
      break;
    case 'smtp':
      await dialogue(['EHLO a.example\r\n', SENT], send('\r\nhello\r\n.\r\n'))(connection);
      await connection.until(/^250 2\.0\.0 accepted/m);
  }
  connection.destroy();
}

async function residentOctets(): Promise<number> {
  const status = await readFile(`/proc/${sluice.pid}/status`, 'utf8');
  return 1024 * Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]);
}

type Row = readonly [name: string, attack: Attack['attack'], outcome: Attack['outcome']];

function rows(gateway: Gateway, all: readonly Row[]): Attack[] {
  return all.map(([name, attack, outcome]) => ({ gateway, name, attack, outcome }));
}

function send(octets: string | Buffer): Attack['attack'] {
  return (connection) => connection.send(octets);
}

/** Sends so many octets, or as many as the service takes before it closes. */
function flood(part: string, total: number, start = '', end = ''): Attack['attack'] {
  const chunk = Buffer.from(part.repeat(Math.ceil(65_536 / part.length)), 'latin1');
  return async (connection) => {
    await connection.send(start);
    for (let sent = 0; sent < total; sent += chunk.length) await connection.send(chunk);
    await connection.send(end);
  };
}

function post(json: string | Buffer): Attack['attack'] {
  return async (connection) => {
    await connection.send(`${POST}Connection: close\r\nContent-Length: ${Buffer.byteLength(json)}\r\n\r\n`);
    await connection.send(json);
  };
}

function question(headers: string): string {
  return JSON.stringify({ facts: { 'client.address': '127.0.0.1' }, headers });
}

/** Commands of SMTP, each behind the answers to the ones before, then the attack behind those. */
function dialogue(commands: readonly string[], attack: Attack['attack']): Attack['attack'] {
  return async (connection) => {
    await connection.until(/^220 /m);
    for (const command of commands) {
      await connection.send(command);
      await connection.until(command === SENT ? /^354 /m : /^250 /m);
    }
    await attack(connection);
  };
}

/** A frame of the milter protocol. */
function frame(command: string, data: string | Buffer): Buffer {
  const octets = Buffer.concat([Buffer.from(command, 'latin1'), Buffer.from(data)]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(octets.length);
  return Buffer.concat([length, octets]);
}

/** A milter session with one message, up to the end of its headers. */
function message(fields: readonly (readonly [name: string, value: string])[]): Attack['attack'] {
  const offer = Buffer.alloc(12);
  offer.writeUInt32BE(6, 0);
  offer.writeUInt32BE(0x1ff, 4);
  offer.writeUInt32BE(0x1fffff, 8);
  return async (connection) => {
    await connection.send(frame('O', offer));
    await connection.until(/^.{4}O/s);
    await connection.send(frame('C', 'mbx.contoso.example\x004\x01\x02127.0.0.1\0'));
    await connection.send(frame('M', '<a@contoso.example>\0'));
    await connection.until(/c$/);
    await connection.send(Buffer.concat(fields.map(([name, value]) => frame('L', `${name}\0${value}\0`))));
    await connection.send(frame('N', ''));
  };
}

function received(server: string, version: string): readonly [string, string] {
  const from = `from ${server} (192.0.2.21) by ${server} (192.0.2.21)`;
  return ['Received', `${from} with Microsoft SMTP Server id ${version}; Tue, 10 Nov 2026 09:14:22 +0100`];
}

const POLICY_TEXT = `name: outdated
description: Exchange Server 2016 below its last update.
owner: test@contoso.example
mode: enforce
priority: 1
when:
  all:
    - { fact: server.version, operator: versionIn, value: <15.1.2507.61 }
stages:
  - { name: report, after: 0d }
  - { name: blocked, after: 30d, block: always }
replies:
  block: "550 5.7.230 Out of date."
`;
const CONNECTORS_TEXT = `connectors:
  - { name: ours, type: OnPremises, match: { networks: [127.0.0.0/8] }, identity: received-by }
`;
