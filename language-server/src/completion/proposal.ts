import {
  type CompletionItem,
  type CompletionItemKind,
  InsertTextFormat,
  InsertTextMode,
  MarkupKind,
  type Range,
} from 'vscode-languageserver';

/** Something that can stand at the caret. */
export interface Proposal {
  readonly label: string;
  readonly kind: CompletionItemKind;
  /** What is put in; the label where absent. */
  readonly text?: string;
  /** The same with places to fill in, for editors that have snippets. */
  readonly snippet?: string;
  readonly detail?: string;
  /** Markdown. */
  readonly documentation: string;
  /** What it is sorted by; the order of the proposals where absent. */
  readonly isPreferred?: boolean;
}

/** Makes items of proposals that replace what is typed in a range. */
export function toItems(proposals: readonly Proposal[], range: Range, hasSnippets: boolean): CompletionItem[] {
  const width = String(proposals.length).length;
  return proposals.map((proposal, index) => {
    const { label, kind, text = label, snippet, detail, documentation, isPreferred } = proposal;
    const isSnippet = hasSnippets && snippet !== undefined;
    return {
      label,
      kind,
      sortText: `${isPreferred ? 0 : 1}${String(index).padStart(width, '0')}`,
      // Editors compare it with the text of the range.
      filterText: text === label ? label : `${text} ${label}`,
      documentation: { kind: MarkupKind.Markdown, value: documentation },
      textEdit: { range, newText: isSnippet ? snippet : text },
      insertTextFormat: isSnippet ? InsertTextFormat.Snippet : InsertTextFormat.PlainText,
      insertTextMode: InsertTextMode.adjustIndentation,
      ...(detail === undefined ? {} : { detail }),
    };
  });
}
