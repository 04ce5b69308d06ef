import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  CancellationTokenSource,
  type ClientCapabilities,
  type CodeAction,
  type CompletionItem,
  DidChangeWatchedFilesNotification,
  DocumentDiagnosticRequest,
  FileChangeType,
  type Position,
  type TextEdit,
  WorkspaceDiagnosticRequest,
} from 'vscode-languageserver-protocol/node';
import { LanguageClient } from '../harness/language-client.js';
import { LANGUAGE_SERVER, SAMPLE_POLICIES, SLUICE } from '../harness/repository.js';
import { temporaryFolder } from '../harness/temporary-folder.js';

/** The same policy in both languages. */
const POLICIES = {
  'asked.policy.yaml': `# A comment.
name: asked
mode: enforce
priority: 7
effective: { from: 2026-01-01 }
when:
  all:
    - { fact: connector.name, operator: equal, value: on-premises }
    - { fact: server.version, operator: versionIn, value: "<15.1.2507.31" }
    - condition: from-our-servers
stages:
  - { name: report, after: 0d }
  - { name: slow, after: 30d, throttle: 5m/h }
thresholds:
  - { refusals: 10, within: 24h, advanceTo: slow }
help: https://example.org/help
replies: { throttle: "450 4.7.230 Slow down at {gateway}" }
`,
  'asked.policy.json': `{
  "name": "asked",
  "mode": "enforce",
  "priority": 7,
  "effective": { "from": "2026-01-01" },
  "when": {
    "all": [
      { "fact": "connector.name", "operator": "equal", "value": "on-premises" },
      { "fact": "server.version", "operator": "versionIn", "value": "<15.1.2507.31" },
      { "condition": "from-our-servers" }
    ]
  },
  "stages": [
    { "name": "report", "after": "0d" },
    { "name": "slow", "after": "30d", "throttle": "5m/h" }
  ],
  "thresholds": [{ "refusals": 10, "within": "24h", "advanceTo": "slow" }],
  "help": "https://example.org/help",
  "replies": { "throttle": "450 4.7.230 Slow down at {gateway}" }
}
`,
} as const;

const OPTIONS = { tabSize: 2, insertSpaces: true };

