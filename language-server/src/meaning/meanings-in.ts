import { contains, type Place } from '../text/positions.js';
import type { PolicyDocument } from '../workspace/policy-document.js';
import type { Meaning } from './meaning.js';
import { meaningsOf } from './meanings-of.js';

const OF_DOCUMENT = new WeakMap<PolicyDocument, readonly Meaning[]>();

/** What the keys and values of a document are; worked out once for each text. */
export function meaningsIn(document: PolicyDocument): readonly Meaning[] {
  const known = OF_DOCUMENT.get(document);
  if (known !== undefined) return known;
  const found = document.root === undefined ? [] : meaningsOf(document.kind, document.root);
  OF_DOCUMENT.set(document, found);
  return found;
}

/** What stands at a place of a document. */
export function meaningAt(document: PolicyDocument, place: Place): Meaning | undefined {
  return meaningsIn(document).find(({ range }) => contains(range, place));
}
