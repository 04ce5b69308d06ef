import { writeFile } from 'node:fs/promises';
import { epochMillis, formatInstant } from '@sluice/engine';
import {
  ImpactRequest,
  type ImpactResult,
  ReplayRequest,
  RunTestsRequest,
  TestsChangedNotification,
  TestsRequest,
} from '@sluice/language-server/protocol';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  CancellationTokenSource,
  type ClientCapabilities,
  type CodeLens,
  CodeLensRefreshRequest,
  CodeLensRequest,
  LSPErrorCodes,
  WorkDoneProgress,
  type WorkDoneProgressBegin,
  WorkDoneProgressCancelNotification,
  WorkDoneProgressCreateRequest,
  type WorkDoneProgressEnd,
  type WorkDoneProgressReport,
} from 'vscode-languageserver-protocol/node';
import { writeFleetLog } from '../harness/fleet-log.js';
import { LanguageClient } from '../harness/language-client.js';
import { LANGUAGE_SERVER } from '../harness/repository.js';
import { runProgram } from '../harness/run-program.js';
import { temporaryFolder } from '../harness/temporary-folder.js';

type Progress = WorkDoneProgressBegin | WorkDoneProgressReport | WorkDoneProgressEnd;

const NOW = epochMillis(Date.UTC(2026, 8, 8, 12));
const FILE = 'old.policy.yaml';
const POLICY = `name: old
mode: enforce
priority: 7
effective: { from: 2026-01-01 }
when:
  all:
    - { fact: server.version, operator: versionIn, value: "<15.1" }
stages:
  - { name: report, after: 0d }
  - { name: slow, after: 30d, throttle: 5m/h }
`;
const CONNECTORS = `connectors:
  - { name: ours, type: OnPremises, match: { networks: [192.0.2.0/24, 203.0.113.0/24] } }
`;
const TESTS = `tests:
  - name: old servers
    facts: { server.version: 15.0.1 }
    firstDetected: 2026-08-01
    expect: { policy: old }
    timeline:
      - { day: 0, expect: report }
      - { day: 40, expect: slow }
`;
/** Enough that no dry run of it ends before it is called off. */
const LONG = { records: 60_000, servers: 40, days: 60 };
const SHORT = { records: 2_000, servers: 40, days: 60 };

