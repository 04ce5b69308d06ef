import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';
import { numbersFrom } from './harness/fleet-log.js';
import { SAMPLE_POLICIES } from './harness/repository.js';
import { runSluice } from './harness/run-program.js';
import { GATEWAY_NAME, type LogLine, type SluiceProcess, startSluice } from './harness/sluice-process.js';
import { temporaryFolder } from './harness/temporary-folder.js';

/** Instants at which the service is started one after the other, on one store. */
const STARTS = ['2026-09-08T09:58:00Z', '2026-10-13T10:20:00Z', '2026-10-13T17:45:00Z', '2026-12-08T03:00:00Z'];
const VERSIONS = ['15.1.2507.16', '15.1.2507.63', '14.3.123.4', '15.0.1497.2', '8.3.83.0', '15.2.1118.40'];
const SERVERS = 24;
const ROUNDS = 12;

function headersOf(server: number, version: string): string {
  const host = `mail${server}.contoso.example`;
  return `Received: from ${host} (10.0.0.${server}) by ${host} (10.0.0.${server}) with Microsoft SMTP Server id ${version}; Tue, 8 Sep 2026 00:00:00 +0000\r\n`;
}

const REPLAY = ['replay', '--policies', SAMPLE_POLICIES, '--gateway-name', GATEWAY_NAME, '--format', 'decisions'];

/** Asks by HTTP, with headers or without; several at once, as mail servers do. */
async function askByHttp(port: number, next: (below: number) => number): Promise<void> {
  const items = Array.from({ length: 20 }, () => {
    const server = next(SERVERS);
    // Servers behind one address, and servers that are patched now and then.
    const facts = { 'client.address': `192.0.2.${server >> 1}`, helo: `mail${server}.contoso.example` };
    const version = VERSIONS[(server + (next(15) === 0 ? 1 : 0)) % VERSIONS.length] ?? '';
    const instance = next(3) === 0 ? { instance: `1a.${next(40)}` } : {};
    return next(3) === 0 ? { facts, ...instance } : { facts, headers: headersOf(server, version), ...instance };
  });
  const half = items.length / 2;
  const bodies = [items.slice(0, half), items.slice(half)];
  const answers = await Promise.all(
    bodies.map((body) =>
      fetch(`http://127.0.0.1:${port}/v1/decisions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    ),
  );
  for (const answer of answers) expect(answer.status).toBe(200);
}

async function askAsPostfix(port: number, next: (below: number) => number): Promise<void> {
  const socket = connect({ port, host: '127.0.0.1' });
  await once(socket, 'connect');
  const lines = createInterface({ input: socket })[Symbol.asyncIterator]();
  for (let turn = 0; turn < 20; turn++) {
    const server = next(SERVERS);
    socket.write(
      `request=smtpd_access_policy\nprotocol_state=RCPT\nclient_address=192.0.2.${server >> 1}\nclient_name=unknown\nhelo_name=mail${server}.contoso.example\nsender=a@contoso.example\ninstance=2b.${next(40)}\nsize=${next(9999)}\n\n`,
    );
    expect((await lines.next()).value).toMatch(/^action=/);
    await lines.next();
  }
  socket.destroy();
}

async function liveDecisions(folder: string, clock: string, seed: number): Promise<readonly LogLine[]> {
  const sluice: SluiceProcess = await startSluice({
    policies: SAMPLE_POLICIES,
    folder,
    clock,
    listen: { postfixPolicy: '127.0.0.1:0', http: '127.0.0.1:0' },
    configuration: { store: { kind: 'lmdb', path: join(folder, 'store') } },
  });
  const next = numbersFrom(seed);
  for (let round = 0; round < ROUNDS; round++) {
    await askByHttp(sluice.port('http'), next);
    await askAsPostfix(sluice.port('postfixPolicy'), next);
  }
  await sluice.stop();
  return sluice.log;
}

function decisionsOf(lines: string): unknown[] {
  return lines
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).decision);
}

it('decides from the log of the service what the service decided, all of it', async () => {
  const folder = await temporaryFolder();
  const lines: LogLine[] = [];
  for (const [index, clock] of STARTS.entries()) lines.push(...(await liveDecisions(folder, clock, 17 + index)));
  const log = join(folder, 'sluice.log');
  await writeFile(log, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));

  const live = lines.filter(({ event }) => event === 'decision').map((line) => line['decision']);
  const { exitCode, stdout, stderr } = await runSluice([...REPLAY, log], { cwd: folder });
  expect({ exitCode, stderr }).toStrictEqual({ exitCode: 0, stderr: '' });
  expect(decisionsOf(stdout)).toStrictEqual(live);

  const actions = live.map((decision) => (decision as { action: string }).action);
  for (const action of ['accept', 'throttle', 'block']) expect(actions).toContain(action);
  expect(live.length).toBeGreaterThan(500);

  const thin = await runSluice(['log', 'thin', log], { cwd: folder });
  expect(thin).toMatchObject({ exitCode: 0, stderr: '' });
  expect(thin.stdout.length).toBeLessThan(0.5 * lines.map((line) => JSON.stringify(line)).join('\n').length);
  await writeFile(join(folder, 'thin.log'), thin.stdout);
  const again = await runSluice([...REPLAY, 'thin.log'], { cwd: folder });
  expect(decisionsOf(again.stdout)).toStrictEqual(live);

  const report = await runSluice(['replay', '--policies', SAMPLE_POLICIES, '--format', 'json', log], { cwd: folder });
  const { records, accept, throttle, block, policies, connectors, days, servers, otherRecords, logs } = JSON.parse(
    report.stdout,
  );
  const sum = (rows: readonly Record<string, number>[]) =>
    rows.reduce((total, row) => total + (row['accept'] ?? 0) + (row['throttle'] ?? 0) + (row['block'] ?? 0), 0);
  expect(records).toBe(live.length);
  expect([
    accept + throttle + block,
    sum(policies),
    sum(connectors),
    sum(days),
    sum(servers) + otherRecords,
  ]).toStrictEqual(Array(5).fill(records));
  expect(logs).toMatchObject({ lines: lines.length, unreadable: 0, used: live.length });
});
