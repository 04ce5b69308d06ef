import type { FormattingOptions } from 'vscode-languageserver';

/**
 * The blanks with which a line begins that Enter was pressed for.
 *
 * @param at index of the line, which may hold what stood behind the caret
 * @returns undefined where they are to stay: within a text of several lines
 */
export function indentationAfterEnter(
  lines: readonly string[],
  at: number,
  isJson: boolean,
  { tabSize, insertSpaces }: FormattingOptions,
): string | undefined {
  const before = lines.slice(0, at).findLastIndex((line) => line.trim() !== '');
  const line = lines[before];
  if (line === undefined) return '';
  const rest = (lines[at] ?? '').trim();
  const step = isJson && !insertSpaces ? '\t' : ' '.repeat(tabSize);
  const own = blanksOf(line);
  if (!isJson && isInBlockScalar(lines, before)) return undefined;
  const code = isJson ? line.trimEnd() : withoutComment(line);
  const isOpen = /[[{]$/.test(code);
  if (isOpen) return /^[\]}]/.test(rest) && isJson ? own : contentColumn(own, code, isJson) + step;
  if (isJson) return /^[\]}]/.test(rest) ? own.slice(0, Math.max(0, own.length - step.length)) : own;
  const content = contentColumn(own, code, false);
  // The rest of a list goes on with dashes; what stands below a key is its value.
  if (/^-(?:\s|$)/.test(rest)) return /:$/.test(code) ? content + step : own;
  return /(?:^|\s)[|>][-+\d]*$|:$/.test(code) ? content + step : content;
}

function blanksOf(line: string): string {
  return /^[ \t]*/.exec(line)?.[0] ?? '';
}

/** The blanks up to a line's key: dashes before it count as blanks. */
function contentColumn(own: string, code: string, isJson: boolean): string {
  const dashes = isJson ? '' : (/^(?:-\s+)+(?=\S)|^-$/.exec(code.trim())?.[0] ?? '');
  return own + ' '.repeat(dashes === '-' ? 2 : dashes.length);
}

/** The line without a comment at its end; a `#` in quotes begins none. */
function withoutComment(line: string): string {
  const match = /^(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^"'#]|(?<=\S)#)*/.exec(line);
  return (match?.[0] ?? line).trimEnd();
}

/** Whether a line is part of a text that `|` or `>` begins. */
function isInBlockScalar(lines: readonly string[], at: number): boolean {
  let depth = blanksOf(lines[at] ?? '').length;
  for (let index = at - 1; index >= 0 && depth > 0; index--) {
    const line = lines[index] ?? '';
    const indent = blanksOf(line).length;
    if (line.trim() === '' || indent >= depth) continue;
    if (/(?:^|[\s:-])[|>][-+\d]*$/.test(withoutComment(line))) return true;
    depth = indent;
  }
  return false;
}