describe('a dry run', () => {
  it('tells how far it is to whom asks with a token', async () => {
    const { client, log } = await serving(LONG);
    const told: Progress[] = [];
    client.connection.onProgress(WorkDoneProgress.type, 'mine', (value) => {
      told.push(value);
    });
    const params = { uri: client.uriOf(FILE), logs: [log], workDoneToken: 'mine' };
    expect(await client.connection.sendRequest(ReplayRequest, params)).toMatchObject({ records: LONG.records });
    expect(told.at(0)).toMatchObject({ kind: 'begin', title: 'Dry run', percentage: 0, cancellable: true });
    expect(told.at(-1)).toEqual({ kind: 'end' });
    const reported = told.flatMap((each) => (each.kind === 'report' ? [each.percentage ?? Number.NaN] : []));
    expect(reported.length).toBeGreaterThan(1);
    expect(reported).toEqual([...new Set(reported)].sort((a, b) => a - b));
    expect(reported.at(-1)).toBe(100);
  });

  it('ends when it is cancelled, and the next one is answered', async () => {
    const { client, log } = await serving(LONG);
    const source = new CancellationTokenSource();
    client.connection.onProgress(WorkDoneProgress.type, 'mine', ({ kind }) => {
      if (kind === 'begin') source.cancel();
    });
    const params = { uri: client.uriOf(FILE), logs: [log] };
    const asked = client.connection.sendRequest(ReplayRequest, { ...params, workDoneToken: 'mine' }, source.token);
    await expect(asked).rejects.toMatchObject({ code: LSPErrorCodes.RequestCancelled });
    expect(await client.connection.sendRequest(ReplayRequest, params)).toMatchObject({ records: LONG.records });
  });

  it('shows by itself how far it is where the client can, and is called off there', async () => {
    const { client, log } = await serving(LONG, { window: { workDoneProgress: true } });
    client.connection.onRequest(WorkDoneProgressCreateRequest.type, ({ token }) => {
      client.connection.onProgress(WorkDoneProgress.type, token, ({ kind }) => {
        if (kind === 'begin')
          void client.connection.sendNotification(WorkDoneProgressCancelNotification.type, { token });
      });
    });
    const asked = client.connection.sendRequest(ReplayRequest, { uri: client.uriOf(FILE), logs: [log] });
    await expect(asked).rejects.toMatchObject({ code: LSPErrorCodes.RequestCancelled });
  });

  it('makes the client ask for lenses anew: after it, when it gets stale, and when the change is undone', async () => {
    const { client, log } = await serving(SHORT, { workspace: { codeLens: { refreshSupport: true } } });
    let refreshed = 0;
    client.connection.onRequest(CodeLensRefreshRequest.type, () => {
      refreshed++;
    });
    await client.open(FILE, POLICY);
    await client.connection.sendRequest(ReplayRequest, { uri: client.uriOf(FILE), logs: [log] });
    expect(await trafficLenses(client)).toEqual([expect.stringMatching(/^traffic\.log: [\d,]+ records, 16 servers/)]);
    expect(refreshed).toBe(1);
    const line = { start: { line: 2, character: 0 }, end: { line: 3, character: 0 } };
    await client.change(FILE, { range: line, text: 'priority: 8\n' });
    await client.change(FILE, { range: line, text: 'priority: 9\n' });
    expect(await trafficLenses(client)).toEqual([expect.stringMatching(/^traffic\.log, before the last change: /)]);
    expect(refreshed).toBe(2);
    await client.change(FILE, { range: line, text: 'priority: 7\n' });
    expect(await trafficLenses(client)).toEqual([expect.stringMatching(/^traffic\.log: /)]);
    expect(refreshed).toBe(3);
    await client.open('old.test.yaml', TESTS.replace('day: 40', 'day: 50'));
    expect(await trafficLenses(client)).toEqual([expect.stringMatching(/^traffic\.log: /)]);
  });

  it('is a problem where the policy set has errors', async () => {
    const { client, log } = await serving(SHORT);
    await client.open(FILE, POLICY.replace('enforce', 'enforc'));
    const result = await client.connection.sendRequest(ReplayRequest, { uri: client.uriOf(FILE), logs: [log] });
    expect(result).toEqual({ problem: expect.stringContaining('in the editor has errors') });
  });
});

describe('a dry run that cannot be made', () => {
  it.each([
    [{ logs: ['/no/such/file.log'] }, /no such file/],
    [{ logs: [] }, /No log was named/],
    [{ logs: ['x'], logFormat: 'none' }, /no log format none/],
    [{ logs: ['x'], shift: 'soon' }, /soon is no duration/],
    [{ logs: ['x'], timeZone: 'Europe/Nowhere' }, /no time zone Europe\/Nowhere/],
  ])('is a problem: %j', async (asked, problem) => {
    const { client } = await serving(SHORT);
    const result = await client.connection.sendRequest(ReplayRequest, { uri: client.uriOf(FILE), ...asked });
    expect(result).toEqual({ problem: expect.stringMatching(problem) });
  });
});

describe('the impact since a revision', () => {
  it('is that of the text in the editor', async () => {
    const { client, log } = await serving(SHORT);
    expect(await impact(client, log, 'HEAD')).toMatchObject({ equivalent: true, records: SHORT.records, changed: 0 });
    await client.open(FILE, POLICY.replace('throttle: 5m/h', 'throttle: 50m/h'));
    const result = await impact(client, log, 'HEAD');
    expect(result).toMatchObject({
      equivalent: false,
      html: expect.stringContaining('What the change would have done'),
    });
    expect(result).not.toMatchObject({ changed: 0 });
  });

  it.each([
    ['no-such-revision', /no-such-revision/],
    ['--help', /begins with -/],
  ])('is a problem where there is no revision %s', async (revision, told) => {
    const { client, log } = await serving(SHORT);
    expect(await impact(client, log, revision)).toEqual({ problem: expect.stringMatching(told) });
  });
});

