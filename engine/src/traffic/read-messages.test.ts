import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_HEADER_FIELDS } from './header-fields.js';
import type { MessageHeaders } from './message-file.js';
import { readMessages } from './read-messages.js';

type Source = Parameters<typeof readMessages>[0];

async function read(source: Source): Promise<MessageHeaders[]> {
  const messages: MessageHeaders[] = [];
  for await (const message of readMessages(source)) messages.push(message);
  return messages;
}

/** `line: name=value name=value` of each message. */
async function summary(source: Source): Promise<string[]> {
  const messages = await read(source);
  return messages.map(
    ({ headers, line }) => `${line}: ${headers.map(({ name, value }) => `${name}=${value}`).join(' ')}`,
  );
}

const FROM = 'From a@corp.example Thu Jan  1 00:00:00 2026\n';

describe('readMessages', () => {
  it.each([
    ['a header block', 'A: 1\nB: 2\n', ['1: A=1 B=2']],
    ['a header block without line end', 'A: 1\nB: 2', ['1: A=1 B=2']],
    ['a header block after blank lines', '\n\nA: 1\n', ['3: A=1']],
    ['a header block with a byte order mark', '\uFEFFA: 1\n', ['1: A=1']],
    ['a message', 'A: 1\n\nA: 2\n\nA: 3\n', ['1: A=1']],
    ['a message with a paragraph that begins with From', `A: 1\n\nbody\n\n${FROM}A: 2\n`, ['1: A=1']],
    ['an mbox', `${FROM}A: 1\n\nbody\n\n${FROM}A: 2\n\nbody\n`, ['1: A=1', '6: A=2']],
    ['an mbox with empty bodies', `${FROM}A: 1\n\n${FROM}A: 2\n\n`, ['1: A=1', '4: A=2']],
    ['an mbox of bare headers', `${FROM}A: 1\n${FROM}A: 2\n`, ['1: A=1', '3: A=2']],
    ['an mbox with a byte order mark', `\uFEFF${FROM}A: 1\n\n${FROM}A: 2\n`, ['1: A=1', '4: A=2']],
    ['an mbox with a From line in a paragraph', `${FROM}A: 1\n\nbody\n${FROM}A: 2\n`, ['1: A=1']],
    ['an mbox with quoted From lines', `${FROM}>${FROM}A: 1\n\nbody\n\n>${FROM}A: 2\n`, ['1: A=1']],
    [
      'an mbox with From at the start of a paragraph',
      `${FROM}A: 1\n\nFrom here on\nwe go\n\n${FROM}A: 2\n`,
      ['1: A=1', '7: A=2'],
    ],
    ['an mbox with a message that has no header', `${FROM}\nA: 1\n\n${FROM}A: 2\n`, ['5: A=2']],
    ['a body that quotes headers', 'A: 1\n\n> A: 2\n\n--b\nContent-Type: message/rfc822\n\nA: 3\n', ['1: A=1']],
    ['a text that is no message', 'Hello world\n\nA: 1\n', []],
    ['nothing', '', []],
    ['blank lines', '\n\r\n\n', []],
  ])('finds in %s exactly its messages', async (_name, text, expected) => {
    expect(await summary(text)).toEqual(expected);
    expect(await summary(text.replaceAll('\n', '\r\n'))).toEqual(expected);
  });

  it('numbers the messages from 0', async () => {
    const messages = await read(`${FROM}A: 1\n\n${FROM}\n\n${FROM}A: 2\n`);
    expect(messages.map(({ index }) => index)).toEqual([0, 1]);
  });

  it('reads a file as a stream', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-messages-'));
    try {
      const file = join(folder, 'a.mbox');
      writeFileSync(file, `${FROM}A: 1\n\n${'body\n'.repeat(100_000)}\n${FROM}A: 2\n`);
      expect(await summary(createReadStream(file))).toEqual(['1: A=1', '100005: A=2']);
      expect(await summary(createReadStream(file, 'utf8'))).toEqual(['1: A=1', '100005: A=2']);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('passes on the error of a stream that breaks', async () => {
    const broken = Readable.from(
      (async function* () {
        yield Buffer.from('A: 1\n');
        throw new Error('disk gone');
      })(),
    );
    await expect(read(broken)).rejects.toThrow('disk gone');
  });

  it('keeps little of a header section, line or body that does not end', async () => {
    const chunk = Buffer.alloc(1024 * 1024, 'a');
    const stream = (head: string, count: number, part: Buffer) =>
      Readable.from(
        (function* () {
          yield Buffer.from(head);
          for (let index = 0; index < count; index++) yield part;
          yield Buffer.from(`\n\n${FROM}A: 2\n`);
        })(),
      );
    const kept = (messages: MessageHeaders[]) =>
      messages.map(({ headers }) => headers.reduce((sum, { name, value }) => sum + name.length + value.length, 0));
    expect(kept(await read(stream(`${FROM}A: `, 64, chunk)))).toEqual([1, 2]);
    expect(kept(await read(stream(`${FROM}A: 1\n\n`, 64, chunk)))).toEqual([2, 2]);
    const manyFields = await read(stream(FROM, 16, Buffer.from('A: 1\n'.repeat(100_000))));
    expect(manyFields.map(({ headers }) => headers.length)).toEqual([MAX_HEADER_FIELDS, 1]);
  });

  it('finds the same however the bytes are cut into chunks', async () => {
    const text = `${FROM}A: 1\r\n ä\n\nFrom x\nbody\r\n\r\n${FROM}B: 2\n\n\n${FROM}C: 3`;
    const bytes = Buffer.from(text);
    const expected = await read(text);
    const cuts = fc.array(fc.integer({ min: 0, max: bytes.length }));
    await fc.assert(
      fc.asyncProperty(cuts, async (places) => {
        const bounds = [0, ...places.toSorted((a, b) => a - b), bytes.length];
        const chunks = bounds.slice(1).map((end, index) => bytes.subarray(bounds[index], end));
        expect(await read(Readable.from(chunks))).toEqual(expected);
      }),
    );
  });

  it('never throws, whatever the bytes', async () => {
    const words = fc.array(fc.constantFrom(FROM, '\n', '\r\n', 'A: 1\n', ' x\n', 'text\n', '\0', '>From '));
    await fc.assert(fc.asyncProperty(words, async (parts) => Array.isArray(await read(parts.join('')))));
    await fc.assert(fc.asyncProperty(fc.uint8Array(), async (bytes) => Array.isArray(await read(bytes))));
  });
});
