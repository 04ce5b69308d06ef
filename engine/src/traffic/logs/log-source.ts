import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline, Readable, type Transform } from 'node:stream';
import { TextDecoder } from 'node:util';
import * as zlib from 'node:zlib';
import { type EpochMillis, epochMillis } from '../../policy/instant.js';

/** Where lines come from. */
export interface LogSource {
  readonly name: string;
  readonly writtenBy: EpochMillis;
  /** The octets as they are stored, compressed or not. */
  open(): AsyncIterable<Buffer>;
  /** Whether it can be opened only once, as standard input. */
  readonly isOnce: boolean;
}

/** An input that cannot be used at all, with what to do, for the user. */
export class LogInputError extends Error {}

/** Octets that are read at once. */
const PART_OCTETS = 1024 * 1024;
const GZIP = [0x1f, 0x8b];
const ZSTD = [0x28, 0xb5, 0x2f, 0xfd];
const UTF_16_LITTLE = [0xff, 0xfe];
const UTF_16_BIG = [0xfe, 0xff];

/** @throws LogInputError where there is no such file */
export async function fileSource(path: string): Promise<LogSource> {
  const status = await stat(path).catch((error: Error) => {
    throw new LogInputError(`${path} cannot be read: ${error.message}`);
  });
  return {
    name: path,
    writtenBy: epochMillis(status.mtimeMs),
    open: () => createReadStream(path, { highWaterMark: PART_OCTETS }),
    // A pipe gives its octets once.
    isOnce: !status.isFile(),
  };
}

/** A stream such as standard input, of which all was written by `now`. */
export function streamSource(name: string, stream: AsyncIterable<Buffer>, now: EpochMillis): LogSource {
  return { name, writtenBy: now, open: () => stream, isOnce: true };
}

/**
 * The octets of a source in UTF-8, decompressed where they begin as gzip or zstd do, whatever its name.
 *
 * @throws LogInputError where this Node cannot decompress it; what the decompression throws
 */
export async function* plainOctets(source: LogSource): AsyncGenerator<Buffer, void, undefined> {
  const parts = source.open()[Symbol.asyncIterator]();
  try {
    const head = await headOf(parts, ZSTD.length);
    const rest = joined(head, parts);
    if (startsWith(head, GZIP)) yield* asUtf8(decompressed(rest, zlib.createGunzip()));
    else if (startsWith(head, ZSTD)) yield* asUtf8(decompressed(rest, zstdDecompress(source.name)));
    else yield* asUtf8(rest);
  } finally {
    await parts.return?.();
  }
}

async function headOf(parts: AsyncIterator<Buffer>, length: number): Promise<Buffer> {
  let head: Buffer = Buffer.alloc(0);
  while (head.length < length) {
    const part = await parts.next();
    if (part.done === true) break;
    head = head.length === 0 ? part.value : Buffer.concat([head, part.value]);
  }
  return head;
}

async function* joined(head: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  yield head;
  for (let part = await rest.next(); part.done !== true; part = await rest.next()) yield part.value;
}

function decompressed(parts: AsyncIterable<Buffer>, decompress: Transform): AsyncIterable<Buffer> {
  // Errors are thrown to the one who reads the stream.
  return pipeline(Readable.from(parts), decompress, () => undefined);
}

/** Node has zstd from 22.15 and 23.8 on. */
function zstdDecompress(name: string): Transform {
  const create = (zlib as { createZstdDecompress?: () => Transform }).createZstdDecompress;
  if (create !== undefined) return create();
  throw new LogInputError(
    `${name} is compressed with zstd, which Node ${process.versions.node} cannot read (22.15 and later can). Give it by standard input: zstd -dc ${name} | sluice … -`,
  );
}

async function* asUtf8(parts: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  let decoder: TextDecoder | undefined;
  let isFirst = true;
  for await (const part of parts) {
    if (isFirst) decoder = utf16Decoder(part);
    isFirst = false;
    yield decoder === undefined ? part : Buffer.from(decoder.decode(part, { stream: true }));
  }
}

/** Windows writes what its shell redirects as UTF-16. */
function utf16Decoder(head: Buffer): TextDecoder | undefined {
  if (startsWith(head, UTF_16_LITTLE)) return new TextDecoder('utf-16le');
  return startsWith(head, UTF_16_BIG) ? new TextDecoder('utf-16be') : undefined;
}

function startsWith(octets: Buffer, head: readonly number[]): boolean {
  return head.every((octet, index) => octets[index] === octet);
}
