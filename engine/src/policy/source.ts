/** A place in a file; lines and columns count from 1, columns in UTF-16 units. */
export interface SourcePosition {
  /** Path relative to the policy folder, with `/`. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A part of a text, half-open; lines and columns count from 1. */
export interface SourceRange {
  readonly start: { readonly line: number; readonly column: number };
  readonly end: { readonly line: number; readonly column: number };
}

/** A part of a file. */
export interface SourceSpan {
  readonly file: string;
  readonly range: SourceRange;
}

/** The place of something larger, without the rest of it. */
export function spanOf({ file, range }: SourceSpan): SourceSpan {
  return { file, range };
}

/** Where the part of the file begins. */
export function positionOf(span: SourceSpan): SourcePosition {
  const { line, column } = span.range.start;
  return { file: span.file, line, column };
}

/** The first column of something larger, which stands for the whole of it. */
export function headOf({ file, range: { start } }: SourceSpan): SourceSpan {
  return { file, range: { start, end: { line: start.line, column: start.column + 1 } } };
}
