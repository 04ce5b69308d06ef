/** What is put into a document: a value of it, with places that are still to be filled in. */
export type Template = string | number | boolean | Hole | readonly Template[] | TemplateMap;
export interface TemplateMap {
  readonly [key: string]: Template;
}

export interface HoleOptions {
  /** The words of which one can stand there. */
  readonly choices?: readonly string[];
  /** Whether the text stands in quotes wherever quotes are free. */
  readonly isQuoted?: boolean;
  /** What stands before it and belongs to the same text. */
  readonly prefix?: string;
  /** What is to be filled in: a single value, the items of a list, the keys of a map. `bare`: YAML or JSON of any kind. */
  readonly shape?: 'text' | 'bare' | 'list' | 'map';
}

/** A place to fill in. */
export class Hole {
  readonly text: string;
  readonly choices: readonly string[];
  readonly isQuoted: boolean;
  readonly prefix: string;
  readonly shape: 'text' | 'bare' | 'list' | 'map';

  /** @param text what stands there until it is filled in */
  constructor(text = '', { choices = [], isQuoted = false, prefix = '', shape = 'text' }: HoleOptions = {}) {
    this.text = text;
    this.choices = choices;
    this.isQuoted = isQuoted;
    this.prefix = prefix;
    this.shape = shape;
  }
}

/** A place for one of a few words. */
export function choice(...choices: readonly string[]): Hole {
  return new Hole(choices[0], { choices });
}

export function isList(template: Template): template is readonly Template[] {
  return Array.isArray(template);
}

export function isMap(template: Template): template is TemplateMap {
  return typeof template === 'object' && !(template instanceof Hole) && !isList(template);
}

/** Whether a value stands well on one line: no list of maps is in it, and no map. */
export function isFlat(template: Template): boolean {
  if (template instanceof Hole) return template.shape === 'text' || template.shape === 'bare';
  if (isList(template)) return template.every((item) => !isList(item) && !isMap(item) && isFlat(item));
  return !isMap(template);
}

/** Whether something in it is still to be filled in. */
export function hasHoles(template: Template): boolean {
  if (template instanceof Hole) return true;
  return (isList(template) || isMap(template)) && Object.values(template).some(hasHoles);
}
