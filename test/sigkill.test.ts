import { mkdir, writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { runSluice } from './harness/run-program.js';
import { type SluiceProcess, startSluice } from './harness/sluice-process.js';
import { temporaryFolder } from './harness/temporary-folder.js';

const KILLS = 50;
/** Requests under way at one time. */
const ASKERS = 12;
/** First detections that each life answers at least. */
const ANSWERS_PER_LIFE = 11;
/** Longest time under load before a kill, in milliseconds. */
const LONGEST_LIFE_MILLIS = 250;
/** The second stage begins 30 days after the first detection: by that an answer tells the latter. */
const UNTIL_NEXT_STAGE_MILLIS = 30 * 86_400_000;

const POLICY = `name: outdated
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
const CONNECTORS = `connectors:
  - { name: ours, type: OnPremises, match: { networks: [192.0.2.0/24] }, identity: received-by }
`;

/** First detections by host name, in milliseconds since the epoch, as they were answered. */
type Answered = Map<string, number>;

it(`after ${KILLS} kills at random moments, each first detection that was answered for is kept as it was`, async () => {
  const folder = await temporaryFolder();
  const policies = join(folder, 'policies');
  await mkdir(policies);
  await writeFile(join(policies, 'outdated.policy.yaml'), POLICY);
  await writeFile(join(policies, 'ours.connectors.yaml'), CONNECTORS);
  const start = () => startSluice({ policies, folder, listen: { http: '127.0.0.1:0' } });
  const answered: Answered = new Map();
  const seenAgain: string[] = [];
  for (let life = 0; life < KILLS; life++) {
    const sluice = await start();
    // Servers of earlier lives write as well, so that their clocks could be restarted.
    const known = someOf([...answered.keys()], 20);
    const load = askUntilKilled(sluice, life, known, answered, seenAgain);
    // On a busy machine a life would else end before it has done anything.
    const goal = answered.size + ANSWERS_PER_LIFE;
    while (answered.size < goal) await delay(1);
    await delay(Math.random() * LONGEST_LIFE_MILLIS);
    await sluice.kill();
    await load;
  }
  const sluice = await start();
  await sluice.stop();
  const { stdout, stderr } = await runSluice([
    ...['servers', '--policies', policies, '--store', sluice.store, '--format', 'json'],
  ]);
  expect(stderr).toBe('');
  const rows = JSON.parse(stdout) as { server: string; firstDetected?: string }[];
  const kept = new Map(rows.map(({ server, firstDetected }) => [server, Date.parse(firstDetected ?? '')]));
  const lost = [...answered].filter(([server, firstDetected]) => kept.get(server) !== firstDetected);
  expect(lost).toStrictEqual([]);
  expect(answered.size).toBeGreaterThan(10 * KILLS);
  expect(seenAgain.length).toBeGreaterThan(KILLS);
}, 400_000);

/** Sends first messages of ever new servers, and messages of known ones, until the service is gone. */
async function askUntilKilled(
  sluice: SluiceProcess,
  life: number,
  known: readonly string[],
  answered: Answered,
  seenAgain: string[],
): Promise<void> {
  const agent = new Agent({ keepAlive: true });
  onTestFinished(() => agent.destroy());
  const port = sluice.port('http');
  let count = 0;
  const askOn = async () => {
    for (;;) {
      const turn = count++;
      const old = turn % 8 === 0 ? known[turn / 8] : undefined;
      const server = old ?? `mbx${turn}.life${life}.contoso.example`;
      const asked = Date.now();
      const firstDetected = await ask(agent, port, server);
      if (firstDetected === undefined) return;
      if (old === undefined) {
        expect(firstDetected).toBeGreaterThanOrEqual(asked);
        expect(firstDetected).toBeLessThanOrEqual(Date.now());
        answered.set(server, firstDetected);
      } else {
        expect({ server, firstDetected }).toStrictEqual({ server, firstDetected: answered.get(server) });
        seenAgain.push(server);
      }
    }
  };
  await Promise.all(Array.from({ length: ASKERS }, askOn));
  agent.destroy();
}

/** Asks about a message of a server; undefined where the service was killed before it answered. */
async function ask(agent: Agent, port: number, server: string): Promise<number | undefined> {
  const headers =
    `Received: from ${server} (192.0.2.21) by ${server} (192.0.2.21) with Microsoft SMTP Server ` +
    'id 15.1.2507.16; Tue, 10 Nov 2026 09:14:22 +0100\r\n';
  const answer = await post(agent, port, JSON.stringify({ facts: { 'client.address': '192.0.2.21' }, headers }));
  if (answer === undefined) return undefined;
  expect(answer).toMatchObject({ status: 200 });
  const { decision } = JSON.parse(answer.text) as { decision: { stage: string; next: { at: string } } };
  expect(decision.stage).toBe('report');
  return Date.parse(decision.next.at) - UNTIL_NEXT_STAGE_MILLIS;
}

/** Posts JSON; undefined where the connection ends before the answer has come whole. */
function post(agent: Agent, port: number, body: string): Promise<{ status: number; text: string } | undefined> {
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  const target = { agent, port, host: '127.0.0.1', path: '/v1/decisions', method: 'POST', headers };
  return new Promise((resolve) => {
    const sent = request(target, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      response.on('error', () => resolve(undefined));
    });
    sent.on('error', () => resolve(undefined));
    sent.end(body);
  });
}

function someOf<T>(all: readonly T[], count: number): readonly T[] {
  const most = Math.min(count, all.length);
  return Array.from({ length: most }, () => all[Math.floor(Math.random() * all.length)] as T);
}
