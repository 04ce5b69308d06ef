import { partOfText, type ScalarNode } from '@sluice/engine/policy/document-node.js';
import type { SourceRange } from '@sluice/engine/policy/source.js';
import { type VersionRangeToken, versionRangeTokens } from '@sluice/engine/policy/version-range.js';
import { contains, type Place } from '../text/positions.js';
import { type ReplyPart, replyParts } from './reply-parts.js';

/** A part of a value's text, and where it stands. */
export interface PlacedPart<T> {
  readonly part: T;
  readonly range: SourceRange;
}

/** The versions, names and comparators of a version range; none where its text is folded over several lines. */
export function versionParts(node: ScalarNode): PlacedPart<VersionRangeToken>[] {
  if (typeof node.value !== 'string') return [];
  return versionRangeTokens(node.value).flatMap((part) => {
    const place = partOfText(node, part.offset, part.length);
    return place === node ? [] : [{ part, range: place.range }];
  });
}

/** The codes and placeholders of a reply. */
export function placedReplyParts(node: ScalarNode): PlacedPart<ReplyPart>[] {
  return replyParts(node.raw).map((part) => {
    const { offset, length } = part;
    return { part, range: { start: placeInRaw(node, offset), end: placeInRaw(node, offset + length) } };
  });
}

/** The part at a place. */
export function partAt<T>(parts: readonly PlacedPart<T>[], place: Place): PlacedPart<T> | undefined {
  return parts.find(({ range }) => contains(range, place));
}

function placeInRaw({ raw, range: { start } }: ScalarNode, offset: number): Place {
  const before = raw.slice(0, offset).split('\n');
  const column = (before.at(-1) ?? '').length;
  return { line: start.line + before.length - 1, column: before.length === 1 ? start.column + column : column + 1 };
}
