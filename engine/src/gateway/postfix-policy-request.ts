import { ByteAccumulator } from './byte-accumulator.js';
import { type PolicyRequest, usualRequestAt } from './usual-policy-request.js';

/** Attributes of one request; Postfix 3.7 sends 27. */
export const MAX_ATTRIBUTES = 100;

const LF = 0x0a;
const CR = 0x0d;

export type PolicyRequestResult =
  | { readonly ok: true; readonly request: PolicyRequest }
  | { readonly ok: false; readonly problem: string };

/**
 * Reads requests of the Postfix policy protocol (SMTPD_POLICY_README): lines `name=value`, ended by LF or CRLF, up to an
 * empty line. A value may hold `=` and may be empty; neither part holds NUL.
 */
export class PolicyRequestReader {
  readonly #maxRequestOctets: number;
  readonly #line = new ByteAccumulator();
  #attributes = new Map<string, string>();
  #octets = 0;

  constructor(maxRequestOctets: number) {
    this.#maxRequestOctets = maxRequestOctets;
  }

  /** Whether a request has begun and not ended. */
  get midRequest(): boolean {
    return this.#octets > 0;
  }

  /** Takes the next octets and gives what is whole. After a problem, always the last, the connection cannot be read on: close it. */
  read(octets: Buffer): readonly PolicyRequestResult[] {
    const results: PolicyRequestResult[] = [];
    const text = octets.toString('latin1');
    let start = 0;
    while (start < octets.length) {
      const usual = this.midRequest ? undefined : usualRequestAt(text, start);
      const isUsual = usual !== undefined && usual.octets <= this.#maxRequestOctets;
      const next = isUsual ? start + usual.octets : endOfLine(octets, start);
      const result: PolicyRequestResult | undefined = isUsual
        ? { ok: true, request: usual.request }
        : this.#takePart(octets.subarray(start, next));
      if (result !== undefined) results.push(result);
      if (result?.ok === false) break;
      start = next;
    }
    return results;
  }

  /** Takes a line, or as much of it as there is. */
  #takePart(part: Buffer): PolicyRequestResult | undefined {
    this.#octets += part.length;
    if (this.#octets > this.#maxRequestOctets) return problem(`a request longer than ${this.#maxRequestOctets} octets`);
    const isWhole = part.at(-1) === LF;
    if (!isWhole || this.#line.length > 0) this.#line.append(part);
    if (!isWhole) return undefined;
    const line = withoutLineEnd(this.#line.length > 0 ? this.#line.take() : part);
    return line.length === 0 ? this.#endRequest() : this.#takeAttribute(line);
  }

  #takeAttribute(line: Buffer): PolicyRequestResult | undefined {
    const text = line.toString('utf8');
    const equals = text.indexOf('=');
    if (text.includes('\0')) return problem('a line with a NUL octet');
    if (equals <= 0) return problem('a line that is not name=value');
    if (this.#attributes.size >= MAX_ATTRIBUTES) return problem(`a request of more than ${MAX_ATTRIBUTES} attributes`);
    const name = text.slice(0, equals);
    if (!this.#attributes.has(name)) this.#attributes.set(name, text.slice(equals + 1));
    return undefined;
  }

  #endRequest(): PolicyRequestResult {
    const request: PolicyRequest = Object.fromEntries(this.#attributes);
    this.#attributes = new Map();
    this.#octets = 0;
    if (request.request === 'smtpd_access_policy') return { ok: true, request };
    return problem(
      request.request === undefined
        ? 'a request without the attribute request=smtpd_access_policy'
        : 'a request of another type than smtpd_access_policy',
    );
  }
}

function problem(text: string): PolicyRequestResult {
  return { ok: false, problem: text };
}

/** Behind the line's LF, or the end of what there is. */
function endOfLine(octets: Buffer, start: number): number {
  const end = octets.indexOf(LF, start);
  return end < 0 ? octets.length : end + 1;
}

function withoutLineEnd(line: Buffer): Buffer {
  return line.subarray(0, line.at(-2) === CR ? -2 : -1);
}
