import type { SourcePosition, SourceRange } from '@sluice/engine/policy/source.js';
import type { Position, Range } from 'vscode-languageserver';

/** A place as the engine counts, from 1. */
export type Place = Pick<SourcePosition, 'line' | 'column'>;

/** LSP counts lines and UTF-16 units from 0, the engine from 1. */
export function toLspRange({ start, end }: SourceRange): Range {
  return { start: toLspPosition(start), end: toLspPosition(end) };
}

export function toLspPosition({ line, column }: Place): Position {
  return { line: line - 1, character: column - 1 };
}

export function toPlace({ line, character }: Position): Place {
  return { line: line + 1, column: character + 1 };
}

/** Whether a place lies in a range; its end belongs to it, as it does for a caret behind a word. */
export function contains({ start, end }: SourceRange, place: Place): boolean {
  return comparePlaces(start, place) <= 0 && comparePlaces(place, end) <= 0;
}

export function comparePlaces(a: Place, b: Place): number {
  return a.line - b.line || a.column - b.column;
}
