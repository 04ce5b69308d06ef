import type { HeaderField } from '../traffic/detection.js';

/** Header fields of one message that are kept; those further down tell nothing of the sending server. */
export const MAX_KEPT_FIELDS = 1000;
/** Their octets, names included. */
export const MAX_KEPT_OCTETS = 256 * 1024;

/** Gathers the header of a message field by field, within bounds: the fields from the top down until one does not fit. */
export class MilterHeaders {
  readonly #fields: HeaderField[] = [];
  #octets = 0;
  #full = false;

  get fields(): readonly HeaderField[] {
    return this.#fields;
  }

  /**
   * Takes the data of a header command: name, NUL, value, NUL.
   *
   * @returns false where the data has not this form
   */
  add(data: Buffer): boolean {
    const nul = data.indexOf(0);
    if (nul <= 0) return false;
    this.#octets += data.length;
    this.#full ||= this.#octets > MAX_KEPT_OCTETS || this.#fields.length >= MAX_KEPT_FIELDS;
    if (this.#full) return true;
    const end = data.indexOf(0, nul + 1);
    const value = data.toString('utf8', nul + 1, end < 0 ? data.length : end);
    // The space behind the colon comes along where SMFIP_HDR_LEADSPC was agreed on; older mail servers swallow it.
    this.#fields.push({ name: data.toString('utf8', 0, nul), value: value.trimStart() });
    return true;
  }
}
