import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FINDING_SEVERITIES } from '@sluice/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REPOSITORY, SAMPLE_POLICIES, sampleMessage } from './harness/repository.js';
import { runSluice } from './harness/run-program.js';
import { startSluice } from './harness/sluice-process.js';
import { makeTemporaryFolder, temporaryFolder } from './harness/temporary-folder.js';

const FIXTURES = join(REPOSITORY, 'engine/src/policy/fixtures');
const EVERY_FINDING = ['every-finding', 'every-finding-of-whole-sets', 'every-finding-of-large-sets'];
const OUTDATED = ['--policies', SAMPLE_POLICIES, '--fact', 'connector.type=OnPremises'].concat(
  ...['--fact', 'server.version=15.1.2507.16', '--gateway-name', 'mx.example', '--first-detected', '2026-09-08'],
);

/** A copy of the sample policies in a folder, without its traffic. */
async function copyPolicies(folder: string): Promise<void> {
  await mkdir(folder);
  for (const name of await readdir(SAMPLE_POLICIES)) {
    if (name.endsWith('.yaml')) await copyFile(join(SAMPLE_POLICIES, name), join(folder, name));
  }
}

interface FoundInFile {
  readonly code: string;
  readonly file: string;
  readonly related?: readonly { readonly file: string }[];
}

/** A finding with the folder before all paths of files. */
function below(folder: string, found: FoundInFile): FoundInFile {
  const related = found.related?.map((place) => ({ ...place, file: `${folder}/${place.file}` }));
  return { ...found, file: `${folder}/${found.file}`, ...(related === undefined ? {} : { related }) };
}

