import { cp, readdir, readFile } from 'node:fs/promises';
import { checkPolicySet, type Finding, type PolicyFile, parseInstant, readPolicyFolder } from '@sluice/engine';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Position } from 'vscode-languageserver-protocol/node';
import { LanguageClient } from '../harness/language-client.js';
import { LANGUAGE_SERVER, SAMPLE_POLICIES } from '../harness/repository.js';
import { temporaryFolder } from '../harness/temporary-folder.js';

const NOW = '2026-09-08T12:00:00Z';
/** Number of random edits; more by the environment, for a long run. */
const EDITS = Number(process.env['SLUICE_EDITS'] ?? 400);

describe('typing', () => {
  it('a policy set character by character ends with what sluice check finds', { timeout: 180_000 }, async () => {
    const session = await Session.start();
    for (const path of ['typed.policy.yaml', 'typed.policy.json', 'typed.connectors.yaml']) {
      await session.client.open(path, '');
      session.texts.set(path, '');
      const text = TYPED[path] ?? '';
      for (let offset = 0; offset < text.length; offset++) {
        const inserted = text.charAt(offset);
        await session.edit(path, offset, 0, inserted);
        if (offset % 7 === 0) await session.ask(path, offset + 1);
      }
      await session.settled();
    }
    await session.end();
  });

  it('random edits end with what sluice check finds', { timeout: 180_000 }, async () => {
    const session = await Session.start();
    const paths = (await readdir(session.folder)).filter((name) =>
      /\.(policy|connectors|conditions|exemptions|invariants)\./.test(name),
    );
    for (const path of paths) await session.open(path);
    const edit = fc.record({
      path: fc.constantFrom(...paths),
      at: fc.nat(),
      removed: fc.oneof(
        { weight: 5, arbitrary: fc.constant(0) },
        { weight: 5, arbitrary: fc.nat(3) },
        { weight: 1, arbitrary: fc.nat(200) },
      ),
      inserted: fc.oneof(fc.constantFrom(...PIECES), fc.string({ maxLength: 3, unit: 'binary' })),
      isAsking: fc.boolean(),
    });
    // The seed is told, so that a run that fails can be repeated.
    const seed = Number(process.env['SLUICE_SEED'] ?? Date.now() % 1_000_000);
    let count = 0;
    for (const { path, at, removed, inserted, isAsking } of fc.sample(edit, { seed, numRuns: EDITS })) {
      const text = session.textOf(path);
      const offset = at % (text.length + 1);
      await session.edit(path, offset, Math.min(removed, text.length - offset), inserted);
      if (isAsking) await session.ask(path, offset);
      if (++count % 50 === 0) await session.settled(`seed ${seed}, after ${count} edits`);
      // Every file is whole again from time to time, so that not all edits are made in rubble.
      if (count % 40 === 0) await session.restore(path);
    }
    await session.settled(`seed ${seed}`);
    await session.end();
  });
});

/** A server, what it was told, and what a check of the same texts finds. */
class Session {
  readonly texts = new Map<string, string>();

  static async start(): Promise<Session> {
    const folder = await temporaryFolder();
    await cp(SAMPLE_POLICIES, folder, { recursive: true, filter: (path) => !path.includes('traffic') });
    const client = await LanguageClient.start({
      folder,
      command: [process.execPath, LANGUAGE_SERVER, '--stdio'],
      initializationOptions: { now: NOW },
    });
    onTestFinished(() => (client.isRunning ? client.stop().then(() => {}) : undefined));
    return new Session(folder, client, await readPolicyFolder(folder));
  }

  private constructor(
    readonly folder: string,
    readonly client: LanguageClient,
    readonly files: readonly PolicyFile[],
  ) {}

  async open(path: string): Promise<void> {
    const text = await readFile(`${this.folder}/${path}`, 'utf8');
    this.texts.set(path, text);
    await this.client.open(path, text);
  }

  textOf(path: string): string {
    return this.texts.get(path) ?? '';
  }

  /** One edit, as an editor tells it: a range and what replaces it. */
  async edit(path: string, offset: number, removed: number, inserted: string): Promise<void> {
    const text = this.textOf(path);
    // A pair of surrogates is one letter in an editor, CRLF one line break.
    const start = isWithinPair(text, offset) ? offset - 1 : offset;
    const end = isWithinPair(text, offset + removed) ? offset + removed + 1 : offset + removed;
    const range = { start: positionIn(text, start), end: positionIn(text, end) };
    const whole = /\p{Surrogate}/u.test(inserted) ? '\u{1F4E7}' : inserted;
    this.texts.set(path, text.slice(0, start) + whole + text.slice(end));
    await this.client.change(path, { range, text: whole });
  }

  async restore(path: string): Promise<void> {
    const text = await readFile(`${this.folder}/${path}`, 'utf8');
    this.texts.set(path, text);
    await this.client.change(path, { text });
  }

