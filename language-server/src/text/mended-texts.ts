import { lineEndOf, lineStartOf } from '../edits/lines.js';

/** A text with a mark at the caret, and perhaps something behind it that makes it readable. */
export interface Mended {
  readonly text: string;
  /** Length of the quote that was put in to close what is typed; 0 where there is none. */
  readonly added: 0 | 1;
  /** What was put in to part it from what comes next. */
  readonly parting?: ',' | ':';
}

/** Stands at the caret while the text is read; no policy has it. */
export const MARK = 'Xcaret9X';

/** A blank between what is closed and a word that is typed behind it. */
const FORGOTTEN_COMMA = /([}\]"'][ \t]*)[ \t](["']?[\w./:-]*)$/;

/** Half-typed text in the ways in which it may become whole, the likeliest first. */
export function* mendedTexts(text: string, offset: number, isJson: boolean): Iterable<Mended> {
  const [before, after] = [text.slice(0, offset), text.slice(offset)];
  const mended = (behind: string, rest: string, added: 0 | 1, parting?: Mended['parting']): Mended => ({
    text: `${before}${MARK}${behind}${parting === undefined ? '' : `${parting} `}${rest}`,
    added,
    ...(parting === undefined ? {} : { parting }),
  });
  const quote = openQuote(text.slice(lineStartOf(text, offset), offset), isJson);
  const [end, added] = quote === undefined ? (['', 0] as const) : ([quote, 1] as const);
  const comma = forgottenComma(text, offset, isJson);
  if (comma !== undefined) {
    const parted = `${text.slice(0, comma)},${text.slice(comma + 1, offset)}${MARK}`;
    const isClosed = quote === undefined || after.startsWith(quote);
    const rest = isClosed ? after : `${quote}${after}`;
    yield { text: parted + rest, added: isClosed ? 0 : 1, parting: ',' };
  }
  yield mended('', after, 0);
  if (quote !== undefined) {
    const restOfLine = after.slice(0, lineEndOf(text, offset) - offset);
    // Brackets and commas behind it were hardly meant to be in quotes; other words were.
    const inQuotes = /^\s*(?:$|[,:}\]])/.test(restOfLine) ? '' : restOfLine;
    yield mended(`${inQuotes}${end}`, after.slice(inQuotes.length), added);
  }
  yield mended(end, after, added, ',');
  yield mended(end, after, added, ':');
  // Where the rest cannot be read with it, what comes before may tell enough.
  yield mended(end, '', added);
}

/** Where a blank stands in the place of a comma before what is typed. */
function forgottenComma(text: string, offset: number, isJson: boolean): number | undefined {
  const lineStart = lineStartOf(text, offset);
  const match = FORGOTTEN_COMMA.exec(text.slice(lineStart, offset));
  if (match === null) return undefined;
  const at = lineStart + match.index + (match[1]?.length ?? 0);
  return openQuote(text.slice(lineStart, at), isJson) === undefined ? at : undefined;
}

/** The quote that is open at the end of a line; undefined in a comment. */
function openQuote(line: string, isJson: boolean): '"' | "'" | undefined {
  let quote: '"' | "'" | undefined;
  for (let at = 0; at < line.length; at++) {
    const letter = line.charAt(at);
    if (quote !== undefined) {
      if (letter === '\\' && quote === '"') at++;
      else if (letter === quote) quote = undefined;
      continue;
    }
    const isBegin = /^$|[\s[{,:-]/.test(line.charAt(at - 1));
    if (letter === '#' && isBegin && !isJson) return undefined;
    if (isBegin && (letter === '"' || (letter === "'" && !isJson))) quote = letter;
  }
  return quote;
}
