import type { Version } from '../policy/version.js';

/** One header field of a message; the value as it came, folded or not, without its final line end. */
export interface HeaderField {
  readonly name: string;
  readonly value: string;
}

/** An id that a host stamped on a message: which version, in which field. */
export interface StampedVersion {
  readonly version: Version;
  /** As it was written: `15.01.2507.039`. */
  readonly id: string;
  /** Index among the `Received:` fields of the message, 0 for the topmost. */
  readonly hop: number;
  /** The unfolded field with its name, cut to 500 characters. */
  readonly header: string;
}

/** What the headers of a message tell of the server that handed it over. */
export type Detection =
  | {
      readonly found: true;
      /** Host name in the `by` part of the topmost `Received:` field, lower-cased. */
      readonly server: string;
      /** The highest version that this host stamped in the message; absent where it stamped none. */
      readonly stamped?: StampedVersion;
    }
  | {
      readonly found: false;
      /** `no-received`: no such field; `not-exchange`: another software or unreadable; `cloud`: Exchange Online itself. */
      readonly reason: 'no-received' | 'not-exchange' | 'cloud';
      readonly message: string;
    };
