import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CompletionItem, type CompletionList, CompletionRequest } from 'vscode-languageserver-protocol/node';
import type { LanguageClient } from '../harness/language-client.js';
import { EDITED_FILE, EDITED_TEXT, writeEditorPolicies } from './editor-policies.js';
import { EDITOR_SERVERS, type EditorServer, startEditorServer } from './editor-servers.js';
import type { Progress } from './progress.js';
import type { BenchSettings } from './settings.js';
import { median, quantile } from './statistics.js';

/** What a language server took at one size of the workspace. */
export interface EditorFigures {
  readonly server: EditorServer;
  readonly policies: number;
  /** From a keystroke to the diagnostics that belong to it, p50 and p95. */
  readonly diagnosticsMillis: readonly [number, number];
  /** From a keystroke to the finding of the exact analysis that it causes or cures; only ours has one. */
  readonly exactMillis?: readonly [number, number];
  readonly completionMillis: readonly [number, number];
  /** Memory of the server process that is not shared with others. */
  readonly residentOctets: number;
}

/** A keystroke that makes a finding come, and the one that makes it go. */
interface Toggle {
  readonly line: number;
  readonly column: number;
  readonly right: string;
  readonly wrong: string;
  readonly isShown: (client: LanguageClient) => boolean;
}

interface Session {
  readonly server: EditorServer;
  readonly client: LanguageClient;
  readonly diagnostics: number[];
  readonly exact: number[];
  readonly completions: number[];
}

/** Keystrokes of each kind in a round, beside some before the first round. */
const KEYSTROKES = 8;

/** Measures our language server beside yaml-language-server with our JSON Schemas, on the same files. */
export async function benchmarkEditor(settings: BenchSettings, progress: Progress): Promise<readonly EditorFigures[]> {
  const figures: EditorFigures[] = [];
  for (const policies of settings.editorPolicies) {
    progress(`editor: ${policies} policies`);
    const folder = await mkdtemp(join(tmpdir(), 'sluice-bench-'));
    const sessions: Session[] = [];
    try {
      await writeEditorPolicies(folder, policies);
      for (const server of EDITOR_SERVERS) sessions.push(await openSession(server, folder));
      for (let round = 0; round <= settings.rounds; round++) {
        // Before the first round, code is optimised and nothing noted.
        for (const session of sessions) await measureRound(session, round > 0);
      }
      for (const session of sessions) figures.push(await figuresOf(session, policies));
    } finally {
      for (const { client } of sessions) await client.stop();
      await rm(folder, { recursive: true, force: true });
    }
  }
  return figures;
}

async function openSession(server: EditorServer, folder: string): Promise<Session> {
  const client = await startEditorServer(server, folder);
  await client.open(EDITED_FILE, EDITED_TEXT);
  const session = { server, client, diagnostics: [], exact: [], completions: [] };
  await toggle(session, MODE);
  return session;
}

async function measureRound(session: Session, isNoted: boolean): Promise<void> {
  const note = (values: number[], millis: readonly number[]) => isNoted && values.push(...millis);
  for (let count = 0; count < KEYSTROKES; count++) {
    note(session.diagnostics, await toggle(session, MODE));
    note(session.completions, [await complete(session, MODE_VALUE), await complete(session, FACT_VALUE)]);
    if (session.server === 'sluice') note(session.exact, await toggle(session, RANGE));
  }
}

/** Strikes a key that makes the text wrong, then one that makes it right again; each time until the server says so. */
async function toggle({ client }: Session, { line, column, right, wrong, isShown }: Toggle): Promise<number[]> {
  const millis: number[] = [];
  for (const [before, after, isWrong] of [
    [right, wrong, true],
    [wrong, right, false],
  ] as const) {
    const range = { start: { line, character: column }, end: { line, character: column + before.length } };
    const start = performance.now();
    await client.change(EDITED_FILE, { range, text: after });
    await client.until(
      () => isShown(client) === isWrong,
      () => `line ${line} shown as ${isWrong ? 'wrong' : 'right'}`,
    );
    millis.push(performance.now() - start);
  }
  return millis;
}

async function complete({ client }: Session, position: { line: number; character: number }): Promise<number> {
  const start = performance.now();
  const answer = await client.connection.sendRequest(CompletionRequest.type, {
    textDocument: { uri: client.uriOf(EDITED_FILE) },
    position,
  });
  const millis = performance.now() - start;
  if (itemsOf(answer).length === 0) throw new Error(`no completion at line ${position.line + 1}`);
  return millis;
}

function itemsOf(answer: CompletionItem[] | CompletionList | null): readonly CompletionItem[] {
  return Array.isArray(answer) ? answer : (answer?.items ?? []);
}

async function figuresOf(session: Session, policies: number): Promise<EditorFigures> {
  const { server, client, diagnostics, exact, completions } = session;
  return {
    server,
    policies,
    diagnosticsMillis: [median(diagnostics), quantile(diagnostics, 0.95)],
    ...(exact.length === 0 ? {} : { exactMillis: [median(exact), quantile(exact, 0.95)] as const }),
    completionMillis: [median(completions), quantile(completions, 0.95)],
    residentOctets: await residentOctetsOf(client.pid),
  };
}

/** proc(5): VmRSS in units of 1024 octets. */
async function residentOctetsOf(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? Number.NaN) * 1024;
}

const LINES = EDITED_TEXT.split('\n');

function lineWith(text: string): number {
  return LINES.findIndex((line) => line.includes(text));
}

function behind(text: string): { line: number; character: number } {
  const line = lineWith(text);
  return { line, character: (LINES[line] ?? '').indexOf(text) + text.length };
}

function findingsAt(client: LanguageClient, line: number) {
  const diagnostics = client.published.get(client.uriOf(EDITED_FILE))?.diagnostics ?? [];
  return diagnostics.filter(({ range }) => range.start.line === line);
}

const MODE_VALUE = behind('mode: ');
const FACT_VALUE = behind('- { fact: ');
const MODE: Toggle = {
  line: MODE_VALUE.line,
  column: behind('mode: enforc').character,
  right: 'e',
  wrong: 'x',
  isShown: (client) => findingsAt(client, MODE_VALUE.line).length > 0,
};
/** With `<15.1` before it, `>=15.1` leaves no version. */
const RANGE: Toggle = {
  line: lineWith('>=15.0'),
  column: behind('>=15.').character,
  right: '0',
  wrong: '1',
  isShown: (client) =>
    (client.published.get(client.uriOf(EDITED_FILE))?.diagnostics ?? []).some(
      ({ code }) => code === 'policy-unmatchable',
    ),
};