  /** Asks for everything at one place; whatever the text, an answer comes. */
  async ask(path: string, offset: number): Promise<void> {
    const textDocument = { uri: this.client.uriOf(path) };
    const position = positionIn(this.textOf(path), Math.min(offset, this.textOf(path).length));
    const range = { start: position, end: position };
    const options = { tabSize: 2, insertSpaces: true };
    const requests: readonly (readonly [string, object])[] = [
      ['textDocument/completion', { position }],
      ['textDocument/hover', { position }],
      ['textDocument/signatureHelp', { position }],
      ['textDocument/definition', { position }],
      ['textDocument/references', { position, context: { includeDeclaration: true } }],
      ['textDocument/documentHighlight', { position }],
      ['textDocument/documentSymbol', {}],
      ['textDocument/documentLink', {}],
      ['textDocument/foldingRange', {}],
      ['textDocument/selectionRange', { positions: [position] }],
      ['textDocument/semanticTokens/full', {}],
      ['textDocument/inlayHint', { range: { start: { line: 0, character: 0 }, end: position } }],
      ['textDocument/codeLens', {}],
      [
        'textDocument/codeAction',
        { range, context: { diagnostics: [...(this.client.published.get(textDocument.uri)?.diagnostics ?? [])] } },
      ],
      ['textDocument/formatting', { options }],
      ['textDocument/onTypeFormatting', { position, ch: '\n', options }],
    ];
    const answers = requests.map(([method, params]) =>
      this.client.connection.sendRequest(method, { textDocument, ...params }),
    );
    for (const [index, answer] of (await Promise.allSettled(answers)).entries()) {
      const [method] = requests[index] ?? [];
      expect(answer, `${method} at ${JSON.stringify(position)} of ${JSON.stringify(this.textOf(path))}`).toMatchObject({
        status: 'fulfilled',
      });
    }
  }

  /** Waits until what was published of all files is what `sluice check` finds in the same texts. */
  async settled(what = ''): Promise<void> {
    const expected = describeFindings(this.#check());
    const published = () => this.#published();
    const describeBoth = () =>
      `${what}\nexpected ${expected.join('\n')}\npublished ${published().join('\n')}\n${JSON.stringify([...this.texts])}`;
    await this.client.until(() => published().join('\n') === expected.join('\n'), describeBoth, 60_000);
  }

  async end(): Promise<void> {
    expect(this.client.faults).toEqual([]);
    expect(await this.client.stop()).toBe(0);
  }

  #check(): readonly Finding[] {
    const encoder = new TextEncoder();
    const open = [...this.texts].map(([path, text]) => ({ path, content: encoder.encode(text) }));
    const files = [...this.files.filter(({ path }) => !this.texts.has(path)), ...open];
    const now = parseInstant(NOW);
    if (now === undefined) throw new Error(`${NOW} is no instant`);
    return checkPolicySet(
      files.sort((a, b) => (a.path < b.path ? -1 : 1)),
      now,
    ).findings;
  }

  #published(): string[] {
    const { uri } = { uri: this.client.uriOf('') };
    return [...this.client.published]
      .flatMap(([file, { diagnostics }]) =>
        diagnostics.map(({ range: { start, end }, code, message }) => {
          const place = [start.line + 1, start.character + 1, end.line + 1, end.character + 1].join(':');
          return `${file.slice(uri.length)}:${place} ${code} ${message}`;
        }),
      )
      .sort();
  }
}

function describeFindings(findings: readonly Finding[]): string[] {
  return findings
    .map(({ file, range: { start, end }, code, message, hint }) => {
      const place = [start.line, start.column, end.line, end.column].join(':');
      return `${file}:${place} ${code} ${hint === undefined ? message : `${message}\n${hint}`}`;
    })
    .sort();
}

function isWithinPair(text: string, offset: number): boolean {
  return /^(?:[\uD800-\uDBFF][\uDC00-\uDFFF]|\r\n)$/.test(text.slice(offset - 1, offset + 1));
}

function positionIn(text: string, offset: number): Position {
  const lines = text.slice(0, offset).split(/\r\n|\n|\r/);
  return { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
}

const PIECES = [
  '\n',
  '\r\n',
  '  ',
  '- ',
  ': ',
  ':',
  '{',
  '}',
  '[',
  ']',
  '"',
  "'",
  '#',
  '&a ',
  '*a',
  '|',
  '>',
  '!!str ',
  '\t',
  ',',
  '~',
  'all:',
  'any: []',
  'fact: server.version',
  'operator: versionIn',
  'value: <15.1',
  'not:',
  'condition: known-outdated',
  'throttle: 5m/h',
  'after: 30d',
  'block: always',
  'name: x',
  'mode: off',
  'priority: 1',
  '{gateway}',
  '450 4.7.230 ',
  '{ fact: helo, operator: matches, value: "(" }',
  '\u{1F4E7}',
  'é',
  '__proto__: 1',
];

const TYPED: Readonly<Record<string, string>> = {
  'typed.policy.yaml': `# Typed by hand.
name: typed
mode: enforce
priority: 7
when:
  any:
    - { fact: connector.name, operator: equal, value: on-premises }
    - not: { fact: server.version, operator: versionIn, value: "<15.1 || >= 15.2.1" }
stages:
  - name: report
    after: 0d
  - { name: slow, after: 30d, throttle: 5m/h }
  - { name: blocked, after: 90d, block: always }
replies:
  throttle: "450 4.7.230 Slow, {gateway} é"
`,
  'typed.policy.json': `{
  "name": "typed-json", "mode": "report", "priority": 8,
  "when": { "all": [ { "fact": "server.tags", "operator": "contains", "value": "hybrid" } ] },
  "stages": [ { "name": "report", "after": "0d" } ]
}
`,
  'typed.connectors.yaml': `connectors:
  - name: typed-partner
    type: Partner
    match: { networks: [203.0.113.0/24] }
`,
};
