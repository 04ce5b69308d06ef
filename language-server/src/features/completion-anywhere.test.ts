import { readFileSync } from 'node:fs';
import { readPolicySet } from '@sluice/engine/policy/read-policy-set.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CompletionItem,
  CompletionItemKind,
  type Position,
  type Range,
  type TextEdit,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { parse } from 'yaml';
import { inSet, NOW } from '../workspace/document.fixture.js';
import type { DocumentInSet } from '../workspace/workspace.js';
import { taken, typedOf } from './completion.fixture.js';
import { completion } from './completion.js';
import { signatureHelp } from './signature-help.js';

const SAMPLES = [
  'exchange-2016.policy.yaml',
  'exchange.connectors.yaml',
  'exchange.conditions.yaml',
  'exchange.exemptions.yaml',
  'exchange.invariants.yaml',
  'exchange.test.yaml',
].map((name) => [name, readFileSync(new URL(`../../../policies/${name}`, import.meta.url), 'utf8')] as const);

/** The samples as they are, with CRLF, and as JSON in one line and in many. */
const FILES = SAMPLES.flatMap(([name, text]) => {
  const json = name.replace('.yaml', '.json');
  return [
    { name, text },
    { name, text: text.replaceAll('\n', '\r\n') },
    { name: json, text: JSON.stringify(parse(text), null, 2) },
    { name: json, text: JSON.stringify(parse(text)) },
  ];
});

/** Folders are made once for each file; its text changes as an editor changes it. */
class Editor {
  readonly #context: DocumentInSet;
  #version = 1;

  constructor(readonly name: string) {
    this.#context = inSet({ ...Object.fromEntries(SAMPLES), [name]: '' }, name);
  }

  open(text: string): DocumentInSet {
    const { folder, document } = this.#context;
    folder.open(`${folder.root}/${this.name}`, TextDocument.create(document.uri, 'yaml', ++this.#version, text));
    const { snapshot } = folder;
    const opened = snapshot.documentAt(this.name);
    if (opened === undefined) throw new Error(`${this.name} is no longer there`);
    return { folder, snapshot, document: opened };
  }
}

/** Asks for what can stand at a place of a text; each item replaces a part of the line that holds the place. */
function proposeAt(context: DocumentInSet, offset: number): CompletionItem[] {
  const { text } = context.document;
  const position = text.positionAt(offset);
  signatureHelp(context, position);
  const items = completion(context, position, false);
  for (const { textEdit, label, documentation, additionalTextEdits = [] } of items) {
    const { range } = textEdit as TextEdit;
    expect(label).not.toBe('');
    expect(documentation).toMatchObject({ value: expect.stringMatching(/./) });
    expect(range.start.line === position.line && range.end.line === position.line).toBe(true);
    expect(range.start.character <= position.character && position.character <= range.end.character).toBe(true);
    expect(text.positionAt(text.offsetAt(range.end))).toEqual(range.end);
    for (const further of additionalTextEdits) expect(isBefore(further.range.end, range.start)).toBe(true);
  }
  return items;
}

function isBefore(a: Position, b: Position): boolean {
  return a.line < b.line || (a.line === b.line && a.character <= b.character);
}

describe('at any place', () => {
  it.each(FILES)('of $name, whole or cut off, something or nothing is proposed', ({ name, text }) => {
    const editor = new Editor(name);
    const whole = editor.open(text);
    const step = Math.max(1, Math.floor(text.length / 60));
    for (let offset = 0; offset <= text.length; offset += step) {
      proposeAt(whole, offset);
      proposeAt(editor.open(text.slice(0, offset)), offset);
    }
  });
});

const PIECES = [
  '\n',
  '\r',
  '\r\n',
  '"',
  "'",
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  ': ',
  '- ',
  '&a ',
  '*a',
  '|',
  '>-\n',
  '\t',
  '#',
  '😀',
];

describe('in text that is damaged', () => {
  const damage = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    removed: fc.nat({ max: 12 }),
    added: fc.oneof(fc.constantFrom(...PIECES), fc.string({ maxLength: 5, unit: 'binary' })),
  });

  it('something or nothing is proposed', () => {
    const editors = new Map(FILES.map(({ name }) => [name, new Editor(name)]));
    fc.assert(
      fc.property(fc.constantFrom(...FILES), fc.array(damage, { maxLength: 6 }), ({ name, text }, damages) => {
        let damaged = text;
        for (const { at, removed, added } of damages) {
          const offset = Math.floor(at * damaged.length);
          damaged = damaged.slice(0, offset) + added + damaged.slice(offset + removed);
        }
        const context = editors.get(name)?.open(damaged);
        for (const { at } of damages) if (context !== undefined) proposeAt(context, Math.floor(at * damaged.length));
      }),
      { numRuns: 100 },
    );
  });
});

const WORDS: ReadonlySet<CompletionItemKind | undefined> = new Set([
  CompletionItemKind.Variable,
  CompletionItemKind.Operator,
  CompletionItemKind.EnumMember,
  CompletionItemKind.Property,
]);
const COMPLAINTS: ReadonlySet<string> = new Set([
  'fact-unknown',
  'operator-unknown',
  'operator-misfit',
  'value-unknown',
  'key-unknown',
  'yaml-syntax',
]);

/** What is found wrong at the place of a word that was taken. */
function complaintsAt(name: string, text: string, { start }: Range, word: string): string[] {
  const { findings } = readPolicySet([{ path: name, content: new TextEncoder().encode(text) }], NOW);
  return findings
    .filter(({ code, range }) => COMPLAINTS.has(code) && range.start.line === start.line + 1)
    .filter(
      ({ range }) => range.start.column - 1 < start.character + word.length && range.end.column - 1 > start.character,
    )
    .map(({ code, message }) => `${code} ${message}`);
}

/** A place in each word: where it begins, stands half, or ends, in turn. */
function placesInWords(text: string): number[] {
  return [...text.matchAll(/[A-Za-z][\w.-]+/g)].map(
    ({ index, 0: word }, count) => index + Math.ceil((word.length * (count % 3)) / 2),
  );
}

describe('a word that is proposed', () => {
  it.each(FILES)('is known where it stands: $name', ({ name, text }) => {
    const editor = new Editor(name);
    const context = editor.open(text);
    let count = 0;
    for (const offset of placesInWords(text)) {
      const items = proposeAt(context, offset).filter(({ kind }) => WORDS.has(kind));
      // One of many will do at each place, another at the next one.
      const item = items[offset % Math.max(1, items.length)];
      if (item === undefined) continue;
      const { range, newText } = item.textEdit as TextEdit;
      const complaints = complaintsAt(name, taken(text, item), range, newText);
      expect({ item: item.label, before: text.slice(Math.max(0, offset - 60), offset), complaints }).toMatchObject({
        complaints: [],
      });
      count++;
    }
    expect(count).toBeGreaterThan(5);
  });

  it('is found by what stands there already', () => {
    for (const [name, text] of SAMPLES) {
      const context = new Editor(name).open(text);
      for (const { index, 0: word } of text.matchAll(/(?<=: )[a-z][\w.-]+/g)) {
        const marked = `${text.slice(0, index + 2)}¦${text.slice(index + 2)}`;
        const item = proposeAt(context, index + 2).find(({ label }) => label === word);
        if (item !== undefined) expect(item.filterText?.startsWith(typedOf(marked, item))).toBe(true);
      }
    }
  });
});
