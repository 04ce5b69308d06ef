/** What ends the lines of a text: that of its first line. */
export function lineBreakOf(text: string): string {
  return /\r?\n/.exec(text)?.[0] ?? '\n';
}

/** Where the line of an offset begins. */
export function lineStartOf(text: string, offset: number): number {
  return offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
}

/** Where the line of an offset ends, before its line break. */
export function lineEndOf(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  if (end < 0) return text.length;
  return text[end - 1] === '\r' && end > offset ? end - 1 : end;
}

/** Where the next line begins. */
export function nextLineOf(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end < 0 ? text.length : end + 1;
}

/** The blanks before what stands first in the line of an offset. */
export function indentationAt(text: string, offset: number): string {
  const start = lineStartOf(text, offset);
  return /[ \t]*/.exec(text.slice(start, offset))?.[0] ?? '';
}

/** Whether only blanks stand before it in its line. */
export function isFirstInLine(text: string, offset: number): boolean {
  return text.slice(lineStartOf(text, offset), offset).trim() === '';
}

/** Moves all lines but the first by a number of blanks; empty lines stay empty. */
export function shifted(text: string, by: number): string {
  const [first = '', ...others] = text.split('\n');
  const move = (line: string) => {
    if (line.trim() === '') return line;
    return by >= 0 ? ' '.repeat(by) + line : line.slice(Math.min(-by, /^ */.exec(line)?.[0].length ?? 0));
  };
  return [first, ...others.map(move)].join('\n');
}

/** The start of the comment lines that stand directly above a line with its indentation, else of the line itself. */
export function withCommentsAbove(text: string, lineStart: number, floor: number): number {
  const indentation = /[ \t]*/.exec(text.slice(lineStart))?.[0] ?? '';
  let start = lineStart;
  while (start > floor) {
    const above = lineStartOf(text, start - 1);
    if (above < floor || !text.slice(above, start).startsWith(`${indentation}#`)) break;
    start = above;
  }
  return start;
}
