import { fileURLToPath } from 'node:url';
import { readPolicyFolder } from '@sluice/engine/policy/read-policy-folder.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Position, Range } from 'vscode-languageserver';
import { parse } from 'yaml';
import { inSet } from '../workspace/document.fixture.js';
import type { DocumentInSet } from '../workspace/workspace.js';
import { codeLenses } from './code-lens.js';
import { documentLinks } from './document-links.js';
import { hover } from './hover.js';
import { inlayHints } from './inlay-hints.js';
import { MAILER } from './mailer.fixture.js';
import { decodeTokens } from './semantic-tokens.fixture.js';
import { semanticTokens } from './semantic-tokens.js';

const SAMPLES = await sampleTexts();
const WHOLE: Range = { start: { line: 0, character: 0 }, end: { line: 100_000, character: 0 } };

async function sampleTexts(): Promise<Readonly<Record<string, string>>> {
  const files = await readPolicyFolder(fileURLToPath(new URL('../../../policies', import.meta.url)));
  const texts = files.map(({ path, content }) => [path, new TextDecoder().decode(content as Uint8Array)] as const);
  return Object.fromEntries(texts);
}

function isBefore(a: Position, b: Position): boolean {
  return a.line < b.line || (a.line === b.line && a.character <= b.character);
}

/** Whether a range is a part of the text, such as an editor can show. */
function isWithin({ document: { text } }: DocumentInSet, { start, end }: Range): boolean {
  const exists = (position: Position) => {
    const { line, character } = text.positionAt(text.offsetAt(position));
    return line === position.line && character === position.character;
  };
  return exists(start) && exists(end) && isBefore(start, end);
}

/** Hovers over a place; what is explained holds it. */
function checkHover(context: DocumentInSet, offset: number): void {
  const position = context.document.text.positionAt(offset);
  const range = hover(context, position)?.range;
  if (range === undefined) return;
  expect(isWithin(context, range) && isBefore(range.start, position) && isBefore(position, range.end)).toBe(true);
}

/** Asks for all that belongs to a whole document; each of it lies in the text. */
function checkWhole(context: DocumentInSet): void {
  const tokens = decodeTokens(semanticTokens(context)).map(({ range }) => range);
  for (const [index, range] of tokens.entries()) {
    expect(isWithin(context, range) && range.start.line === range.end.line).toBe(true);
    expect(range.start.character).toBeLessThan(range.end.character);
    const before = tokens[index - 1];
    expect(before === undefined || isBefore(before.end, range.start)).toBe(true);
  }
  const places = [
    ...inlayHints(context, WHOLE).map(({ position }) => ({ start: position, end: position })),
    ...codeLenses(context, true).map(({ range }) => range),
    ...documentLinks(context).map(({ range }) => range),
  ];
  for (const range of places) expect(isWithin(context, range)).toBe(true);
}

const smallFiles = Object.keys(SAMPLES).filter((path) => !path.includes('builds'));

describe('whatever stands in a file', () => {
  it.each(smallFiles)('hovering over any place of %s explains what stands there, or nothing', (path) => {
    const context = inSet(SAMPLES, path);
    checkWhole(context);
    for (let offset = 0; offset <= context.document.text.getText().length; offset++) checkHover(context, offset);
  });

  it.each(Object.keys(MAILER))('all is explained of %s in JSON and with CRLF as well', (path) => {
    const text = MAILER[path] ?? '';
    const json = path.replace('.yaml', '.json');
    const texts: readonly (readonly [string, string])[] = [
      [path, text.replaceAll('\n', '\r\n')],
      [json, JSON.stringify(parse(text), null, 2)],
      [json, JSON.stringify(parse(text))],
    ];
    for (const [name, written] of texts) {
      const { [path]: _, ...others } = MAILER;
      const context = inSet({ ...others, [name]: written }, name);
      checkWhole(context);
      for (let offset = 0; offset <= written.length; offset++) checkHover(context, offset);
    }
  });

  const paths = fc.constantFrom(...Object.keys(MAILER));
  const edits = fc.array(
    fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      removed: fc.nat({ max: 12 }),
      added: fc.oneof(
        fc.constantFrom(
          '\n',
          '\r',
          '\r\n',
          '"',
          "'",
          '{',
          '}',
          '[',
          ']',
          ':',
          ': ',
          '- ',
          '&a ',
          '*a',
          '|',
          '>-\n',
          '\t',
          '😀',
          '',
        ),
        fc.constantFrom(
          'stages:',
          'value: ',
          '{throttle.minutes}',
          '"Mailer 2 SP1"',
          '<=',
          '1.0.5.1',
          '9999999d',
          '4',
          '{',
        ),
        fc.string({ maxLength: 5, unit: 'binary' }),
      ),
    }),
    { maxLength: 6 },
  );

  it('nothing breaks on text that is half typed or damaged', () => {
    fc.assert(
      fc.property(
        paths,
        fc.boolean(),
        fc.double({ min: 0, max: 1, noNaN: true }),
        edits,
        (path, isJson, cut, damages) => {
          const name = isJson ? path.replace('.yaml', '.json') : path;
          let text = isJson ? JSON.stringify(parse(MAILER[path] ?? ''), null, 1) : (MAILER[path] ?? '');
          text = text.slice(0, Math.ceil(text.length * (0.3 + cut)));
          for (const { at, removed, added } of damages) {
            const offset = Math.floor(at * text.length);
            text = text.slice(0, offset) + added + text.slice(offset + removed);
          }
          const context = inSet({ ...MAILER, [name]: text }, name);
          checkWhole(context);
          for (let offset = 0; offset <= text.length; offset += 3) checkHover(context, offset);
        },
      ),
      { numRuns: 300 },
    );
  });
});