describe('sluice check', () => {
  it('finds nothing wrong with the sample policies', async () => {
    const { exitCode, stdout, stderr } = await runSluice(['check'], { cwd: REPOSITORY });
    expect({ exitCode, stderr }).toStrictEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/^11 files checked: 0 errors, 0 warnings, \d+ infos\.\n$/m);
  });

  it('prints every code once, at its line and column, for folders with one example of each', async () => {
    const args = ['check', '--format', 'json', '--at', '2026-09-08T00:00:00Z', ...EVERY_FINDING];
    const { exitCode, stdout } = await runSluice(args, { cwd: FIXTURES });
    expect(exitCode).toBe(1);
    const findings = JSON.parse(stdout) as FoundInFile[];
    expect(findings.map(({ code }) => code).sort()).toStrictEqual(Object.keys(FINDING_SEVERITIES).sort());
    for (const folder of EVERY_FINDING) {
      const golden = JSON.parse(await readFile(join(FIXTURES, folder, 'expected.json'), 'utf8')) as FoundInFile[];
      const own = findings.filter(({ file }) => file.startsWith(`${folder}/`));
      expect(own).toEqual(golden.map((each) => below(folder, each)));
    }
  });

  it('tells what is only information in the words of each format, and ends with 0', async () => {
    const run = (format: string) =>
      runSluice(['check', '--format', format, 'every-finding-of-large-sets'], { cwd: FIXTURES });
    const pretty = await run('pretty');
    expect(pretty.exitCode).toBe(0);
    expect(pretty.stdout).toMatch(
      /all\.policy\.yaml:1:1: info: (?:.*\n)*2 files checked: 0 errors, 0 warnings, 1 info\.\n$/,
    );
    expect((await run('github')).stdout).toMatch(/^::notice file=/);
    expect(JSON.parse((await run('sarif')).stdout)).toMatchObject({ runs: [{ results: [{ level: 'note' }] }] });
  });

  it('tells the sizes of a policy set and its diagram, as text and as JSON', async () => {
    const text = await runSluice(['check', '--stats', 'policies'], { cwd: REPOSITORY });
    expect(text.exitCode).toBe(0);
    expect(text.stdout).toMatch(/policies 5, exemptions 1, connectors 3, builds \d+\n/);
    expect(text.stdout).toMatch(/diagram: \d+ nodes, \d+ edges, compiled in [\d.]+ ms, about \d+ KiB of heap\n$/);
    const json = await runSluice(['check', '--stats', '--format', 'json', 'policies'], { cwd: REPOSITORY });
    expect(JSON.parse(json.stdout)).toMatchObject({
      findings: expect.any(Array),
      stats: {
        policies: {
          compiled: {
            policies: 5,
            nodes: expect.any(Number),
            variables: expect.arrayContaining([{ name: 'server.version', cells: expect.any(Number) }]),
          },
        },
      },
    });
  });

  describe('of a misspelt fact in a policy', () => {
    let parent: string;
    let folder: string;
    let file: string;
    beforeAll(async () => {
      parent = await makeTemporaryFolder();
      folder = join(parent, 'policies');
      await copyPolicies(folder);
      file = join(folder, 'exchange-2007.policy.yaml');
      const text = await readFile(file, 'utf8');
      await writeFile(file, text.replace('fact: server.version', 'fact: server.verison'));
    });
    afterAll(() => rm(parent, { recursive: true }));

    it('tells place, code and the nearest right word, and ends with 1', async () => {
      const { exitCode, stdout } = await runSluice(['check', folder]);
      expect(exitCode).toBe(1);
      expect(stdout).toMatch(/exchange-2007\.policy\.yaml:15:15: error: .* \[fact-unknown\]\n.*server\.version/);
      expect(stdout).toMatch(/11 files checked: 1 error, \d+ warnings?\.\n$/);
    });

    it('tells it as JSON', async () => {
      const { exitCode, stdout } = await runSluice(['check', '--format', 'json', folder]);
      expect(exitCode).toBe(1);
      expect(JSON.parse(stdout)).toContainEqual({
        file,
        range: { start: expect.objectContaining({ line: 15, column: 15 }), end: expect.objectContaining({ line: 15 }) },
        severity: 'error',
        code: 'fact-unknown',
        message: expect.any(String),
        hint: expect.stringContaining('server.version'),
        fix: { range: expect.any(Object), text: 'server.version' },
      });
    });

    it('tells it as SARIF', async () => {
      const { exitCode, stdout } = await runSluice(['check', '--format', 'sarif', folder]);
      expect(exitCode).toBe(1);
      const { version, runs } = JSON.parse(stdout) as { version: string; runs: { results: object[] }[] };
      expect(version).toBe('2.1.0');
      expect(runs[0]?.results).toContainEqual(
        expect.objectContaining({
          ruleId: 'fact-unknown',
          level: 'error',
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri: expect.stringMatching(/exchange-2007\.policy\.yaml$/) },
                region: expect.objectContaining({ startLine: 15, startColumn: 15 }),
              },
            },
          ],
        }),
      );
    });

    it('tells it as annotations of GitHub, and of that file alone where it is named', async () => {
      const { exitCode, stdout } = await runSluice(['check', '--format', 'github', file]);
      expect(exitCode).toBe(1);
      expect(stdout).toMatch(
        /^::error file=.*exchange-2007\.policy\.yaml,line=15,endLine=15,col=15,.*title=fact-unknown::/,
      );
      expect(stdout.trimEnd().split('\n')).toHaveLength(1);
    });
  });

  it('ends with 2 where a path does not exist', async () => {
    const { exitCode, stderr } = await runSluice(['check', 'nowhere'], { cwd: await temporaryFolder() });
    expect(exitCode).toBe(2);
    expect(stderr).toBe('sluice: nowhere does not exist; a folder of policy files was expected.\n');
  });
});

