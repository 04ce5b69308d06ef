import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeFleetLog } from './harness/fleet-log.js';
import { SAMPLE_POLICIES, SLUICE } from './harness/repository.js';
import { runProgram, runSluice } from './harness/run-program.js';
import { temporaryFolder } from './harness/temporary-folder.js';

const REPLAY = ['replay', '--policies', SAMPLE_POLICIES];
const SAMPLES = join(SAMPLE_POLICIES, 'traffic');

async function reportOf(...args: string[]) {
  const { exitCode, stdout, stderr } = await runSluice([...REPLAY, '--format', 'json', ...args]);
  expect({ exitCode, stderr }).toStrictEqual({ exitCode: 0, stderr: '' });
  return JSON.parse(stdout);
}

describe('sluice replay', () => {
  it('replays stored messages as if they came by a connector, and later', async () => {
    const unknown = await reportOf(SAMPLES);
    expect(unknown).toMatchObject({ records: 10, accept: 10, connectors: [{ connector: 'internet', accept: 10 }] });
    const later = await reportOf('--connector', 'on-premises', '--shift', '95d', SAMPLES);
    expect(later).toMatchObject({
      records: 10,
      accept: 5,
      block: 5,
      connectors: [{ connector: 'on-premises', block: 5 }],
    });
  });

  it('joins versions from an inventory to logs that lack them', async () => {
    const folder = await temporaryFolder();
    const log = join(folder, 'mail.log');
    await writeFile(
      log,
      `2026-11-20T10:00:00+00:00 mx postfix/smtpd[7]: 4F1A2B3C4D: client=ex1.contoso.example[192.0.2.7]
2026-11-20T10:00:01+00:00 mx postfix/qmgr[1]: 4F1A2B3C4D: from=<a@contoso.example>, size=1234, nrcpt=1 (queue active)
`,
    );
    const inventory = join(folder, 'inventory.csv');
    await writeFile(inventory, 'server,version\n192.0.2.7,15.1.2507.16\n');
    expect(await reportOf(log)).toMatchObject({ records: 1, servers: [] });
    expect(await reportOf('--inventory', inventory, log)).toMatchObject({
      servers: [{ server: '192.0.2.7', version: '15.1.2507.16', policy: 'exchange-2016', stage: 'report' }],
    });
  });

  it('begins with servers of a file, and refuses a file that it cannot use', async () => {
    const folder = await temporaryFolder();
    const file = join(folder, 'servers.json');
    const args = ['--connector', 'on-premises', '--first-detected', file, SAMPLES];
    const row = { server: 'MBX01.contoso.example', connector: 'on-premises', firstDetected: '2026-01-01' };
    await writeFile(file, `\uFEFF${JSON.stringify([row])}`);
    expect(await reportOf(...args)).toMatchObject({
      servers: [
        { server: 'mbx01.contoso.example', firstDetected: '2026-01-01T00:00:00Z', stage: 'blocked' },
        {},
        {},
        {},
        {},
        {},
      ],
    });
    for (const [wrong, problem] of [
      [[{ ...row, version: 'Exchange 2016' }], /server 1 has no version in version/],
      [[{ ...row, lastSeen: 'yesterday' }], /server 1 has no instant in firstDetected or lastSeen/],
      [[{ server: 'x' }], /server 1 has no server and connector/],
      [{}, /is no list of servers/],
    ] as const) {
      await writeFile(file, JSON.stringify(wrong));
      const { exitCode, stderr } = await runSluice([...REPLAY, ...args]);
      expect({ exitCode, stderr }).toStrictEqual({ exitCode: 2, stderr: expect.stringMatching(problem) });
    }
  });

  it.each(['csv', 'decisions'])('tells on standard error what %s has no place for', async (format) => {
    const folder = await temporaryFolder();
    const log = join(folder, 'sluice.log');
    await writeFleetLog(log, { records: 50, servers: 5, days: 1 });
    await writeFile(log, '{"event":"decision","at":"2026\n', { flag: 'a' });
    const { exitCode, stderr } = await runSluice([...REPLAY, '--format', format, log]);
    expect(exitCode).toBe(0);
    expect(stderr).toBe(`${log}:51: cannot be read, and is missing: no JSON.\n`);
  });

  it('reads a pipe that is named by its path', async () => {
    const folder = await temporaryFolder();
    const log = join(folder, 'sluice.log');
    await writeFleetLog(log, { records: 3000, servers: 5, days: 1 });
    const command = '"$0" "$1" replay --policies "$2" --format json <(cat "$3")';
    const { stdout } = await runProgram('bash', ['-c', command, process.execPath, SLUICE, SAMPLE_POLICIES, log]);
    expect(JSON.parse(stdout)).toMatchObject({ records: 3000 });
  });
});
