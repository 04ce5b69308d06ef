import { readFileSync } from 'node:fs';
import { checkPolicySet } from '@sluice/engine/decision/check-policies.js';
import { describe, expect, it } from 'vitest';
import { CodeActionKind, Range } from 'vscode-languageserver';
import { toDiagnostic } from '../diagnostics/to-diagnostic.js';
import { convertFormat } from '../refactorings/convert-format.js';
import { inSet } from '../workspace/document.fixture.js';
import { codeActions } from './code-actions.js';
import { formatDocument, formatOnType } from './formatting.js';

const OPTIONS = { tabSize: 2, insertSpaces: true };
const CLIENT = { canChangeFiles: true, resolvesEdits: true };
const ONLY = [CodeActionKind.QuickFix, CodeActionKind.Refactor, 'source.fixAll'];

/** A policy with everything, other files that it hangs on, and the same as JSON. */
const SET = Object.fromEntries(
  ['exchange-2016.policy.yaml', 'exchange.connectors.yaml', 'exchange.conditions.yaml', 'exchange.exemptions.yaml'].map(
    (name) => [name, readFileSync(new URL(`../../../policies/${name}`, import.meta.url), 'utf8')],
  ),
);

const FILES = Object.keys(SET).flatMap((file) => {
  const context = inSet(SET, file);
  const json = convertFormat.propose(context, Range.create(0, 0, 0, 0))?.changes.created?.[0];
  return [{ file, text: SET[file] ?? '' }, ...(json === undefined ? [] : [{ file: json.path, text: json.text }])];
});

/** Everything that can be done at the end of a text, and to the whole of it. */
function act(file: string, text: string): number {
  const others = Object.fromEntries(Object.entries(SET).filter(([path]) => path.split('.')[1] !== file.split('.')[1]));
  const context = inSet({ ...others, [file]: text }, file);
  const { document, folder, snapshot } = context;
  const { findings } = checkPolicySet(snapshot.files, snapshot.now);
  const diagnostics = findings
    .filter((each) => each.file === file)
    .map((each) => toDiagnostic(each, undefined, (path) => folder.uriOf(path)));
  const end = document.text.positionAt(text.length);
  const params = { textDocument: { uri: document.uri }, range: Range.create(end, end) };
  const actions = codeActions(context, { ...params, context: { diagnostics, only: ONLY } }, findings, CLIENT);
  formatDocument(context, OPTIONS);
  formatOnType(context, end, '\n', OPTIONS);
  return actions.length;
}

describe('actions and formatting', () => {
  it.each(FILES)('answer wherever $file ends', ({ file, text }) => {
    const step = Math.max(1, Math.floor(text.length / 60));
    for (let end = 0; end <= text.length; end += step) expect(() => act(file, text.slice(0, end))).not.toThrow();
  });

  it.each(FILES)('answer whatever is cut out of $file', ({ file, text }) => {
    const step = Math.max(1, Math.floor(text.length / 30));
    for (let start = 0; start < text.length; start += step) {
      expect(() => act(file, text.slice(0, start) + text.slice(start + 9))).not.toThrow();
    }
  });

  it.each(FILES)('help where words of $file are misspelt', ({ file, text }) => {
    const words = [...text.matchAll(/[A-Za-z]{4,}/g)].filter((_match, index) => index % 5 === 0);
    let offered = 0;
    for (const { index } of words) offered += act(file, text.slice(0, index + 2) + text.slice(index + 3));
    expect(offered).toBeGreaterThan(0);
  });
});
