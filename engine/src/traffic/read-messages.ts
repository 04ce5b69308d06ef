import { MAX_LINE_BYTES, MessageFile, type MessageHeaders } from './message-file.js';
import { readLines } from './read-lines.js';

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