describe('sluice decide', () => {
  it.each([
    { at: '+1d', exitCode: 0, action: 'accept', stage: 'report' },
    { at: '+91d', exitCode: 1, action: 'block', stage: 'blocked' },
  ])('says $action at $at, and ends with $exitCode', async ({ at, exitCode, action, stage }) => {
    const ran = await runSluice(['decide', ...OUTDATED, '--at', at, '--format', 'json']);
    expect({ exitCode: ran.exitCode, stderr: ran.stderr }).toStrictEqual({ exitCode, stderr: '' });
    const decision: unknown = JSON.parse(ran.stdout);
    expect(decision).toMatchObject({
      action,
      stage,
      policy: 'exchange-2016',
      mode: 'enforce',
      elapsed: at.slice(1),
      source: { file: 'exchange-2016.policy.yaml', line: 3, column: 1 },
      revision: expect.any(String),
    });
  });

  it('throttles in the window that it names', async () => {
    const before = await runSluice(['decide', ...OUTDATED, '--at', '+35d', '--format', 'json']);
    const { window } = JSON.parse(before.stdout) as { window: { opensAt: string } };
    const { exitCode, stdout } = await runSluice(['decide', ...OUTDATED, '--at', window.opensAt, '--format', 'json']);
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      action: 'throttle',
      reply: { code: 450, status: '4.7.230', text: expect.stringContaining('mx.example throttled for 5 mins/hr') },
      window: { throttleMinutes: 5, blockMinutes: 0, phase: 'throttle' },
      next: { stage: 'throttle-10', at: '2026-10-18T00:00:00Z' },
    });
  });

  it('shows how each condition came out, as text and as JSON', async () => {
    const args = ['decide', ...OUTDATED, '--at', '+91d', '--explain'];
    const text = await runSluice(args);
    expect(text.stdout).toMatch(/^action: +block$/m);
    expect(text.stdout).toMatch(/^policy exchange-2016: matches$/m);
    expect(text.stdout).toMatch(
      /✓ server\.version versionIn 15\.1\.x \(is 15\.1\.2507\.16\) {2}exchange-2016\.policy\.yaml:18:7/,
    );
    const json = JSON.parse((await runSluice([...args, '--format', 'json'])).stdout) as object;
    expect(json).toMatchObject({ action: 'block' });
    expect(JSON.stringify(json)).toContain('"name":"exchange-2016","matches":true');
  });

  it('shows what would let a connection through, as text and as JSON', async () => {
    const args = ['decide', ...OUTDATED, '--at', '+91d', '--why-not', 'accept'];
    const text = await runSluice(args);
    expect(text).toMatchObject({ exitCode: 1, stderr: '' });
    expect(text.stdout).toContain(
      'why not accept:\n  server.version ≥ 15.1.2507.61 (Exchange Server 2016 CU23 Oct25SU)',
    );
    const json = await runSluice([...args, '--format', 'json']);
    expect(JSON.parse(json.stdout)).toMatchObject({
      action: 'block',
      whyNot: {
        wanted: 'accept',
        changes: expect.arrayContaining([
          expect.objectContaining({ fact: 'server.version', value: '15.1.2507.61' }),
          expect.objectContaining({ change: 'on connector partner-fabrikam' }),
        ]),
      },
    });
  });

  it('takes facts from a file, and an odd name with the nearest right one', async () => {
    const file = join(await temporaryFolder(), 'facts.json');
    await writeFile(file, JSON.stringify({ 'client.address': '192.0.2.1', 'server.version': '8.3.517.0' }));
    const args = ['decide', '--policies', SAMPLE_POLICIES, '--facts', file, '--at', '2026-09-08', '--format', 'json'];
    expect(JSON.parse((await runSluice(args)).stdout)).toMatchObject({ action: 'accept', policy: 'exchange-2007' });
    const { exitCode, stderr } = await runSluice([...args, '--fact', 'server.verison=1']);
    expect({ exitCode, stderr }).toStrictEqual({
      exitCode: 2,
      stderr: 'sluice: There is no fact server.verison. Did you mean server.version?\n',
    });
  });
});