describe.each(Object.entries(POLICIES))('%s', (path, text) => {
  it('is answered for every capability', async () => {
    const { client, ask } = await start();
    await client.open(path, text);
    const at = (found: string, letters: number) => ({ position: placeIn(text, found, letters) });
    const whole = { range: { start: { line: 0, character: 0 }, end: { line: text.split('\n').length, character: 0 } } };

    const operator = text.includes('"operator"') ? '"operator": "equal' : 'operator: equal';
    const items = itemsOf(await ask(path, 'textDocument/completion', at(operator, operator.length - 2)));
    const labels = items.map(({ label }) => label);
    expect(labels).toEqual(expect.arrayContaining(['equal', 'in', 'matches']));
    expect(labels).not.toContain('versionIn');
    expect(items.every(({ documentation }) => documentation !== undefined)).toBe(true);

    expect(await ask(path, 'textDocument/hover', at('15.1.2507.31', 3))).toMatchObject({
      contents: { kind: 'markdown', value: expect.stringContaining('Exchange Server 2016 CU23 Aug23SU') },
    });
    expect(await ask(path, 'textDocument/signatureHelp', at('<15.1', 3))).toMatchObject({
      signatures: expect.arrayContaining([expect.objectContaining({ label: expect.any(String) })]),
    });
    const definition = await ask(path, 'textDocument/definition', at('from-our-servers', 3));
    expect(definition).toMatchObject([{ uri: client.uriOf('exchange.conditions.yaml') }]);
    const references = await ask(path, 'textDocument/references', {
      ...at('on-premises', 3),
      context: { includeDeclaration: true },
    });
    const uris = (references as readonly { uri: string }[]).map(({ uri }) => uri.slice(uri.lastIndexOf('/') + 1));
    expect(uris).toEqual(expect.arrayContaining(['exchange.connectors.yaml', 'exchange.invariants.yaml', path]));
    expect(await ask(path, 'textDocument/documentHighlight', at('advanceTo', 14))).toHaveLength(2);
    expect(await ask(path, 'textDocument/linkedEditingRange', at('advanceTo', 14))).toMatchObject({
      ranges: [{}, {}],
    });
    expect(await ask(path, 'textDocument/prepareRename', at('on-premises', 3))).toMatchObject({
      placeholder: 'on-premises',
    });
    expect(await ask(path, 'textDocument/rename', { ...at('on-premises', 3), newName: 'ours' })).toMatchObject({
      changes: { [client.uriOf('exchange.connectors.yaml')]: [{ newText: 'ours' }] },
    });
    expect(await ask(path, 'textDocument/documentLink', {})).toContainEqual(
      expect.objectContaining({ target: 'https://example.org/help' }),
    );
    expect(await ask(path, 'textDocument/documentSymbol', {})).toMatchObject([
      { name: 'asked', children: [{ name: 'report' }, { name: 'slow' }] },
    ]);
    expect(await ask(path, 'textDocument/foldingRange', {})).not.toEqual([]);
    expect(
      await ask(path, 'textDocument/selectionRange', { positions: [placeIn(text, 'on-premises', 2)] }),
    ).toMatchObject([{ range: {}, parent: { parent: { parent: {} } } }]);
    const { data } = (await ask(path, 'textDocument/semanticTokens/full', {})) as { data: number[] };
    expect(data.length % 5).toBe(0);
    expect(data.length).toBeGreaterThan(100);
    const ranged = (await ask(path, 'textDocument/semanticTokens/range', {
      range: { start: { line: 3, character: 0 }, end: { line: 5, character: 0 } },
    })) as { data: number[] };
    expect(ranged.data.length).toBeLessThan(data.length);
    const hints = (await ask(path, 'textDocument/inlayHint', whole)) as readonly { label: string }[];
    expect(hints.map(({ label }) => JSON.stringify(label)).join('\n')).toContain('2026-01-31');
    const lenses = (await ask(path, 'textDocument/codeLens', {})) as readonly { command: { title: string } }[];
    expect(lenses.map(({ command }) => command.title).join('\n')).toMatch(/Explain/);
    expect(await ask(path, 'textDocument/formatting', { options: OPTIONS })).toEqual(expect.any(Array));
    expect(client.faults).toEqual([]);
  });

  it('is formatted without a change of what it says', async () => {
    const { client, ask } = await start();
    const untidy = text.replace('priority: 7', 'priority:    7').replace('"priority": 7', '"priority":    7');
    await client.open(path, untidy);
    const edits = (await ask(path, 'textDocument/formatting', { options: OPTIONS })) as readonly TextEdit[];
    expect(edits.length).toBeGreaterThan(0);
    expect(applied(untidy, edits)).toMatch(/priority"?: 7/);
  });

  it('is mended by its quick fix', async () => {
    const { client, ask } = await start();
    const broken = text.replace('versionIn', 'versionInn');
    await client.open(path, broken);
    await client.until(
      () => codesOf(client, path).includes('operator-unknown'),
      () => codesOf(client, path).join(' '),
    );
    const [diagnostic] = client.published.get(client.uriOf(path))?.diagnostics ?? [];
    const actions = (await ask(path, 'textDocument/codeAction', {
      range: diagnostic?.range,
      context: { diagnostics: [diagnostic] },
    })) as readonly CodeAction[];
    const fix = actions.find(({ isPreferred }) => isPreferred === true);
    const edits = editsOf(fix, client.uriOf(path));
    expect(applied(broken, edits)).toBe(text);
    await client.change(path, { text: applied(broken, edits) });
    await client.until(
      () => !codesOf(client, path).includes('operator-unknown'),
      () => codesOf(client, path).join(' '),
    );
  });

  it('is answered at every place when it is cut off anywhere', async () => {
    const { client, ask } = await start();
    await client.open(path, '');
    for (let end = 1; end <= text.length; end += 23) {
      const cut = text.slice(0, end);
      await client.change(path, { text: cut });
      const position = placeAt(cut, end);
      const range = { start: position, end: position };
      await Promise.all([
        ask(path, 'textDocument/completion', { position }),
        ask(path, 'textDocument/hover', { position }),
        ask(path, 'textDocument/signatureHelp', { position }),
        ask(path, 'textDocument/definition', { position }),
        ask(path, 'textDocument/documentSymbol', {}),
        ask(path, 'textDocument/foldingRange', {}),
        ask(path, 'textDocument/selectionRange', { positions: [position] }),
        ask(path, 'textDocument/semanticTokens/full', {}),
        ask(path, 'textDocument/codeAction', { range, context: { diagnostics: [] } }),
        ask(path, 'textDocument/formatting', { options: OPTIONS }),
        ask(path, 'textDocument/onTypeFormatting', { position, ch: '\n', options: OPTIONS }),
      ]);
    }
    expect(client.faults).toEqual([]);
  });
});

describe('the workspace', () => {
  it('is searched for symbols in files that are not open', async () => {
    const { client } = await start();
    const symbols = await client.connection.sendRequest('workspace/symbol', { query: 'exch2016' });
    expect(symbols).toContainEqual(
      expect.objectContaining({ name: 'exchange-2016', containerName: 'exchange-2016.policy.yaml' }),
    );
  });

  it('is checked in files that are not open, and again where these change on disk', async () => {
    const { client, folder } = await start();
    const path = 'exchange-2010.policy.yaml';
    await writeFile(`${folder}/${path}`, 'mode: enforc\n');
    await tellOfFile(client, path, FileChangeType.Changed);
    await client.until(
      () => codesOf(client, path).includes('value-unknown'),
      () => codesOf(client, path).join(' '),
    );
    await rm(`${folder}/${path}`);
    await tellOfFile(client, path, FileChangeType.Deleted);
    await client.until(
      () => codesOf(client, path).length === 0,
      () => codesOf(client, path).join(' '),
    );
  });

  it('counts unsaved text, and the file again once it is closed', async () => {
    const { client } = await start();
    const path = 'exchange.conditions.yaml';
    await client.open(path, 'conditions: []\n');
    await client.until(
      () => codesOf(client, 'exchange-2016.policy.yaml').includes('condition-unknown'),
      () => codesOf(client, 'exchange-2016.policy.yaml').join(' '),
    );
    await client.close(path);
    await client.until(
      () => !codesOf(client, 'exchange-2016.policy.yaml').includes('condition-unknown'),
      () => codesOf(client, 'exchange-2016.policy.yaml').join(' '),
    );
  });
});

describe('diagnostics', () => {
  it('are pulled by a client that can, of documents and of the workspace, and not pushed', async () => {
    const { client } = await start({
      textDocument: { diagnostic: {} },
      workspace: { diagnostics: { refreshSupport: true } },
    });
    const path = 'asked.policy.yaml';
    await client.open(path, POLICIES[path].replace('enforce', 'enforc'));
    const textDocument = { uri: client.uriOf(path) };
    const report = await client.connection.sendRequest(DocumentDiagnosticRequest.type, { textDocument });
    expect(report).toMatchObject({ kind: 'full', items: [{ code: 'value-unknown' }] });
    const previousResultId = report.resultId ?? '';
    expect(
      await client.connection.sendRequest(DocumentDiagnosticRequest.type, { textDocument, previousResultId }),
    ).toEqual({ kind: 'unchanged', resultId: previousResultId });
    const { items } = await client.connection.sendRequest(WorkspaceDiagnosticRequest.type, {
      previousResultIds: [{ uri: textDocument.uri, value: previousResultId }],
    });
    expect(items.find(({ uri }) => uri === textDocument.uri)).toMatchObject({ kind: 'unchanged' });
    expect(items.map(({ uri }) => uri)).toContain(client.uriOf('exchange.builds.yaml'));
    expect(client.published.size).toBe(0);
  });

  it('have the version of the text that they belong to', async () => {
    const { client } = await start();
    const path = 'asked.policy.yaml';
    await client.open(path, POLICIES[path]);
    for (const mode of ['enforc', 'enforce', 'off', 'of', 'report']) {
      const version = await client.change(path, { text: POLICIES[path].replace('enforce', mode) });
      const isWrong = mode === 'enforc' || mode === 'of';
      await client.until(
        () => client.published.get(client.uriOf(path))?.version === version,
        () => `version ${client.published.get(client.uriOf(path))?.version} instead of ${version}`,
      );
      expect(codesOf(client, path).includes('value-unknown')).toBe(isWrong);
    }
  });
});

describe('a client', () => {
  it('may cancel what it asked', async () => {
    const { client } = await start();
    const path = 'asked.policy.yaml';
    await client.open(path, POLICIES[path]);
    const source = new CancellationTokenSource();
    const textDocument = { uri: client.uriOf(path) };
    const asked = client.connection.sendRequest('textDocument/documentSymbol', { textDocument }, source.token);
    source.cancel();
    // It may have been answered before; if not, the error says so.
    const [outcome] = await Promise.allSettled([asked]);
    if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: -32800 });
    expect(await client.connection.sendRequest('textDocument/documentSymbol', { textDocument })).not.toEqual([]);
  });

  it('gets nothing, and no error, of a file that is none of ours', async () => {
    const { client, ask } = await start();
    await client.open('other.yaml', 'a: 1\n');
    expect(await ask('other.yaml', 'textDocument/hover', { position: { line: 0, character: 0 } })).toBeNull();
    expect(client.published.has(client.uriOf('other.yaml'))).toBe(false);
  });

  it('may ask for the documentation of the completion that is chosen', async () => {
    const completionItem = { resolveSupport: { properties: ['documentation'] } };
    const { client, folder, ask } = await start({ textDocument: { completion: { completionItem } } });
    const path = 'exchange-2016.policy.yaml';
    const text = await readFile(join(folder, path), 'utf8');
    await client.open(path, text);
    const position = { line: text.slice(0, text.indexOf('mode: enforce')).split('\n').length - 1, character: 6 };
    const [first] = itemsOf(await ask(path, 'textDocument/completion', { position }));
    expect(first).toMatchObject({ label: 'enforce' });
    expect(first).not.toHaveProperty('documentation');
    const resolved = await client.connection.sendRequest('completionItem/resolve', first);
    expect(resolved).toMatchObject({ label: 'enforce', documentation: { value: expect.stringMatching(/./) } });
    expect(await client.connection.sendRequest('completionItem/resolve', { label: 'other' })).toStrictEqual({
      label: 'other',
    });
  });

  it('may start it as sluice lsp', async () => {
    const client = await LanguageClient.start({ folder: SAMPLE_POLICIES, command: [process.execPath, SLUICE, 'lsp'] });
    expect(client.initializeResult.serverInfo).toMatchObject({ name: 'Sluice' });
    expect(await client.stop()).toBe(0);
  });

  it('that goes leaves no process behind', async () => {
    const { client } = await start();
    expect(await client.stop()).toBe(0);
  });
});

