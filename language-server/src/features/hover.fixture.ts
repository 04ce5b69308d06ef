import type { Finding } from '@sluice/engine/policy/finding.js';
import { MarkupContent } from 'vscode-languageserver';
import { inSet, withCaret } from '../workspace/document.fixture.js';
import { hover } from './hover.js';
import { MAILER } from './mailer.fixture.js';

/** The text of a file of the set with a caret where one stands in the words. */
export function marked(path: string, words: string): string {
  const text = MAILER[path] ?? '';
  const found = text.indexOf(words.replace('¦', ''));
  if (found < 0) throw new Error(`${path} has no ${words}`);
  const at = found + words.indexOf('¦');
  return `${text.slice(0, at)}¦${text.slice(at)}`;
}

/** What hovering at the caret of a file says, and over which words. */
export function shown(
  path: string,
  markedText: string,
  findings: readonly Finding[] = [],
): { readonly text: string; readonly over: string } | undefined {
  const { text, position } = withCaret(markedText);
  const context = inSet({ ...MAILER, [path]: text }, path);
  const found = hover(context, position, findings);
  if (found === undefined) return undefined;
  const value = MarkupContent.is(found.contents) ? found.contents.value : '';
  return { text: value, over: context.document.text.getText(found.range) };
}

/** A text of several lines. */
export function lines(...texts: readonly string[]): string {
  return texts.join('\n');
}