describe('sluice detect', () => {
  it('names server, version, product and build of each message, or says why not', async () => {
    const files = ['exchange-2016-outdated', 'exchange-2010-outdated', 'postfix'].map(sampleMessage);
    const { exitCode, stdout } = await runSluice([
      'detect',
      '--policies',
      SAMPLE_POLICIES,
      '--format',
      'json',
      ...files,
    ]);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject([
      {
        server: 'mbx01.contoso.example',
        version: '15.1.2507.16',
        product: 'Exchange Server 2016',
        build: { name: 'Exchange Server 2016 CU23 Nov22SU', exact: true },
        evidence: { id: '15.1.2507.16', hop: 0, header: expect.stringMatching(/^Received: from mbx01/) },
      },
      { server: 'ht01.contoso.example', version: '14.3.439.0', build: { exact: false } },
      { reason: 'not-exchange', message: expect.any(String) },
    ]);
  });

  it('reads an mbox, message by message, from standard input', async () => {
    const names = ['exchange-2007-outdated', 'exchange-se-current'];
    const messages = await Promise.all(names.map((name) => readFile(sampleMessage(name), 'utf8')));
    const input = messages.map((text) => `From sender@contoso.example Tue Nov 10 08:00:00 2026\n${text}\n\n`).join('');
    const args = ['detect', '--policies', SAMPLE_POLICIES, '--format', 'json', '-'];
    const { exitCode, stdout } = await runSluice(args, { input });
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject([
      { line: 1, product: 'Exchange Server 2007' },
      { line: input.split('\n').findLastIndex((line) => line.startsWith('From ')) + 1, product: 'Exchange Server SE' },
    ]);
  });

  it('ends with 2 where a file cannot be read, or is no message', async () => {
    const cwd = await temporaryFolder();
    await writeFile(join(cwd, 'empty.eml'), '');
    expect(await runSluice(['detect', 'gone.eml'], { cwd })).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/^sluice: gone\.eml cannot be read: ENOENT/),
    });
    expect(await runSluice(['detect', 'empty.eml'], { cwd })).toMatchObject({
      exitCode: 2,
      stderr: 'sluice: empty.eml holds no message: no header field was found.\n',
    });
  });
});

describe('sluice init', () => {
  it('writes a policy set and a configuration that pass their checks, and never over files that exist', async () => {
    const cwd = await temporaryFolder();
    const first = await runSluice(['init', 'mail'], { cwd });
    expect(first).toMatchObject({
      exitCode: 0,
      stderr: '',
      stdout: expect.stringContaining('wrote mail/sluice.yaml\n'),
    });
    expect(await runSluice(['check', 'mail/policies'], { cwd })).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/ 0 errors, 0 warnings\.\n$/),
    });
    expect(await runSluice(['serve', '--config', 'sluice.yaml', '--check-config'], { cwd: join(cwd, 'mail') })).toEqual(
      { exitCode: 0, stderr: '', stdout: expect.stringMatching(/^The configuration and \d+ policies are fine\.\n$/) },
    );
    expect(await runSluice(['init', 'mail'], { cwd })).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/^sluice: mail\/.* exists already; nothing was written\.\n$/),
    });
  });
});

describe('sluice servers and send', () => {
  it('list what a running service has learnt, as text, JSON and CSV', async () => {
    const folder = await temporaryFolder();
    const policies = join(folder, 'policies');
    await copyPolicies(policies);
    const sluice = await startSluice({
      policies,
      folder,
      listen: { smtp: '127.0.0.1:0' },
      clock: '2026-11-10',
    });
    const common = ['servers', '--policies', policies, '--store', sluice.store, '--at', '2026-11-11'];
    expect(await runSluice(common)).toMatchObject({ exitCode: 0, stdout: 'No server is remembered yet.\n' });

    const to = ['send', '--to', `127.0.0.1:${sluice.port('smtp')}`];
    const sent = await runSluice([...to, sampleMessage('exchange-2016-outdated')]);
    expect(sent).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^250 /) });

    const text = await runSluice(common);
    expect(text).toMatchObject({ exitCode: 0, stderr: '' });
    expect(text.stdout).toMatch(
      /mbx01\.contoso\.example .*Exchange Server 2016 .*2026-11-10T00:00.*report .*throttle-5/,
    );
    const json = await runSluice([...common, '--format', 'json']);
    expect(JSON.parse(json.stdout)).toMatchObject([
      {
        server: 'mbx01.contoso.example',
        build: 'Exchange Server 2016 CU23 Nov22SU',
        stage: 'report',
        product: 'Exchange Server 2016',
        firstDetected: expect.stringMatching(/^2026-11-10T00:00/),
        nextStage: 'throttle-5',
        nextStageAt: expect.stringMatching(/^2026-12-10T00:00/),
        throttleMinutes: 0,
        blockMinutes: 0,
      },
    ]);
    const csv = await runSluice([...common, '--format', 'csv']);
    expect(csv.stdout).toMatch(
      /^server,connector,version,.*\r\nmbx01\.contoso\.example,on-premises,15\.1\.2507\.16,.*\r\n$/,
    );
    await sluice.stop();

    const later = { policies, folder, listen: { smtp: '127.0.0.1:0' }, clock: '2027-02-10' } as const;
    const afterDay91 = await startSluice(later);
    const again = ['send', '--to', `127.0.0.1:${afterDay91.port('smtp')}`, sampleMessage('exchange-2016-outdated')];
    expect(await runSluice(again)).toMatchObject({ exitCode: 1, stdout: expect.stringMatching(/^550 5\.7\.230 /) });
    await afterDay91.stop();
  });

  it('end with 2 where there is no store, or no mail server', async () => {
    const cwd = await temporaryFolder();
    const servers = await runSluice(['servers', '--policies', SAMPLE_POLICIES, '--store', 'gone'], { cwd });
    expect(servers).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(/^sluice: .*gone/) });
    const send = await runSluice(['send', '--to', '127.0.0.1:1', sampleMessage('postfix')]);
    expect(send).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('127.0.0.1:1 cannot be reached') });
  });
});