async function start(capabilities: ClientCapabilities = {}) {
  const folder = await temporaryFolder();
  await cp(SAMPLE_POLICIES, folder, { recursive: true, filter: (path) => !path.includes('traffic') });
  const client = await LanguageClient.start({
    folder,
    capabilities,
    command: [process.execPath, LANGUAGE_SERVER, '--stdio'],
    initializationOptions: { now: '2026-09-08T12:00:00Z', commands: true },
  });
  onTestFinished(async () => {
    if (client.isRunning) await client.stop();
  });
  const ask = (path: string, method: string, params: object): Promise<unknown> =>
    client.connection.sendRequest(method, { textDocument: { uri: client.uriOf(path) }, ...params });
  return { client, folder, ask };
}

async function tellOfFile(client: LanguageClient, path: string, type: FileChangeType): Promise<void> {
  const changes = [{ uri: client.uriOf(path), type }];
  await client.connection.sendNotification(DidChangeWatchedFilesNotification.type, { changes });
}

function codesOf(client: LanguageClient, path: string): string[] {
  return (client.published.get(client.uriOf(path))?.diagnostics ?? []).map(({ code }) => String(code));
}

function itemsOf(answer: unknown): readonly CompletionItem[] {
  return Array.isArray(answer) ? answer : (answer as { items: CompletionItem[] }).items;
}

function editsOf(action: CodeAction | undefined, uri: string): readonly TextEdit[] {
  return action?.edit?.changes?.[uri] ?? [];
}

function placeIn(text: string, found: string, letters: number): Position {
  const offset = text.lastIndexOf(found);
  if (offset < 0) throw new Error(`${found} is not in the text`);
  return placeAt(text, offset + letters);
}

function placeAt(text: string, offset: number): Position {
  const lines = text.slice(0, offset).split('\n');
  return { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
}

/** A text with edits, from the last one on. */
function applied(text: string, edits: readonly TextEdit[]): string {
  const lines = text.split('\n');
  const offsetOf = ({ line, character }: Position) =>
    lines.slice(0, line).reduce((sum, each) => sum + each.length + 1, 0) + character;
  return [...edits]
    .sort((a, b) => offsetOf(b.range.start) - offsetOf(a.range.start))
    .reduce(
      (result, { range, newText }) =>
        result.slice(0, offsetOf(range.start)) + newText + result.slice(offsetOf(range.end)),
      text,
    );
}
