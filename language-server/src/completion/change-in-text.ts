import { writeLike } from '@sluice/engine/policy/rewrite-scalar.js';
import type { TextChange } from '../edits/text-change.js';
import type { Filling } from './filling.js';
import type { Put } from './proposal.js';
import type { Spot } from './spot.js';
import { Hole } from './template.js';

/** Puts a whole text between the quotes that stand there; one that is missing comes with it. */
export function changeInQuotes(value: string | Hole, spot: Spot, filling: Filling): TextChange {
  const { start, end, isClosed, quote = '' } = spot.caret;
  const inside = (each: string) => inQuotes(each, quote);
  const text =
    value instanceof Hole
      ? filling.literal(inside(value.prefix)) + filling.hole(inside(value.text), value.choices.map(inside))
      : filling.literal(inside(value));
  // The caret stays before a quote that stands there already.
  if (isClosed && !spot.needsComma) return { start: start + 1, end: end - 1, text };
  return { start: start + 1, end, text: text + quote + (spot.needsComma ? ',' : '') };
}

/** Puts a part of a text in the place of another; around text without quotes they come with it where they are needed. */
export function changeOfPart(put: Extract<Put, { what: 'part' }>, spot: Spot, filling: Filling): TextChange {
  const { caret, offset, isJson, needsComma } = spot;
  const { before, after, quote = '', isClosed, isFolded, start, end } = caret;
  const isOneLine = !/\n/.test(before + after);
  if (quote === '' && !isFolded && isOneLine) {
    const whole = before.slice(0, before.length - put.typed) + put.text + after.slice(put.rest);
    const written = writeLike({ file: isJson ? '.json' : '.yaml', raw: '' }, whole);
    return { start, end, text: filling.literal(written) + (needsComma ? ',' : '') };
  }
  const isLast = quote !== '' && !isClosed && put.rest === after.length;
  const text = filling.literal(inQuotes(put.text, quote)) + (isLast ? quote : '');
  return { start: offset - put.typed, end: offset + put.rest, text };
}

function inQuotes(text: string, quote: string): string {
  if (quote === '"') return JSON.stringify(text).slice(1, -1);
  return quote === "'" ? text.replaceAll("'", "''") : text;
}
