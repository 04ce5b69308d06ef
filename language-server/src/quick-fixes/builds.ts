import { nearestWord } from '@sluice/engine/policy/did-you-mean.js';
import { entryOf, textEntry } from '@sluice/engine/policy/document-node.js';
import { formatVersion } from '@sluice/engine/policy/version.js';
import { removeItem } from '../edits/list-edits.js';
import { replacing } from '../edits/text-change.js';
import { itemUnder } from './places.js';
import { proposed, type QuickFix } from './quick-fix.js';

/** Puts the listed version that is written most alike in the place of one that no catalogue lists. */
export const nearestBuild: QuickFix = ({ document, snapshot, finding }) => {
  const { catalogue } = snapshot.reading.sound;
  const change = replacing(document, finding.range, '');
  const text = document.text.getText().slice(change.start, change.end);
  const versions = catalogue.products.flatMap(({ builds }) => builds.map(({ version }) => formatVersion(version)));
  const nearest = /^[\d.]+$/.test(text) ? nearestWord(text, versions) : undefined;
  return nearest === undefined ? undefined : proposed(`Replace with ${nearest}`, { ...change, text: nearest });
};

/** Takes out a build that is listed twice, with the same name and version. */
export const removeDuplicateBuild: QuickFix = ({ document, path }) => {
  const place = itemUnder(path, 'builds');
  if (place === undefined) return undefined;
  const isSame = place.list.items.some(
    (other, index) =>
      index !== place.index && ['name', 'version'].every((key) => textEntry(other, key) === textEntry(place.item, key)),
  );
  if (!isSame || entryOf(place.item, 'name') === undefined) return undefined;
  return proposed('Remove this build', removeItem(document, place.list, place.index));
};
