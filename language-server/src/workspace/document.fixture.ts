import { type EpochMillis, parseInstant } from '@sluice/engine/policy/instant.js';
import type { Position } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { PolicyFolder } from './policy-folder.js';
import type { DocumentInSet } from './workspace.js';

/** The instant of tests. */
export const NOW = parseInstant('2026-09-08T12:00:00Z') as EpochMillis;

const ROOT = '/policies';

/** A document of a policy set whose files have these texts; none of them is on disk. */
export function inSet(texts: Readonly<Record<string, string>>, path: string): DocumentInSet {
  const folder = new PolicyFolder(ROOT, () => NOW);
  for (const [file, text] of Object.entries(texts)) {
    const language = file.endsWith('.json') ? 'json' : 'yaml';
    folder.open(`${ROOT}/${file}`, TextDocument.create(`file://${ROOT}/${file}`, language, 1, text));
  }
  const { snapshot } = folder;
  const document = snapshot.documentAt(path);
  if (document === undefined) throw new Error(`there is no document ${path}`);
  return { folder, snapshot, document };
}

/** Takes the caret `¦` out of a text. */
export function withCaret(marked: string): { readonly text: string; readonly position: Position } {
  const offset = marked.indexOf('¦');
  if (offset < 0) throw new Error('the text has no caret');
  const text = marked.replace('¦', '');
  return { text, position: TextDocument.create('file:///text', 'yaml', 1, text).positionAt(offset) };
}
