import { type DocumentHighlight, DocumentHighlightKind, type Location, type Position } from 'vscode-languageserver';
import type { Occurrence } from '../symbols/occurrence.js';
import { isSameSymbol } from '../symbols/occurrence.js';
import { nameAt, namesIn, occurrencesLike, placeOf } from '../symbols/symbol-index.js';
import { toLspRange, toPlace } from '../text/positions.js';
import type { DocumentInSet } from '../workspace/workspace.js';

/** Where what stands at a position is declared. */
export function definition(context: DocumentInSet, position: Position): Location[] {
  return locations(context, position, ({ role }) => role === 'declaration');
}

/** All places where what stands at a position is mentioned. */
export function references(context: DocumentInSet, position: Position, includeDeclaration: boolean): Location[] {
  return locations(context, position, ({ role }) => includeDeclaration || role === 'reference');
}

/** The places in the same document. */
export function documentHighlights({ document }: DocumentInSet, position: Position): DocumentHighlight[] {
  const name = nameAt(document, toPlace(position));
  if (name === undefined) return [];
  return namesIn(document)
    .filter((each) => isSameSymbol(each, name))
    .map((each) => ({
      range: toLspRange(placeOf(each).range),
      kind: each.role === 'declaration' ? DocumentHighlightKind.Write : DocumentHighlightKind.Read,
    }));
}

function locations(
  { folder, snapshot, document }: DocumentInSet,
  position: Position,
  isWanted: (occurrence: Occurrence) => boolean,
): Location[] {
  const name = nameAt(document, toPlace(position));
  if (name === undefined) return [];
  return occurrencesLike(snapshot, name)
    .filter(isWanted)
    .map(placeOf)
    .map(({ file, range }) => ({ uri: folder.uriOf(file), range: toLspRange(range) }));
}
