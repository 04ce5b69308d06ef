/** How places to fill in are written: as snippets, or not at all. */
export interface Filling {
  /** Text as it stands. */
  literal(text: string): string;
  /** The next place to fill in. */
  hole(text: string, choices: readonly string[]): string;
}

/** Places to fill in as the snippets of LSP have them, numbered in the order of the text. */
export class SnippetFilling implements Filling {
  #count = 0;

  literal(text: string): string {
    return text.replace(/[\\$]/g, '\\$&');
  }

  hole(text: string, choices: readonly string[]): string {
    this.#count++;
    if (choices.length > 1) return `\${${this.#count}|${choices.map(escapedChoice).join(',')}|}`;
    return text === '' ? `$${this.#count}` : `\${${this.#count}:${text.replace(/[\\$}]/g, '\\$&')}}`;
  }
}

function escapedChoice(text: string): string {
  return text.replace(/[\\,|]/g, '\\$&');
}

/** For editors without snippets: what stands there until it is filled in. */
export const PLAIN_FILLING: Filling = { literal: (text) => text, hole: (text) => text };
