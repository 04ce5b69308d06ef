import { isName, NAME_RULE } from '@sluice/engine/policy/name.js';
import {
  ErrorCodes,
  type Position,
  type Range,
  ResponseError,
  type TextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver';
import { stringify } from 'yaml';
import type { Occurrence } from '../symbols/occurrence.js';
import { declarationsOf, nameAt, occurrencesLike, placeOf } from '../symbols/symbol-index.js';
import { toLspRange, toPlace } from '../text/positions.js';
import type { DocumentInSet } from '../workspace/workspace.js';

/** The range of a name that can be changed, with the name as it is. */
export function prepareRename(context: DocumentInSet, position: Position): { range: Range; placeholder: string } {
  const name = renameable(context, position);
  return { range: toLspRange(placeOf(name).range), placeholder: name.name };
}

/**
 * Changes a name wherever it stands in the policy set.
 *
 * @throws ResponseError where nothing that has a name stands there, or the new name is not allowed or taken
 */
export function rename(context: DocumentInSet, position: Position, newName: string): WorkspaceEdit {
  const { folder, snapshot } = context;
  const name = renameable(context, position);
  const problem = problemOf(context, name, newName);
  if (problem !== undefined) throw new ResponseError(ErrorCodes.InvalidParams, problem);
  const changes: Record<string, TextEdit[]> = {};
  for (const occurrence of occurrencesLike(snapshot, name)) {
    const { file, range } = placeOf(occurrence);
    const uri = folder.uriOf(file);
    changes[uri] ??= [];
    changes[uri].push({ range: toLspRange(range), newText: writtenAt(occurrence, newName) });
  }
  return { changes };
}

/** A name such as 2016 needs quotes where it stood without. */
function writtenAt({ node, part }: Occurrence, newName: string): string {
  const isPlain = part === undefined && !/^["']/.test(node.raw);
  return isPlain ? stringify(newName, { lineWidth: 0 }).trimEnd() : newName;
}

function renameable({ snapshot, document }: DocumentInSet, position: Position): Occurrence {
  const name = nameAt(document, toPlace(position));
  if (name === undefined) throw new ResponseError(ErrorCodes.InvalidParams, 'Nothing that has a name stands here.');
  if (!occurrencesLike(snapshot, name).some(({ role }) => role === 'declaration')) {
    throw new ResponseError(
      ErrorCodes.InvalidParams,
      `No ${name.kind} named ${name.name} is declared in this policy set.`,
    );
  }
  return name;
}

function problemOf(
  { snapshot }: DocumentInSet,
  { kind, name, scope }: Occurrence,
  newName: string,
): string | undefined {
  if (newName === name) return undefined;
  // Products and builds are named in the words of their maker.
  if (kind === 'product' || kind === 'build') {
    if (newName.trim() === '' || /["'\n\r]/.test(newName)) return 'A name without quotes and line breaks was expected.';
  } else if (!isName(newName)) return `${newName} is no name; ${NAME_RULE}.`;
  const isTaken = declarationsOf(snapshot, kind, scope).some((each) => each.name === newName);
  return isTaken ? `Another ${kind} is named ${newName} already.` : undefined;
}
