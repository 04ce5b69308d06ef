import { ByteAccumulator } from './byte-accumulator.js';

/** Attributes of one request; Postfix 3.7 sends 27. */
export const MAX_ATTRIBUTES = 100;

const LF = 0x0a;
const CR = 0x0d;

/** The attributes of a policy request by name; of an attribute that came twice, the first. */
export type PolicyRequest = ReadonlyMap<string, string>;

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

  /** Takes the next octets and yields what is whole. After a problem the connection cannot be read on: close it. */
  *read(octets: Buffer): Generator<PolicyRequestResult, void> {
    let start = 0;
    while (start < octets.length) {
      const end = octets.indexOf(LF, start);
      const next = end < 0 ? octets.length : end + 1;
      this.#octets += next - start;
      if (this.#octets > this.#maxRequestOctets) {
        yield { ok: false, problem: `a request longer than ${this.#maxRequestOctets} octets` };
        return;
      }
      const result = this.#takeLine(octets.subarray(start, end < 0 ? next : end), end >= 0);
      if (result !== undefined) yield result;
      if (result?.ok === false) return;
      start = next;
    }
  }

  #takeLine(part: Buffer, whole: boolean): PolicyRequestResult | undefined {
    if (!whole || this.#line.length > 0) this.#line.append(part);
    if (!whole) return undefined;
    const line = withoutCr(this.#line.length > 0 ? this.#line.take() : part);
    return line.length === 0 ? this.#endRequest() : this.#takeAttribute(line);
  }

  #takeAttribute(line: Buffer): PolicyRequestResult | undefined {
    const text = line.toString('utf8');
    const equals = text.indexOf('=');
    if (text.includes('\0')) return { ok: false, problem: 'a line with a NUL octet' };
    if (equals <= 0) return { ok: false, problem: 'a line that is not name=value' };
    if (this.#attributes.size >= MAX_ATTRIBUTES) {
      return { ok: false, problem: `a request of more than ${MAX_ATTRIBUTES} attributes` };
    }
    const name = text.slice(0, equals);
    if (!this.#attributes.has(name)) this.#attributes.set(name, text.slice(equals + 1));
    return undefined;
  }

  #endRequest(): PolicyRequestResult {
    const request = this.#attributes;
    this.#attributes = new Map();
    this.#octets = 0;
    const type = request.get('request');
    if (type === 'smtpd_access_policy') return { ok: true, request };
    const problem =
      type === undefined
        ? 'a request without the attribute request=smtpd_access_policy'
        : 'a request of another type than smtpd_access_policy';
    return { ok: false, problem };
  }
}

function withoutCr(line: Buffer): Buffer {
  return line.at(-1) === CR ? line.subarray(0, -1) : line;
}
