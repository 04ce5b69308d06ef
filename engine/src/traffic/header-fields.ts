import type { HeaderField } from './detection.js';

/** Most fields that are kept of one header section; those after them are not read. */
export const MAX_HEADER_FIELDS = 1000;
/** Longest value that is kept of one field, in characters; a longer one is cut at a blank. */
export const MAX_FIELD_LENGTH = 64 * 1024;
/** How much of a header section is read, in characters and whole lines; what follows is not read. */
export const MAX_HEADER_LENGTH = 1024 * 1024;

const BLANKS = /[ \t\r\n]+/g;

/**
 * Unfolds a field's value (RFC 5322 section 2.2.3). Every run of blanks and line ends becomes one space, so that
 * where a relay folded a field makes no difference to what is read from it.
 */
export function unfold(value: string): string {
  return value.replace(BLANKS, ' ').trim();
}

/**
 * Reads the header section of a message, or a bare header block.
 *
 * Lines end in CRLF or LF. Blank lines before the first field, a byte order mark, mbox lines (`From `, `>From `) and a
 * missing blank line at the end are accepted. The section ends at the first empty line, or at a line that is neither a
 * field nor the continuation of one. The limits are {@link MAX_HEADER_FIELDS}, {@link MAX_FIELD_LENGTH} and
 * {@link MAX_HEADER_LENGTH}; nothing is thrown where they are passed.
 *
 * @returns the fields from the top down; folded values keep their folds, as a line feed and the blanks after it
 */
export function readHeaderFields(block: string | Uint8Array): HeaderField[] {
  const text = withoutByteOrderMark(typeof block === 'string' ? block : decodeStart(block));
  const section = new HeaderSection();
  let start = 0;
  while (start < text.length) {
    const lineFeed = text.indexOf('\n', start);
    const end = lineFeed < 0 ? text.length : lineFeed;
    const isOpen = section.addLine(withoutCarriageReturn(text.slice(start, end)));
    if (!isOpen) break;
    start = end + 1;
  }
  return section.finish();
}

/** Reads one header section line by line, within the limits of {@link readHeaderFields}. */
export class HeaderSection {
  readonly #fields: HeaderField[] = [];
  #name = '';
  #lines: string[] = [];
  #valueLength = 0;
  #lengthRead = 0;

  /**
   * Takes the next line, without its line end.
   *
   * @returns false where the section ended with or before this line, or a limit was reached
   */
  addLine(line: string): boolean {
    this.#lengthRead += line.length + 1;
    if (this.#lengthRead > MAX_HEADER_LENGTH) return false;
    if (line === '') return this.#isBeforeFirstField();
    if (line.startsWith(' ') || line.startsWith('\t')) {
      this.#continueField(line);
      return true;
    }
    if (line.startsWith('>From ') || (line.startsWith('From ') && this.#isBeforeFirstField())) return true;
    const field = splitField(line);
    if (field === undefined) return false;
    this.#closeField();
    if (this.#fields.length >= MAX_HEADER_FIELDS) return false;
    this.#openField(field);
    return true;
  }

  /** The fields read so far, from the top down. Call it once, at the end. */
  finish(): HeaderField[] {
    this.#closeField();
    return this.#fields;
  }

  #isBeforeFirstField(): boolean {
    return this.#name === '' && this.#fields.length === 0;
  }

  #openField(field: HeaderField): void {
    this.#name = field.name;
    this.#lines = [cutAtBlank(field.value)];
    this.#valueLength = field.value.length;
  }

  #continueField(line: string): void {
    if (this.#name === '') return;
    this.#valueLength += line.length + 1;
    if (this.#valueLength <= MAX_FIELD_LENGTH) this.#lines.push(line);
  }

  #closeField(): void {
    if (this.#name === '') return;
    this.#fields.push({ name: this.#name, value: this.#lines.join('\n') });
    this.#name = '';
  }
}

/** Whether the line begins a field: printable ASCII without blanks, then a colon (RFC 5322 section 2.2). */
export function isFieldLine(line: string): boolean {
  return splitField(line) !== undefined;
}

function splitField(line: string): HeaderField | undefined {
  const colon = line.indexOf(':');
  if (colon < 0) return undefined;
  // Blanks before the colon are obsolete, but old software wrote them (RFC 5322 section 4.5).
  const name = line.slice(0, colon).trimEnd();
  if (!isFieldName(name)) return undefined;
  return { name, value: line.slice(colon + 1).trimStart() };
}

function isFieldName(name: string): boolean {
  for (let index = 0; index < name.length; index++) {
    const code = name.charCodeAt(index);
    if (code <= 0x20 || code >= 0x7f) return false;
  }
  return name !== '';
}

/** Cuts at a blank, because half a version would be read as another version. */
function cutAtBlank(value: string): string {
  if (value.length <= MAX_FIELD_LENGTH) return value;
  const blank = value.lastIndexOf(' ', MAX_FIELD_LENGTH);
  return value.slice(0, Math.max(blank, 0));
}

/** Decodes what the limit can need: a character takes at most four bytes in UTF-8. */
function decodeStart(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8', 0, 4 * (MAX_HEADER_LENGTH + 1));
}

/** Removes the mark that some editors write in front of a text. */
export function withoutByteOrderMark(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}

function withoutCarriageReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