describe('sluice serve', () => {
  it.each([
    { what: 'there is no configuration', args: ['--config', 'gone.yaml'], told: /cannot be read/ },
    { what: 'the configuration has a wrong key', args: ['--config', 'wrong.yaml'], told: /wrong\.yaml:1:1: error: / },
    { what: 'nothing would listen', args: ['--policies', SAMPLE_POLICIES], told: /Nothing would listen/ },
    { what: 'there are no policies', args: ['--config', 'right.yaml', '--policies', 'gone'], told: /gone/ },
    {
      what: 'the clock is no instant',
      args: ['--config', 'right.yaml', '--policies', '.', '--clock', 'noon'],
      told: /noon/,
    },
  ])('ends with 2 where $what', async ({ args, told }) => {
    const cwd = await temporaryFolder();
    await writeFile(join(cwd, 'wrong.yaml'), 'lisen: { http: 127.0.0.1:0 }\n');
    await writeFile(join(cwd, 'right.yaml'), 'listen: { http: 127.0.0.1:0 }\n');
    const { exitCode, stderr } = await runSluice(['serve', ...args], { cwd });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(told);
    expect(stderr).not.toMatch(/^ +at /m);
  });
});

describe('sluice', () => {
  it('tells its version', async () => {
    expect(await runSluice(['version'])).toEqual({
      exitCode: 0,
      stderr: '',
      stdout: expect.stringMatching(/^sluice \d+\.\d+\.\d+ \(node \d+\.\d+\.\d+\)\n$/),
    });
  });

  it.each(['check', 'decide', 'detect', 'serve', 'init', 'servers', 'send', 'version'])(
    'helps with %s: examples and exit codes',
    async (command) => {
      const { exitCode, stdout } = await runSluice([command, '--help']);
      expect(exitCode).toBe(0);
      expect(stdout).toMatch(new RegExp(`^Usage: sluice ${command} `));
      expect(stdout).toMatch(new RegExp(`^Examples?:\\n {2}sluice ${command}`, 'm'));
      expect(stdout).toMatch(/^Exit code: 0/m);
    },
  );

  it.each([
    { what: 'no command', args: [], told: /^Usage: sluice/ },
    { what: 'an unknown command', args: ['chekc'], told: /unknown command 'chekc'/ },
    { what: 'an unknown option', args: ['check', '--strict'], told: /unknown option '--strict'/ },
    { what: 'an unknown format', args: ['check', '--format', 'xml'], told: /pretty, json, sarif, github/ },
    { what: 'an instant that is none', args: ['decide', '--at', '2026-02-30'], told: /An instant was expected/ },
    { what: 'a missing argument', args: ['detect'], told: /missing required argument 'file'/ },
  ])('ends with 2 after $what', async ({ args, told }) => {
    const { exitCode, stdout, stderr } = await runSluice(args);
    expect({ exitCode, stdout }).toStrictEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(told);
  });
});
