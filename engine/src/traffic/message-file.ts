import type { HeaderField } from './detection.js';
import { HeaderSection, isFieldLine, MAX_FIELD_LENGTH, withoutByteOrderMark } from './header-fields.js';

/** The header section of one message of a file. */
export interface MessageHeaders {
  readonly headers: readonly HeaderField[];
  /** Which message of the file, from 0. */
  readonly index: number;
  /** Line on which the message begins, from 1; in an mbox its `From ` line. */
  readonly line: number;
  /** In an mbox its `From ` line, which tells sender and date. */
  readonly fromLine?: string;
}

/** Longest start of a line that is read, in bytes: enough for a field of the greatest length in UTF-8. */
export const MAX_LINE_BYTES = 4 * (MAX_FIELD_LENGTH + 1);
const MAX_FROM_LINE_BYTES = 1024;
const FROM_LINE = Buffer.from('From ');

/**
 * Takes the lines of a file one by one, and gives the header section of each message as soon as it ends. See
 * `read-messages.ts` for what a file may be.
 */
export class MessageFile {
  #state: 'start' | 'from-line' | 'header' | 'body' = 'start';
  #isMbox = false;
  #lineNumber = 0;
  #messageLine = 0;
  #fromLine: string | undefined;
  #messageCount = 0;
  #isAfterEmptyLine = false;
  #section = new HeaderSection();

  /** Whether the line taken last belongs to a header section that goes on. */
  get isInHeader(): boolean {
    return this.#state === 'header' || this.#state === 'from-line';
  }

  /** Takes the next line, of which no more than {@link MAX_LINE_BYTES} are needed; gives the message whose header section it ends. */
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
        if (this.#isMbox && this.#isAfterEmptyLine && isFromLine(line)) this.#startMessage(line);
        return undefined;
    }
  }

  #startFile(fileLine: Buffer): undefined {
    const line = this.#lineNumber === 1 ? Buffer.from(withoutByteOrderMark(fileLine.toString())) : fileLine;
    if (line.length === 0) return;
    this.#isMbox = isFromLine(line);
    this.#startMessage(line);
    if (this.#isMbox) return;
    this.#state = 'header';
    this.#continueHeader(line);
  }

  #startMessage(line: Buffer): void {
    this.#state = 'from-line';
    this.#messageLine = this.#lineNumber;
    this.#fromLine = this.#isMbox ? line.toString('utf8', 0, MAX_FROM_LINE_BYTES) : undefined;
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
    if (isNextMessage) this.#startMessage(line);
    return message;
  }

  #endHeader(): MessageHeaders | undefined {
    this.#state = 'body';
    const headers = this.#section.finish();
    this.#section = new HeaderSection();
    if (headers.length === 0) return undefined;
    const fromLine = this.#fromLine;
    return {
      headers,
      index: this.#messageCount++,
      line: this.#messageLine,
      ...(fromLine === undefined ? {} : { fromLine }),
    };
  }
}

function isFromLine(line: Buffer): boolean {
  return line.subarray(0, FROM_LINE.length).equals(FROM_LINE);
}
