import { type Problem, problemOf } from './http-problem.js';

export type JsonBodyResult =
  | { readonly ok: true; readonly json: unknown }
  | { readonly ok: false; readonly problem: Problem };

/** Reads a request's body of at most `maxOctets` as JSON in UTF-8 (RFC 8259 §8.1). */
export async function readJsonBody(request: Request, maxOctets: number): Promise<JsonBodyResult> {
  const type = request.headers.get('content-type') ?? '';
  if (!/^application\/json\s*(?:;|$)/i.test(type)) {
    return failed(415, `The body must be application/json; the request says ${JSON.stringify(type.slice(0, 80))}.`);
  }
  const encoding = request.headers.get('content-encoding') ?? 'identity';
  if (encoding !== 'identity') return failed(415, 'A compressed body is not taken; send it as it is.');
  const octets = await readOctets(request, maxOctets);
  if (octets === 'too-long') return failed(413, `The body may have at most ${maxOctets} octets.`);
  if (octets === 'broken-off') return failed(400, 'The body ended before its announced length.');
  const text = decodeUtf8(octets);
  if (text === undefined) return failed(400, 'The body is not valid UTF-8.');
  try {
    return { ok: true, json: JSON.parse(text) };
  } catch (error) {
    return failed(400, `The body is not valid JSON${placeOf(error, text)}.`);
  }
}

/** Reads no more than is allowed, whether the length is announced or not. */
async function readOctets(request: Request, maxOctets: number): Promise<Buffer | 'too-long' | 'broken-off'> {
  if (Number(request.headers.get('content-length') ?? 0) > maxOctets) return 'too-long';
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const part of request.body ?? []) {
      length += part.length;
      if (length > maxOctets) return 'too-long';
      parts.push(part);
    }
  } catch {
    return 'broken-off';
  }
  return Buffer.concat(parts, length);
}

function decodeUtf8(octets: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(octets);
  } catch {
    return undefined;
  }
}

/** Line and column of a JSON error, where the engine tells its position; a text that ends too early fails at its end. */
function placeOf(error: unknown, text: string): string {
  const message = error instanceof Error ? error.message : '';
  const position = /at position (\d+)/.exec(message)?.[1] ?? (/end of JSON/.test(message) ? text.length : undefined);
  if (position === undefined) return '';
  const before = text.slice(0, Number(position));
  const line = before.split('\n').length;
  return ` at line ${line}, column ${before.length - before.lastIndexOf('\n')} (position ${position})`;
}

function failed(status: number, detail: string): JsonBodyResult {
  return { ok: false, problem: problemOf(status, detail) };
}
