/** Most line breaks that follow each other: one empty line. */
const MAX_LINE_BREAKS = 2;

/** Writes a text piece by piece. Line breaks wait until something follows them, so that no line ends in blanks. */
export class LineWriter {
  #text = '';
  #lineBreaks = 0;
  #lineIndent = 0;

  /** Whether the next piece begins a line. */
  get isAtLineStart(): boolean {
    return this.#text === '' || this.#lineBreaks > 0;
  }

  /** Blanks before what stands first in the last line. */
  get lineIndent(): number {
    return this.#lineIndent;
  }

  /** The whole text, with a line break at its end. */
  get text(): string {
    return this.#text === '' ? '' : `${this.#text}\n`;
  }

  lineBreak(count = 1): void {
    this.#lineBreaks += count;
  }

  /**
   * Writes a piece: at a column where it begins a line, else with a gap before it.
   *
   * @param column counted from 0
   */
  write(piece: string, gap: string, column: number): void {
    if (this.isAtLineStart) {
      if (this.#text !== '') this.#text += '\n'.repeat(Math.min(this.#lineBreaks, MAX_LINE_BREAKS));
      this.#text += ' '.repeat(column);
      this.#lineIndent = column;
    } else this.#text += gap;
    this.#text += piece;
    this.#lineBreaks = 0;
  }
}
