import { indentationAt, lineBreakOf, lineStartOf } from '../edits/lines.js';
import type { CaretContext } from '../text/caret-context.js';
import type { DocumentInSet } from '../workspace/workspace.js';

/** The place of a document that something is put in at, and what has to be minded there. */
export interface Spot {
  readonly text: string;
  readonly caret: CaretContext;
  readonly offset: number;
  readonly isJson: boolean;
  readonly lineBreak: string;
  /** What stands before it, in the block style of YAML; `brackets` anywhere else. */
  readonly stands: 'in brackets' | 'behind a dash' | 'behind a colon' | 'on its own';
  /** Blanks that lines below it need beyond those of its own line, which editors add. */
  readonly indentation: number;
  /** Whether the colon of the key that is typed stands there already. */
  readonly hasColon: boolean;
  /** Whether a comma is missing before what comes next. */
  readonly needsComma: boolean;
  /** Where a comma is missing after what comes before. */
  readonly missingComma?: number;
}

export function spotOf({ document }: DocumentInSet, caret: CaretContext, offset: number): Spot {
  const text = document.text.getText();
  const stands = caret.isFlow ? 'in brackets' : standsBehind(text.slice(lineStartOf(text, caret.start), caret.start));
  const { isJson } = document;
  const missingComma = missingCommaBefore(text, caret, isJson);
  return {
    text,
    caret,
    offset,
    isJson,
    lineBreak: lineBreakOf(text),
    stands,
    indentation: indentationBelow(text, caret, stands),
    hasColon: caret.isKey && /^[ \t]*:/.test(text.slice(caret.end)),
    needsComma: needsCommaBehind(text, caret, isJson),
    ...(missingComma === undefined ? {} : { missingComma }),
  };
}

function standsBehind(line: string): Spot['stands'] {
  if (/(?:^|\s)-\s*$/.test(line)) return 'behind a dash';
  return line.trim() === '' ? 'on its own' : 'behind a colon';
}

function indentationBelow(text: string, caret: CaretContext, stands: Spot['stands']): number {
  if (stands === 'in brackets') return 0;
  const ofLine = indentationAt(text, caret.start).length;
  const column = caret.start - lineStartOf(text, caret.start);
  if (stands !== 'behind a colon' || caret.isKey) return column - ofLine;
  const key = caret.maps.at(-1)?.entries.get(String(caret.keys.at(-1)));
  return key === undefined ? 2 : Math.max(0, key.keySpan.range.start.column - 1 - ofLine) + 2;
}

/** In YAML the line alone is looked at: what comes next is often not in the same brackets, while these are open. */
function needsCommaBehind(text: string, { isFlow, isKey, keys, end }: CaretContext, isJson: boolean): boolean {
  if (!isFlow || (keys.length === 0 && !isKey)) return false;
  const next = (isJson ? /^\s*(\S)/ : /^[ \t]*(\S)/).exec(text.slice(end))?.[1];
  return next !== undefined && !(isJson ? /[,:}\]]/ : /[,:}\]#]/).test(next);
}

function missingCommaBefore(text: string, { isFlow, isKey, keys, start }: CaretContext, isJson: boolean) {
  if (!isFlow || !(isKey || typeof keys.at(-1) === 'number')) return undefined;
  const before = (isJson ? text.slice(0, start) : text.slice(lineStartOf(text, start), start)).trimEnd();
  const isMissing = isJson ? /[^[{,:\s]$/.test(before) : /[}\]"']$/.test(before);
  return isMissing ? start - (text.slice(0, start).length - text.slice(0, start).trimEnd().length) : undefined;
}
