import type { Position, SignatureHelp, SignatureInformation } from 'vscode-languageserver';
import { MarkupKind } from 'vscode-languageserver';
import { explainRange, rangeOf } from '../explain/explain-versions.js';
import { paragraphs } from '../explain/markdown.js';
import { meaningsOf } from '../meaning/meanings-of.js';
import { FORMS, type Form, formBeingTyped } from '../signatures/forms.js';
import { type CaretContext, caretContext } from '../text/caret-context.js';
import type { DocumentInSet } from '../workspace/workspace.js';

/** The ways in which the text at a position can be written, and which part of which of them is being typed. */
export function signatureHelp(context: DocumentInSet, position: Position): SignatureHelp | undefined {
  const { document } = context;
  const caret = caretContext(document, position);
  if (caret === undefined || caret.isKey) return undefined;
  const { start } = caret.node.range;
  const meaning = meaningsOf(document.kind, caret.root).find(
    ({ what, range }) => what === 'value' && range.start.line === start.line && range.start.column === start.column,
  );
  const grammar = meaning?.what === 'value' ? meaning.grammar : undefined;
  const forms = grammar === undefined ? undefined : FORMS[grammar];
  if (grammar === undefined || forms === undefined) return undefined;
  const { form, part } = formBeingTyped(grammar, caret.before);
  const held = grammar === 'version-range' ? heldBuilds(context, caret) : undefined;
  return {
    signatures: forms.map((each, index) => signatureOf(each, index === form ? held : undefined)),
    activeSignature: form,
    activeParameter: part,
  };
}

/** What the range holds as it stands, where it can be read already. */
function heldBuilds({ snapshot }: DocumentInSet, { before, after, quote }: CaretContext): string | undefined {
  const { catalogue } = snapshot.reading.sound;
  const written = before + after;
  const text = quote === '"' ? written.replaceAll('\\"', '"') : written;
  const range = rangeOf(text.trim(), catalogue);
  return range === undefined ? undefined : explainRange(range, catalogue);
}

function signatureOf({ label, parts, documentation }: Form, more: string | undefined): SignatureInformation {
  return {
    label,
    documentation: { kind: MarkupKind.Markdown, value: paragraphs(documentation, more) },
    parameters: parts.map(([part, meaning]) => ({ label: part, documentation: meaning })),
  };
}
