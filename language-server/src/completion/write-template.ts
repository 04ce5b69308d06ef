import { writeLike } from '@sluice/engine/policy/rewrite-scalar.js';
import type { Filling } from './filling.js';
import { Hole, isFlat, isList, isMap, type Template, type TemplateMap } from './template.js';

/** How a value is written. */
export interface Notation {
  readonly isJson: boolean;
  readonly filling: Filling;
  /** What keys stand in, beside the quotes that JSON needs. */
  readonly keyQuote?: string | undefined;
}

/** Writes a value on one line. */
export function inline(template: Template, notation: Notation): string {
  if (template instanceof Hole) return holeText(template, notation);
  if (isList(template)) return `[${template.map((each) => inline(each, notation)).join(', ')}]`;
  if (isMap(template)) return `{ ${inlineEntries(template, notation)} }`;
  return scalarText(template, notation);
}

/** The entries of a map on one line, without brackets. */
export function inlineEntries(map: TemplateMap, notation: Notation): string {
  return Object.entries(map)
    .map(([key, value]) => `${keyText(key, notation)}: ${inline(value, notation)}`)
    .join(', ');
}

/** The lines of a value: in the block style of YAML, or of JSON. */
export function valueLines(template: Template, notation: Notation): string[] {
  const { isJson } = notation;
  const isOneBrief = isBrief(isList(template) && template.length === 1 ? (template[0] ?? '') : template);
  if (isFlat(template) || (isJson && isOneBrief)) return [inline(template, notation)];
  if (isMap(template)) {
    const lines = entryLines(template, notation);
    return isJson ? ['{', ...indented(lines), '}'] : lines;
  }
  if (!isList(template)) return [inline(template, notation)];
  const items = template.map((each) => (isJson ? valueLines(each, notation) : itemLines(each, notation)));
  return isJson ? ['[', ...indented(separated(items)), ']'] : items.flat();
}

/** The lines of the entries of a map, without brackets. */
export function entryLines(map: TemplateMap, notation: Notation): string[] {
  const entries = Object.entries(map).map(([key, value]) => oneEntryLines(keyText(key, notation), value, notation));
  return notation.isJson ? separated(entries) : entries.flat();
}

/** The lines of an item of a list in the block style, with its dash. */
export function itemLines(item: Template, notation: Notation): string[] {
  const isInline = isBrief(item) && Object.keys(item).length > 1;
  const [first = '', ...others] = isInline ? [inline(item, notation)] : valueLines(item, notation);
  return [`- ${first}`, ...indented(others)];
}

export function indented(lines: readonly string[], by = 2): string[] {
  return lines.map((line) => ' '.repeat(by) + line);
}

/** The lines of several values, with a comma between each and the next. */
export function separated(values: readonly (readonly string[])[]): string[] {
  return values.flatMap((lines, index) =>
    lines.map((line, at) => (at === lines.length - 1 && index < values.length - 1 ? `${line},` : line)),
  );
}

function oneEntryLines(key: string, value: Template, notation: Notation): string[] {
  if (notation.isJson) {
    const [first = '', ...others] = valueLines(value, notation);
    return [`${key}: ${first}`, ...others];
  }
  if (value instanceof Hole && value.shape === 'list') return [`${key}:`, `  - ${filled(value, notation)}`];
  if (value instanceof Hole && value.shape === 'map') return [`${key}:`, `  ${filled(value, notation)}`];
  if (isFlat(value)) return [`${key}: ${inline(value, notation)}`];
  return [`${key}:`, ...indented(valueLines(value, notation))];
}

/** A map that reads well on one line. */
function isBrief(template: Template): template is TemplateMap {
  return isMap(template) && Object.values(template).every(isFlat);
}

export function keyText(key: string, { isJson, filling, keyQuote = '' }: Notation): string {
  return filling.literal(isJson ? JSON.stringify(key) : `${keyQuote}${key}${keyQuote}`);
}

function scalarText(value: string | number | boolean, { isJson, filling }: Notation): string {
  return filling.literal(writeLike({ file: isJson ? '.json' : '.yaml', raw: '' }, value));
}

function holeText(hole: Hole, notation: Notation): string {
  const { shape, text, prefix, isQuoted } = hole;
  const { isJson } = notation;
  if (shape === 'list') return `[${filled(hole, notation)}]`;
  if (shape === 'map') return filled(hole, notation).replace(/^.+$/, '{ $& }') || '{}';
  const isPlain = !isQuoted && (text === '' || prefix !== '' || writeLike({ file: '.yaml', raw: '' }, text) === text);
  if (shape === 'bare' || (!isJson && isPlain)) return filled(hole, notation);
  return `"${filled(hole, notation)}"`;
}

/** The place to fill in, with what stands before it. */
function filled({ prefix, text, choices, shape }: Hole, { isJson, filling }: Notation): string {
  const isText = shape === 'text';
  const written = (each: string) => (isText && isJson ? JSON.stringify(each).slice(1, -1) : each);
  return filling.literal(prefix) + filling.hole(written(text), choices.map(written));
}