describe('tests of policies', () => {
  it('are told with a case for each row, and run by it', async () => {
    const { client } = await serving(SHORT);
    const [set] = await client.connection.sendRequest(TestsRequest, {});
    const cases = set?.files[0]?.tests[0]?.cases ?? [];
    expect(cases.map(({ label, location }) => [label, location.range.start.line])).toEqual([
      ['day 0', 6],
      ['day 40', 7],
    ]);
    const ids = cases.slice(1).map(({ id }) => id);
    const ran = await client.connection.sendRequest(RunTestsRequest, { uri: client.uriOf('old.test.yaml'), ids });
    expect(ran).toMatchObject({ results: [{ id: ids[0], failures: [], what: expect.stringContaining('stage slow') }] });
  });

  it('are run on text that is not saved, and tell where each expectation stands', async () => {
    const { client } = await serving(SHORT);
    await client.open(FILE, POLICY.replace('30d', '50d'));
    const uri = client.uriOf('old.test.yaml');
    const failed = {
      part: 'stage',
      expected: 'slow',
      actual: 'report',
      location: { uri, range: { start: { line: 7 } } },
    };
    expect(await client.connection.sendRequest(RunTestsRequest, { uri })).toMatchObject({
      results: [{ failures: [] }, { failures: [failed], decider: { uri: client.uriOf(FILE) } }],
    });
    expect(await client.connection.sendRequest(RunTestsRequest, { uri, ids: ['none'] })).toEqual({ results: [] });
    await client.change(FILE, { text: 'nonsense\n' });
    expect(await client.connection.sendRequest(RunTestsRequest, { uri })).toMatchObject({
      problem: expect.any(String),
    });
  });

  it('are told to have changed when a file has, not when one is opened', async () => {
    const { client } = await serving(SHORT);
    let told = 0;
    client.connection.onNotification(TestsChangedNotification, () => {
      told++;
    });
    await client.open(FILE, POLICY.replace('30d', '20d'));
    const [set] = await client.connection.sendRequest(TestsRequest, {});
    expect(set?.files).toHaveLength(1);
    expect(told).toBe(0);
    await client.open('our.connectors.yaml', CONNECTORS);
    await client.connection.sendRequest(TestsRequest, {});
    expect(told).toBe(0);
    await client.change(FILE, { text: POLICY });
    await client.connection.sendRequest(TestsRequest, {});
    expect(told).toBe(1);
  });
});

function impact(client: LanguageClient, log: string, revision: string): Promise<ImpactResult | null> {
  return client.connection.sendRequest(ImpactRequest, { uri: client.uriOf(FILE), logs: [log], revision });
}

async function trafficLenses(client: LanguageClient): Promise<(string | undefined)[]> {
  const params = { textDocument: { uri: client.uriOf(FILE) } };
  const lenses: CodeLens[] = (await client.connection.sendRequest(CodeLensRequest.type, params)) ?? [];
  return lenses.map(({ command }) => command?.title).filter((title) => title?.startsWith('traffic.log'));
}

/** A committed policy set with tests, and a log of traffic. */
async function serving(traffic: typeof LONG, capabilities: ClientCapabilities = {}) {
  const folder = await temporaryFolder();
  const texts = { [FILE]: POLICY, 'our.connectors.yaml': CONNECTORS, 'old.test.yaml': TESTS };
  for (const [file, text] of Object.entries(texts)) await writeFile(`${folder}/${file}`, text);
  const identity = ['-c', 'user.name=A Tester', '-c', 'user.email=tester@example.org', '-c', 'commit.gpgsign=false'];
  for (const args of [
    ['init', '--quiet'],
    ['add', '.'],
    [...identity, 'commit', '--quiet', '--message=Policies'],
  ]) {
    expect(await runProgram('git', args, { cwd: folder })).toMatchObject({ exitCode: 0 });
  }
  const log = `${folder}/traffic.log`;
  await writeFleetLog(log, traffic);
  const client = await LanguageClient.start({
    folder,
    command: [process.execPath, LANGUAGE_SERVER],
    initializationOptions: { now: formatInstant(NOW) },
    capabilities,
  });
  onTestFinished(async () => {
    await client.stop();
    expect(client.faults).toEqual([]);
  });
  return { client, log };
}
