import type { SourceSpan } from '@sluice/engine/policy/source.js';
import type { Location } from 'vscode-languageserver';
import { toLspPosition, toLspRange } from '../text/positions.js';
import type { PolicyFolder } from '../workspace/policy-folder.js';

/** A place of a policy set as LSP has it. */
export function locationOf(folder: PolicyFolder, { file, range }: SourceSpan): Location {
  return { uri: folder.uriOf(file), range: toLspRange(range) };
}

/** The same for the beginning of something. */
export function locationOfPosition(
  folder: PolicyFolder,
  { file, line, column }: { readonly file: string; readonly line: number; readonly column: number },
): Location {
  const start = toLspPosition({ line, column });
  return { uri: folder.uriOf(file), range: { start, end: start } };
}
