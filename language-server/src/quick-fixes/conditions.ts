import { wrappedInAll } from '../edits/wrap-condition.js';
import { mapAt } from './places.js';
import { proposed, type QuickFix } from './quick-fix.js';

/** Puts a comparison that stands alone into a list of one. */
export const wrapComparison: QuickFix = ({ document, path }) => {
  const map = mapAt(path)?.map;
  if (map === undefined || !map.entries.has('fact')) return undefined;
  const isBare = ['all', 'any', 'not', 'condition'].every((key) => !map.entries.has(key));
  return isBare ? proposed('Put the comparison below all', wrappedInAll(document, map), true) : undefined;
};
