import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { checkPolicySet, epochMillis, formatInstant, readPolicyFolder } from '@sluice/engine';
import {
  CheckRequest,
  CompareRequest,
  type CompareResult,
  ExplainRequest,
  FactsRequest,
  TimelineRequest,
} from '@sluice/language-server/protocol';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CancellationTokenSource, LSPErrorCodes } from 'vscode-languageserver-protocol/node';
import { LanguageClient } from '../harness/language-client.js';
import { LANGUAGE_SERVER } from '../harness/repository.js';
import { temporaryFolder } from '../harness/temporary-folder.js';

const run = promisify(execFile);

const NOW = epochMillis(Date.UTC(2026, 8, 8, 12));

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
const FILE = 'old.policy.yaml';
describe('what the extension asks beside LSP', () => {
  it('the timeline follows text that is not saved', async () => {
    const { client } = await serving({ [FILE]: POLICY });
    await client.open(FILE, POLICY.replace('30d', '35d'));
    const timeline = await client.connection.sendRequest(TimelineRequest, { uri: client.uriOf(FILE) });
    expect(timeline?.policies[0]?.stages.map(({ name, fromDay }) => [name, fromDay])).toEqual([
      ['report', 0],
      ['slow', 35],
    ]);
  });

  it('a decision is explained with places in the files', async () => {
    const { client } = await serving({ [FILE]: POLICY });
    const facts = { 'server.version': '15.0.1', 'server.name': 'a.example' };
    const params = { uri: client.uriOf(FILE), facts, firstDetected: '40d' };
    const result = await client.connection.sendRequest(ExplainRequest, params);
    expect(result).toMatchObject({ decision: { policy: 'old', stage: 'slow' } });
    expect(result).toMatchObject({ rules: [{ decides: true, location: { uri: client.uriOf(FILE) } }] });
  });

  it.each([
    ['server.version', 'abc'],
    ['no.such.fact', '1'],
  ])('a fact that cannot be read is a problem: %s is %s', async (name, value) => {
    const { client } = await serving({ [FILE]: POLICY });
    const params = { uri: client.uriOf(FILE), facts: { [name]: value } };
    expect(await client.connection.sendRequest(ExplainRequest, params)).toEqual({
      problem: expect.stringContaining(name),
    });
  });

  it('a file that belongs to no policy set gets no answer', async () => {
    const { client } = await serving({ [FILE]: POLICY });
    const elsewhere = { uri: 'file:///elsewhere/a.txt' };
    expect(await client.connection.sendRequest(TimelineRequest, elsewhere)).toBeNull();
    expect(await client.connection.sendRequest(ExplainRequest, { ...elsewhere, facts: {} })).toBeNull();
    expect(await client.connection.sendRequest(CompareRequest, { ...elsewhere, revision: 'HEAD' })).toBeNull();
  });

  it('all facts are told with their types', async () => {
    const { client } = await serving({ [FILE]: POLICY });
    const facts = await client.connection.sendRequest(FactsRequest, {});
    expect(facts).toContainEqual(expect.objectContaining({ name: 'server.version', type: 'version' }));
  });

  it('the check counts what sluice check finds, the exact findings included', async () => {
    const shadowed = POLICY.replace('name: old', 'name: never').replace('priority: 7', 'priority: 6');
    const { client, folder } = await serving({ [FILE]: POLICY, 'never.policy.yaml': shadowed });
    const { findings } = checkPolicySet(await readPolicyFolder(folder), NOW);
    expect(findings).toContainEqual(expect.objectContaining({ code: 'policy-shadowed' }));
    const count = (wanted: string) => findings.filter(({ severity }) => severity === wanted).length;
    expect(await client.connection.sendRequest(CheckRequest, {})).toEqual([
      {
        uri: pathToFileURL(folder).href,
        files: 2,
        policies: 2,
        errors: count('error'),
        warnings: count('warning'),
        infos: count('info'),
      },
    ]);
  });
});

describe('the comparison with a git revision', () => {
  it('says of a text that is not saved what it changes', async () => {
    const { client } = await committed({ [FILE]: POLICY });
    expect(await compare(client, 'HEAD')).toMatchObject({ equivalent: true });
    await client.open(FILE, POLICY.replace('5m/h', '10m/h'));
    expect(await compare(client, 'HEAD')).toMatchObject({ equivalent: false, markdown: expect.stringContaining('10') });
  });

  it.each([
    ['no-such-revision', /no-such-revision/],
    ['--help', /begins with -/],
  ])('a revision that is none is a problem: %s', async (revision, told) => {
    const { client } = await committed({ [FILE]: POLICY });
    expect(await compare(client, revision)).toEqual({ problem: expect.stringMatching(told) });
  });

  it('says which of both has errors', async () => {
    const { client } = await committed({ [FILE]: POLICY });
    await client.open(FILE, POLICY.replace('enforce', 'enforc'));
    expect(await compare(client, 'HEAD')).toEqual({ problem: expect.stringContaining('in the editor has errors') });
  });

  it('ends when it is cancelled, and the next one is answered', async () => {
    const { client } = await committed({ [FILE]: POLICY });
    const source = new CancellationTokenSource();
    const asked = client.connection.sendRequest(
      CompareRequest,
      { uri: client.uriOf(FILE), revision: 'HEAD' },
      source.token,
    );
    source.cancel();
    await expect(asked).rejects.toMatchObject({ code: LSPErrorCodes.RequestCancelled });
    expect(await compare(client, 'HEAD')).toMatchObject({ equivalent: true });
  });
});

function compare(client: LanguageClient, revision: string): Promise<CompareResult | null> {
  return client.connection.sendRequest(CompareRequest, { uri: client.uriOf(FILE), revision });
}

async function serving(
  texts: Readonly<Record<string, string>>,
): Promise<{ readonly client: LanguageClient; readonly folder: string }> {
  const folder = await temporaryFolder();
  for (const [file, text] of Object.entries(texts)) await writeFile(`${folder}/${file}`, text);
  return { folder, client: await clientOn(folder) };
}

async function committed(texts: Readonly<Record<string, string>>) {
  const folder = await temporaryFolder();
  for (const [file, text] of Object.entries(texts)) await writeFile(`${folder}/${file}`, text);
  const git = (...args: string[]) =>
    run('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.org', ...args], { cwd: folder });
  await git('init', '--quiet');
  await git('add', '--all');
  await git('commit', '--quiet', '--message', 'One');
  return { folder, client: await clientOn(folder) };
}

async function clientOn(folder: string): Promise<LanguageClient> {
  const client = await LanguageClient.start({
    folder,
    command: [process.execPath, LANGUAGE_SERVER],
    initializationOptions: { now: formatInstant(NOW) },
  });
  onTestFinished(async () => {
    await client.stop();
    expect(client.faults).toEqual([]);
  });
  return client;
}
