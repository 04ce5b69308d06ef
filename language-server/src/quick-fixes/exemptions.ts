import { entryOf, textEntry, textOf } from '@sluice/engine/policy/document-node.js';
import { parseInstant } from '@sluice/engine/policy/instant.js';
import { rewriteScalar } from '@sluice/engine/policy/rewrite-scalar.js';
import { removeItem } from '../edits/list-edits.js';
import { replacing } from '../edits/text-change.js';
import { extendedEnd } from './exemption-end.js';
import { entryAt, itemUnder } from './places.js';
import { proposed, type QuickFix } from './quick-fix.js';

/** Lets an exemption that has ended, or soon will, last a year longer. */
export const extendExemption: QuickFix = ({ document, snapshot, path }) => {
  const until = entryOf(itemUnder(path, 'exemptions')?.item, 'until');
  const instant = parseInstant(textOf(until) ?? '');
  if (until === undefined || instant === undefined) return undefined;
  const end = extendedEnd(instant, snapshot.now);
  const fix = rewriteScalar(until, end);
  return fix === undefined
    ? undefined
    : proposed(`Extend the exemption until ${end}`, replacing(document, fix.range, fix.text));
};

/** Takes out an exemption without effect; the last one of a file stays, as a list has at least one item. */
export const removeExemption: QuickFix = ({ document, path }) => {
  const place = itemUnder(path, 'exemptions');
  if (place === undefined) return undefined;
  const name = textEntry(place.item, 'name') ?? '';
  return proposed(`Remove the exemption ${name}`, removeItem(document, place.list, place.index));
};

/** Exchanges the ends of an interval that are the wrong way round. */
export const exchangeEnds: QuickFix = ({ document, path }) => {
  const map = entryAt(path)?.map;
  const [from, until] = [entryOf(map, 'from'), entryOf(map, 'until')];
  if (from?.kind !== 'scalar' || until?.kind !== 'scalar' || textOf(from) === textOf(until)) return undefined;
  return {
    title: 'Exchange from and until',
    isPreferred: false,
    changes: [replacing(document, from.range, until.raw), replacing(document, until.range, from.raw)],
  };
};
