import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeFleetLog } from './harness/fleet-log.js';
import { SAMPLE_POLICIES } from './harness/repository.js';
import { runSluice } from './harness/run-program.js';
import { startSluice } from './harness/sluice-process.js';
import { temporaryFolder } from './harness/temporary-folder.js';

const MESSAGE = {
  facts: { 'client.address': '192.0.2.7', helo: 'mx7.contoso.example' },
  headers:
    'Received: from mx7.contoso.example (192.0.2.7) by mx7.contoso.example (192.0.2.7) with Microsoft SMTP Server id 14.3.123.4; Tue, 8 Sep 2026 00:00:00 +0000\r\n',
};

describe('sluice forecast', () => {
  it('goes on from where a log ends, and says what is at risk', async () => {
    const folder = await temporaryFolder();
    const log = join(folder, 'fleet.log');
    await writeFleetLog(log, { records: 2000, servers: 20, days: 10 });
    const forecast = (...args: string[]) =>
      runSluice(['forecast', '--policies', SAMPLE_POLICIES, ...args, log], { cwd: folder });

    const { exitCode, stdout, stderr } = await forecast('--format', 'json', '--days', '30');
    expect({ exitCode, stderr }).toStrictEqual({ exitCode: 0, stderr: '' });
    const { from, until, servers, days, messagesAtRisk, horizons } = JSON.parse(stdout);
    expect([from, until]).toStrictEqual(['2026-06-10T23:52:48Z', '2026-07-10T23:52:48Z']);
    expect(days).toHaveLength(31);
    expect(horizons).toMatchObject([
      { days: 7, newlyRefused: 0 },
      { days: 30, newlyRefused: servers.length },
    ]);
    expect(messagesAtRisk).toBeGreaterThan(0);
    for (const { firstDetected, spans } of servers) {
      expect(Date.parse(spans[1].from) - Date.parse(firstDetected)).toBe(30 * 86_400_000);
    }

    const [patched] = servers;
    const calendar = await forecast('--format', 'ics', '--patched', `${patched.server}=2026-06-20`);
    expect(calendar.stdout.startsWith('BEGIN:VCALENDAR\r\n')).toBe(true);
    expect(calendar.stdout).toContain(
      `DTSTART:20260620T000000Z\r\nSUMMARY:${patched.server}: patched (nothing refused)\r\n`,
    );

    const misspelt = await forecast('--patched', `${patched.server}x=2026-06-20`);
    expect(misspelt).toStrictEqual({
      exitCode: 2,
      stdout: '',
      stderr: `sluice: --patched: no server is called ${patched.server}x. Did you mean ${patched.server}?\n`,
    });
  });

  it('forecasts what the store of a service remembers, and says that nobody counts messages there', async () => {
    const folder = await temporaryFolder();
    const store = join(folder, 'store');
    const sluice = await startSluice({
      policies: SAMPLE_POLICIES,
      folder,
      clock: '2026-09-08T10:00:00Z',
      listen: { http: '127.0.0.1:0' },
      configuration: { store: { kind: 'lmdb', path: store } },
    });
    const answer = await fetch(`http://127.0.0.1:${sluice.port('http')}/v1/decisions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(MESSAGE),
    });
    expect(answer.status).toBe(200);
    await sluice.stop();

    const args = ['forecast', '--store', store, '--from', '2026-09-08T10:00:01Z', '--policies', SAMPLE_POLICIES];
    const { exitCode, stdout, stderr } = await runSluice([...args, '--format', 'csv'], { cwd: folder });
    expect({ exitCode, stderr }).toStrictEqual({ exitCode: 0, stderr: '' });
    expect(stdout.split('\r\n')[2]).toMatch(/^mx7\.contoso\.example,on-premises,.*,exchange-2010,throttle-5,enforce,/);

    const html = await runSluice([...args, '--format', 'html'], { cwd: folder });
    expect(html.stdout).toContain('<h1>What the policies will do</h1>');
    const text = await runSluice(args, { cwd: folder });
    expect(text.stdout).toContain('How many messages are at risk is not known');
  });

  it.each([
    ['no store', ['--store', 'nowhere'], 'There is no store in nowhere yet.'],
    ['no days', ['--days', '0'], 'A number of days from 1 to 3650 was expected.'],
    ['no date', ['--patched', 'mx1.example'], 'A server and a date were expected: mx1.contoso.example=2026-10-01.'],
    ['no such log', ['nowhere.log'], 'nowhere.log'],
  ])('%s: ends with 2 and says why', async (_name, args, message) => {
    const folder = await temporaryFolder();
    const result = await runSluice(['forecast', '--policies', SAMPLE_POLICIES, ...args], { cwd: folder });
    expect(result).toMatchObject({ exitCode: 2, stdout: '' });
    expect(result.stderr).toContain(message);
  });
});
