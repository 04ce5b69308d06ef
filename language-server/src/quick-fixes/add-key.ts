import type { MapNode } from '@sluice/engine/policy/document-node.js';
import { endOfEntry, insertEntry } from '../edits/map-edits.js';
import { replacing } from '../edits/text-change.js';
import { written } from '../edits/written.js';
import { schemaAt } from '../meaning/schema-at.js';
import { asMap } from '../meaning/schema-of-key.js';
import { defaultValue } from './default-value.js';
import { entryAt, mapAt } from './places.js';
import { proposed, type QuickFix } from './quick-fix.js';

/** Adds the key that is missing, with a value to begin with, where it usually stands. */
export const addMissingKey: QuickFix = (request) => {
  const { document, finding, path } = request;
  const place = mapAt(path);
  const key = finding.missingKey;
  if (place === undefined || key === undefined) return undefined;
  const value = defaultValue({ ...request, ...place }, key);
  if (value === undefined) return undefined;
  const schema = schemaAt(document.kind, place.keys);
  const order = Object.keys(schema === undefined ? {} : ((asMap(schema)['properties'] ?? {}) as object));
  const change = insertEntry(document, place.map, [key, value], keyBefore(place.map, key, order));
  return proposed(`Add ${key}: ${written(document.path, value)}`, change);
};

/** Puts a value to begin with where a key has none, or an empty list. */
export const fillIn: QuickFix = (request) => {
  const { document, path } = request;
  const entry = entryAt(path);
  const found = entry?.map.entries.get(entry.key);
  const keys = path?.steps
    .slice(
      0,
      path.steps.findLastIndex((step) => step.entry !== undefined),
    )
    .map(({ key }) => key);
  if (entry === undefined || found === undefined || keys === undefined) return undefined;
  const { value } = found;
  const isEmpty = value.kind === 'scalar' ? value.value === null : value.kind === 'list' && value.items.length === 0;
  const filling = isEmpty ? defaultValue({ ...request, map: entry.map, keys }, entry.key) : undefined;
  if (filling === undefined) return undefined;
  const text = written(document.path, filling);
  const end = endOfEntry(document, found);
  const isAbsent = value.kind === 'scalar' && value.raw === '';
  const change = isAbsent ? { start: end, end, text: ` ${text}` } : replacing(document, value.range, text);
  return proposed(`Fill in ${text}`, change);
};

/** The last key that the map has of those that usually stand before. */
function keyBefore(map: MapNode, key: string, order: readonly string[]): string | undefined {
  return order.slice(0, order.indexOf(key)).findLast((each) => map.entries.has(each));
}
