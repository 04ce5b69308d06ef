import { type CompletionItem, InsertTextFormat, InsertTextMode, MarkupKind } from 'vscode-languageserver';
import { lineStartOf } from '../edits/lines.js';
import { type TextChange, toTextEdit } from '../edits/text-change.js';
import type { PolicyDocument } from '../workspace/policy-document.js';
import { changeInQuotes, changeOfPart } from './change-in-text.js';
import { type Filling, PLAIN_FILLING, SnippetFilling } from './filling.js';
import type { Proposal, Put } from './proposal.js';
import type { Spot } from './spot.js';
import { Hole, hasHoles, isFlat, type Template, type TemplateMap } from './template.js';
import {
  entryLines,
  indented,
  inline,
  inlineEntries,
  itemLines,
  keyText,
  type Notation,
  separated,
  valueLines,
} from './write-template.js';

/** Makes items of proposals. What would replace more than one line, which LSP does not allow, is left out. */
export function toItems(
  proposals: readonly Proposal[],
  spot: Spot,
  document: PolicyDocument,
  hasSnippets: boolean,
): CompletionItem[] {
  const width = String(proposals.length).length;
  return proposals.flatMap((proposal, index) => {
    const { label, kind, detail, documentation, isPreferred } = proposal;
    const isSnippet = hasSnippets && hasPlaces(proposal.put);
    const change = changeOf(proposal.put, spot, isSnippet ? new SnippetFilling() : PLAIN_FILLING);
    const textEdit = toTextEdit(document, change);
    if (textEdit.range.start.line !== textEdit.range.end.line) return [];
    const more = furtherChanges(proposal.put, spot).map((each) => toTextEdit(document, each));
    return {
      label,
      kind,
      sortText: `${isPreferred ? 0 : 1}${String(index).padStart(width, '0')}`,
      filterText: filterOf(proposal, spot, change),
      documentation: { kind: MarkupKind.Markdown, value: documentation },
      textEdit,
      insertTextFormat: isSnippet ? InsertTextFormat.Snippet : InsertTextFormat.PlainText,
      insertTextMode: InsertTextMode.adjustIndentation,
      ...(more.length === 0 ? {} : { additionalTextEdits: more }),
      ...(detail === undefined ? {} : { detail }),
    };
  });
}

function hasPlaces(put: Put): boolean {
  if (put.what === 'part') return false;
  return put.what === 'entries' ? hasHoles(put.entries) : [put.value, ...(put.more ?? [])].some(hasHoles);
}

function changeOf(put: Put, spot: Spot, filling: Filling): TextChange {
  const { caret, isJson, needsComma } = spot;
  const { start, end, quote } = caret;
  const notation: Notation = { isJson, filling, ...(caret.isKey ? { keyQuote: quote } : {}) };
  const comma = needsComma ? ',' : '';
  if (put.what === 'part') return changeOfPart(put, spot, filling);
  if (put.what === 'entries' && caret.isKey) {
    const [key = ''] = Object.keys(put.entries);
    if (spot.hasColon) return { start, end, text: keyText(key, notation) };
    return { start, end, text: entriesText(put.entries, spot, notation) + comma };
  }
  const [value, more] = put.what === 'entries' ? [put.entries, []] : [put.value, put.more ?? []];
  const isText = typeof value === 'string' || (value instanceof Hole && value.shape === 'text');
  if (quote !== undefined && isText && more.length === 0) return changeInQuotes(value, spot, filling);
  return { start, end, text: valueText(value, more, spot, notation) + comma };
}

function entriesText(entries: TemplateMap, spot: Spot, notation: Notation): string {
  const { isJson, stands } = spot;
  if (stands === 'in brackets' && !isJson) return inlineEntries(entries, notation);
  return joined(entryLines(entries, notation), spot);
}

function valueText(value: Template, more: readonly Template[], spot: Spot, notation: Notation): string {
  const values = [value, ...more];
  if (spot.isJson) return joined(separated(values.map((each) => valueLines(each, notation))), spot);
  switch (spot.stands) {
    case 'in brackets':
      return values.map((each) => inline(each, notation)).join(', ');
    case 'on its own':
      return joined(valueLines(value, notation), spot);
    case 'behind a dash':
      return joined(
        values.flatMap((each) => itemLines(each, notation)),
        { ...spot, indentation: Math.max(0, spot.indentation - 2) },
      ).slice(2);
    case 'behind a colon':
      if (isFlat(value)) return inline(value, notation);
      return joined(['', ...valueLines(value, notation)], spot);
  }
}

/** Editors indent the lines below as the line itself is; what they need beyond that is put in here. */
function joined(lines: readonly string[], { indentation, lineBreak }: Pick<Spot, 'indentation' | 'lineBreak'>): string {
  const [first = '', ...others] = lines;
  return [first, ...indented(others, indentation)].join(lineBreak);
}

/** A comma that was forgotten, and blanks behind a colon that would end the line. */
function furtherChanges(put: Put, { caret, text, stands, missingComma }: Spot): TextChange[] {
  if (missingComma !== undefined) return [{ start: missingComma, end: missingComma, text: ',' }];
  const isBelow =
    stands === 'behind a colon' &&
    !caret.isKey &&
    put.what !== 'part' &&
    (put.what === 'entries' || !isFlat(put.value));
  if (!isBelow) return [];
  const line = text.slice(lineStartOf(text, caret.start), caret.start);
  const blanks = line.length - line.trimEnd().length;
  return blanks === 0 ? [] : [{ start: caret.start - blanks, end: caret.start, text: '' }];
}

/** Editors compare it with the text from the start of the change to the caret. */
function filterOf({ label, filter = label, put }: Proposal, { caret }: Spot, { start }: TextChange): string {
  const { quote = '', before } = caret;
  if (start !== caret.start) return filter;
  return put.what === 'part' ? before.slice(0, before.length - put.typed) + filter : quote + filter;
}
