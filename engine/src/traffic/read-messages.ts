import type { HeaderField } from './detection.js';
import { HeaderSection, isFieldLine, MAX_FIELD_LENGTH, withoutByteOrderMark } from './header-fields.js';
import { readLines } from './read-lines.js';

/** The header section of one message of a file. */
export interface MessageHeaders {
  readonly headers: readonly HeaderField[];
  /** Which message of the file, from 0. */
  readonly index: number;
  /** Line on which the message begins, from 1; in an mbox its `From ` line. */
  readonly line: number;
}

/** Longest start of a line that is read, in bytes: enough for a field of the greatest length in UTF-8. */
const MAX_LINE_BYTES = 4 * (MAX_FIELD_LENGTH + 1);
const FROM_LINE = Buffer.from('From ');

/**
 * Reads the header sections of a file: one message, a bare header block, or an mbox.
 *
 * A file is an mbox where its first line begins with `From ` (RFC 4155). Its next message begins at a `From ` line after an
 * empty line, if a header field follows; so a paragraph that begins with the word "From" separates nothing. Bodies, and
 * headers quoted or attached in them, are skipped. A file or message without any header field gives nothing. Memory is
 * bounded by the limits of one header section, however long the file or its lines are.
 *
 * @param source the file's text, its bytes, or a stream of either such as a `Readable`
 */
export async function* readMessages(
  source: string | Uint8Array | AsyncIterable<string | Uint8Array>,
): AsyncGenerator<MessageHeaders, void, undefined> {
  const chunks = typeof source === 'string' || source instanceof Uint8Array ? [source] : source;
  const file = new MessageFile();
  for await (const line of readLines(chunks, MAX_LINE_BYTES)) {
    const message = file.addLine(line);
    if (message !== undefined) yield message;
  }
  const last = file.finish();
  if (last !== undefined) yield last;
}

class MessageFile {
  #state: 'start' | 'from-line' | 'header' | 'body' = 'start';
  #isMbox = false;
  #lineNumber = 0;
  #messageLine = 0;
  #messageCount = 0;
  #isAfterEmptyLine = false;
  #section = new HeaderSection();

  /** Takes the next line; gives the message whose header section it ends. */
  addLine(line: Buffer): MessageHeaders | undefined {
    this.#lineNumber++;
    const message = this.#step(line);
    this.#isAfterEmptyLine = line.length === 0;
    return message;
  }

  /** Gives the message whose header section the end of the file ends. */
  finish(): MessageHeaders | undefined {
    return this.#state === 'header' ? this.#endHeader() : undefined;
  }

  #step(line: Buffer): MessageHeaders | undefined {
    switch (this.#state) {
      case 'start':
        return this.#startFile(line);
      case 'from-line':
        return this.#startHeader(line);
      case 'header':
        return this.#continueHeader(line);
      case 'body':
        if (this.#isMbox && this.#isAfterEmptyLine && isFromLine(line)) this.#startMessage();
        return undefined;
    }
  }

  #startFile(fileLine: Buffer): undefined {
    const line = this.#lineNumber === 1 ? Buffer.from(withoutByteOrderMark(fileLine.toString())) : fileLine;
    if (line.length === 0) return;
    this.#isMbox = isFromLine(line);
    this.#startMessage();
    if (this.#isMbox) return;
    this.#state = 'header';
    this.#continueHeader(line);
  }

  #startMessage(): void {
    this.#state = 'from-line';
    this.#messageLine = this.#lineNumber;
  }

  #startHeader(line: Buffer): undefined {
    const text = line.toString();
    if (!isFieldLine(text) && !text.startsWith('>From ')) {
      this.#state = 'body';
      return;
    }
    this.#state = 'header';
    this.#section.addLine(text);
  }

  #continueHeader(line: Buffer): MessageHeaders | undefined {
    const isNextMessage = this.#isMbox && isFromLine(line);
    if (!isNextMessage && this.#section.addLine(line.toString())) return undefined;
    const message = this.#endHeader();
    if (isNextMessage) this.#startMessage();
    return message;
  }

  #endHeader(): MessageHeaders | undefined {
    this.#state = 'body';
    const headers = this.#section.finish();
    this.#section = new HeaderSection();
    if (headers.length === 0) return undefined;
    return { headers, index: this.#messageCount++, line: this.#messageLine };
  }
}

function isFromLine(line: Buffer): boolean {
  return line.subarray(0, FROM_LINE.length).equals(FROM_LINE);
}
