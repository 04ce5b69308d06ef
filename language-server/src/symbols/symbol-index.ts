import { partOfText } from '@sluice/engine/policy/document-node.js';
import type { SourceSpan } from '@sluice/engine/policy/source.js';
import { contains, type Place } from '../text/positions.js';
import type { FolderSnapshot } from '../workspace/folder-snapshot.js';
import type { PolicyDocument } from '../workspace/policy-document.js';
import { anchorsIn } from './anchors-in.js';
import { isSameSymbol, type Occurrence, type SymbolKind } from './occurrence.js';
import { occurrencesOf } from './occurrences-of.js';

const OF_DOCUMENT = new WeakMap<PolicyDocument, readonly Occurrence[]>();

/** The names of a document; worked out once for each text. */
export function namesIn(document: PolicyDocument): readonly Occurrence[] {
  const known = OF_DOCUMENT.get(document);
  if (known !== undefined) return known;
  const named = document.root === undefined ? [] : occurrencesOf(document.kind, document.path, document.root);
  const anchors = document.isJson ? [] : anchorsIn(document.path, document.text);
  const found = [...named, ...anchors];
  OF_DOCUMENT.set(document, found);
  return found;
}

/** Where the name stands, without quotes. */
export function placeOf({ node, part }: Occurrence): SourceSpan {
  const quotes = /^["']/.test(node.raw) ? 1 : 0;
  if (part !== undefined) return partOfText(node, part.offset, part.length);
  if (quotes === 0 || node.range.start.line !== node.range.end.line) return node;
  return partOfText(node, 0, String(node.value).length);
}

/** The name at a place of a document. */
export function nameAt(document: PolicyDocument, place: Place): Occurrence | undefined {
  return namesIn(document).find((each) => contains(placeOf(each).range, place));
}

/** All occurrences of what a name means, declarations first. */
export function occurrencesLike(snapshot: FolderSnapshot, wanted: Occurrence): Occurrence[] {
  const found = [...snapshot.documents].flatMap((document) =>
    namesIn(document).filter((each) => isSameSymbol(each, wanted)),
  );
  return [...found.filter(isDeclaration), ...found.filter((each) => !isDeclaration(each))];
}

/** The declarations of a kind in a policy set; of stages, those of one policy file. */
export function declarationsOf(snapshot: FolderSnapshot, kind: SymbolKind, scope?: string): Occurrence[] {
  return [...snapshot.documents].flatMap((document) =>
    namesIn(document).filter((each) => isDeclaration(each) && each.kind === kind && each.scope === scope),
  );
}

function isDeclaration({ role }: Occurrence): boolean {
  return role === 'declaration';
}
