import { plainValue } from '@sluice/engine/policy/document-node.js';
import { readDocument } from '@sluice/engine/policy/read-document.js';
import type { FormattingOptions, Position, TextEdit } from 'vscode-languageserver';
import { toTextEdit } from '../edits/text-change.js';
import { formatJson } from '../format/format-json.js';
import { commentsIn, formatYaml } from '../format/format-yaml.js';
import { indentationAfterEnter } from '../format/indentation-after-enter.js';
import { whitespaceChanges } from '../format/whitespace-edits.js';
import type { DocumentInSet } from '../workspace/workspace.js';

/** Lays a document out anew; what cannot be read as YAML or JSON stays as it is. */
export function formatDocument({ document }: DocumentInSet, options: FormattingOptions): TextEdit[] {
  const text = document.text.getText();
  const unit = options.insertSpaces ? ' '.repeat(options.tabSize) : '\t';
  const values = valuesOf(document.path, text);
  const formatted =
    values === undefined ? undefined : document.isJson ? formatJson(text, unit) : formatYaml(text, options.tabSize);
  if (formatted === undefined || valuesOf(document.path, formatted) !== values) return [];
  if (!document.isJson && commentsIn(formatted).join('\n') !== commentsIn(text).join('\n')) return [];
  return (whitespaceChanges(text, formatted) ?? []).map((change) => toTextEdit(document, change));
}

/** Indents the line that Enter has begun. */
export function formatOnType(
  { document }: DocumentInSet,
  position: Position,
  ch: string,
  options: FormattingOptions,
): TextEdit[] {
  if (ch !== '\n') return [];
  const lines = document.text.getText().split(/\r?\n/);
  const line = lines[position.line] ?? '';
  const indentation = indentationAfterEnter(lines, position.line, document.isJson, options);
  const old = /^[ \t]*/.exec(line)?.[0] ?? '';
  if (indentation === undefined || indentation === old) return [];
  const start = { line: position.line, character: 0 };
  return [{ range: { start, end: { line: position.line, character: old.length } }, newText: indentation }];
}

/** What a document says, to compare it; undefined where it cannot be read. */
function valuesOf(path: string, text: string): string | undefined {
  const { root, findings } = readDocument(path, new TextEncoder().encode(text));
  const isBroken = findings.some(({ code }) => code !== 'key-duplicate');
  return root === undefined || isBroken ? undefined : JSON.stringify(plainValue(root));
}
