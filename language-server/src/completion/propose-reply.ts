import { DEFAULT_REPLIES, REPLY_PLACEHOLDERS, type ReplyUse } from '@sluice/engine/policy/reply-template.js';
import { CompletionItemKind } from 'vscode-languageserver';
import type { CaretContext } from '../text/caret-context.js';
import type { Proposal } from './proposal.js';

/** A whole reply where nothing is typed yet; the placeholders that a reply can have, everywhere in it. */
export function proposeReply(use: ReplyUse, { before, after, isFolded }: CaretContext): Proposal[] {
  const typed = /\{[^{}\s]*$/.exec(before)?.[0].length ?? 0;
  const rest = typed > 0 ? (/^[\w.]*\}?/.exec(after)?.[0].length ?? 0) : 0;
  const placeholders = Object.entries(REPLY_PLACEHOLDERS).map(
    ([name, meaning]): Proposal => ({
      label: `{${name}}`,
      kind: CompletionItemKind.Variable,
      put: { what: 'part', text: `{${name}}`, typed, rest },
      documentation: `Stands for the ${meaning}.`,
    }),
  );
  const isBegun = isFolded || (before + after).trim() !== '';
  return isBegun ? placeholders : [wholeReply(use), ...placeholders];
}

function wholeReply(use: ReplyUse): Proposal {
  const text = DEFAULT_REPLIES[use];
  return {
    label: text,
    kind: CompletionItemKind.Text,
    put: { what: 'value', value: text },
    documentation: `The reply that a policy without one of its own gives to connections that it ${use}s.`,
    isPreferred: true,
  };
}
