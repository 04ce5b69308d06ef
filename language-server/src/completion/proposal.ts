import type { CompletionItemKind } from 'vscode-languageserver';
import type { Template, TemplateMap } from './template.js';

/** What is put in at the caret. */
export type Put =
  /** A value; of a list also the items that follow it. */
  | { readonly what: 'value'; readonly value: Template; readonly more?: readonly Template[] }
  /** Entries of a map. */
  | { readonly what: 'entries'; readonly entries: TemplateMap }
  /** A part of a text, in the place of `typed` letters before the caret and `rest` letters behind it. */
  | { readonly what: 'part'; readonly text: string; readonly typed: number; readonly rest: number };

/** Something that can stand at the caret. */
export interface Proposal {
  readonly label: string;
  readonly kind: CompletionItemKind;
  readonly put: Put;
  readonly detail?: string;
  /** Markdown. */
  readonly documentation: string;
  /** Whether it comes before what is not. */
  readonly isPreferred?: boolean;
  /** What is compared with the text that is typed; the label where absent. */
  readonly filter?: string;
}

/** The same proposal as the only item of a list. */
export function asOnlyItem(proposal: Proposal): Proposal {
  const { put } = proposal;
  if (put.what === 'part') return proposal;
  const items = put.what === 'entries' ? [put.entries] : [put.value, ...(put.more ?? [])];
  return { ...proposal, put: { what: 'value', value: items } };
}
