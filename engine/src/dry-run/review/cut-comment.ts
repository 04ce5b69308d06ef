/**
 * Cuts a comment to what a forge takes. A part that is folded away goes whole, the last first, so that what is left is still
 * well-formed.
 *
 * @param maxLength in UTF-16 units
 */
export function cutComment(markdown: string, maxLength: number): string {
  let text = markdown;
  while (text.length > maxLength) {
    const start = text.lastIndexOf('<details>');
    const end = text.indexOf(FOLD_END, start);
    if (start < 0 || end < 0) return `${text.slice(0, maxLength - CUT.length)}${CUT}`;
    text = `${text.slice(0, start)}${FOLD_CUT}${text.slice(end + FOLD_END.length)}`;
  }
  return text;
}

const FOLD_END = '</details>';
const CUT = '\n\n*The rest is too long for a comment; `sluice review` prints all of it.*\n';
const FOLD_CUT = '*Details are too long for a comment; `sluice review` prints them.*';
