import type { CompletionItem, TextEdit } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { inSet, withCaret } from '../workspace/document.fixture.js';
import { completion } from './completion.js';
import { NAMES } from './names.fixture.js';

/** What is proposed at the caret `¦` in a file of a set that declares names. */
export function propose(marked: string, path = 'x.policy.yaml', hasSnippets = false) {
  const { text, position } = withCaret(marked);
  const items = completion(inSet({ ...NAMES, [path]: text }, path), position, hasSnippets);
  const itemOf = (label: string) => {
    const item = items.find((each) => each.label === label);
    if (item === undefined) throw new Error(`${label} is not among ${items.map((each) => each.label).join(', ')}`);
    return item;
  };
  return {
    items,
    itemOf,
    labels: items.map(({ label }) => label),
    /** The text once an item is taken. */
    taken: (label: string) => taken(text, itemOf(label)),
  };
}

/** The text after an item is taken, by an editor that indents further lines as the first one is. */
export function taken(text: string, { textEdit, additionalTextEdits = [] }: CompletionItem): string {
  const document = TextDocument.create('file:///x', 'yaml', 1, text);
  const { range, newText } = textEdit as TextEdit;
  const line = document.getText({ start: { line: range.start.line, character: 0 }, end: range.start });
  const indentation = /^[ \t]*/.exec(line)?.[0] ?? '';
  const edit = { range, newText: newText.replaceAll('\n', `\n${indentation}`) };
  return TextDocument.applyEdits(document, [edit, ...additionalTextEdits]);
}

/** What an editor compares with an item's filter text. */
export function typedOf(marked: string, { textEdit }: CompletionItem): string {
  const { text, position } = withCaret(marked);
  const { start } = (textEdit as TextEdit).range;
  return TextDocument.create('file:///x', 'yaml', 1, text).getText({ start, end: position });
}
