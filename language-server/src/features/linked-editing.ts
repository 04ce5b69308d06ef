import type { LinkedEditingRanges, Position } from 'vscode-languageserver';
import { isSameSymbol } from '../symbols/occurrence.js';
import { nameAt, namesIn, placeOf } from '../symbols/symbol-index.js';
import { toLspRange, toPlace } from '../text/positions.js';
import type { DocumentInSet } from '../workspace/workspace.js';

/** The places that change together with a name that lives in one file only: a stage's, an anchor's. */
export function linkedEditingRanges({ document }: DocumentInSet, position: Position): LinkedEditingRanges | undefined {
  const name = nameAt(document, toPlace(position));
  if (name?.scope === undefined) return undefined;
  const places = namesIn(document).filter((each) => isSameSymbol(each, name));
  const hasSpaces = places.some(({ node }) => /\s/.test(node.raw));
  if (places.length < 2 || hasSpaces) return undefined;
  return { ranges: places.map((each) => toLspRange(placeOf(each).range)), wordPattern: '[a-zA-Z0-9-]*' };
}
