import { isWordAt } from './octets.js';

const HASH = 0x23;
const FIELDS = Buffer.from('#Fields:');
const LOG_TYPE = Buffer.from('#Log-type:');

/** What one of the lines with `#` says that stand at the head of each Exchange log, and again where it was rotated. */
export type ExchangeHeaderLine =
  | { readonly kind: 'fields'; readonly names: readonly string[] }
  | { readonly kind: 'log-type'; readonly logType: string }
  | { readonly kind: 'other' };

/** Reads a line of the head; undefined for any other line. */
export function readExchangeHeader(octets: Buffer, start: number, end: number): ExchangeHeaderLine | undefined {
  if (octets[start] !== HASH || start === end) return undefined;
  if (isWordAt(octets, start, end, FIELDS)) {
    const names = octets
      .toString('latin1', start + FIELDS.length, end)
      .trim()
      .toLowerCase();
    return { kind: 'fields', names: names.split(/[\s,]+/) };
  }
  if (!isWordAt(octets, start, end, LOG_TYPE)) return { kind: 'other' };
  return { kind: 'log-type', logType: octets.toString('latin1', start + LOG_TYPE.length, end).trim() };
}
