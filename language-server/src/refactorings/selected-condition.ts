import type { MapNode } from '@sluice/engine/policy/document-node.js';
import type { Range } from 'vscode-languageserver';
import { offsetsOf } from '../edits/text-change.js';
import { isConditionSchema, schemaOfFile, schemaOfItems, schemaOfKey } from '../meaning/schema-of-key.js';
import { namesIn, placeOf } from '../symbols/symbol-index.js';
import { pathAt } from '../text/node-path.js';
import { contains, toPlace } from '../text/positions.js';
import type { PolicyDocument } from '../workspace/policy-document.js';

/** A condition of a document. */
export interface ConditionPlace {
  readonly node: MapNode;
  /** Whether a policy, an exemption or the like has it, and not another condition. */
  readonly isRoot: boolean;
}

/** The conditions in which a selection lies, the innermost first. */
export function selectedConditions(document: PolicyDocument, range: Range): ConditionPlace[] {
  const end = toPlace(range.end);
  const path = document.root === undefined ? undefined : pathAt(document.root, toPlace(range.start));
  const found: ConditionPlace[] = [];
  let schema = schemaOfFile(document.kind);
  let isWithin = false;
  for (const { key, value } of path?.steps ?? []) {
    if (schema === undefined) break;
    schema = typeof key === 'number' ? schemaOfItems(schema) : schemaOfKey(schema, key);
    if (schema === undefined || !isConditionSchema(schema) || value.kind !== 'map') continue;
    if (contains(value.range, end)) found.unshift({ node: value, isRoot: !isWithin });
    isWithin = true;
  }
  return found;
}

/** Whether anchors or aliases stand in a part of a document, which mean nothing elsewhere. */
export function hasAnchors(document: PolicyDocument, node: MapNode): boolean {
  const { start, end } = offsetsOf(document, node.range);
  return namesIn(document).some((each) => {
    if (each.kind !== 'anchor') return false;
    const at = offsetsOf(document, placeOf(each).range);
    return at.start >= start && at.end <= end;
  });
}
