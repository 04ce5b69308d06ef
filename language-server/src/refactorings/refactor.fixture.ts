import { Range } from 'vscode-languageserver';
import { inSet, withCaret } from '../workspace/document.fixture.js';
import type { DocumentInSet } from '../workspace/workspace.js';
import { filesAfter } from './file-changes.js';
import type { Refactoring } from './refactoring.js';

export type Texts = Readonly<Record<string, string>>;

/** A refactoring as it is offered at a caret, and the files after it. */
export interface Refactored {
  readonly context: DocumentInSet;
  readonly title: string;
  readonly changes: Parameters<typeof filesAfter>[1];
  readonly texts: Texts;
}

/** Proposes a refactoring at the caret `¦`, or between two of them, in the one file that has it. */
export function refactored({ propose }: Refactoring, marked: Texts): Refactored | undefined {
  const { context, range } = selected(marked);
  const proposed = propose(context, range);
  if (proposed === undefined) return undefined;
  const decoder = new TextDecoder();
  const files = filesAfter(context.snapshot, proposed.changes);
  const texts = files.map(({ path, content }) => [path, content instanceof Uint8Array ? decoder.decode(content) : '']);
  return { context, ...proposed, texts: Object.fromEntries(texts) };
}

/** The document with the caret, and what is selected there. */
export function selected(marked: Texts): { readonly context: DocumentInSet; readonly range: Range } {
  const path = Object.keys(marked).find((each) => marked[each]?.includes('¦')) ?? '';
  const { text: once, position: start } = withCaret(marked[path] ?? '');
  const { text, position: end } = once.includes('¦') ? withCaret(once) : { text: once, position: start };
  const texts = { ...marked, [path]: text };
  return { context: inSet(texts, path), range: Range.create(start, end) };
}
