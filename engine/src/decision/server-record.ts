import type { DurationMillis } from '../policy/duration.js';
import type { EpochMillis } from '../policy/instant.js';
import { JoinedNames } from './joined-names.js';

/** Key of a server in the store: its connector and its name there, `connector/name`. */
export type ServerId = string & { readonly [serverIdBrand]: true };
declare const serverIdBrand: unique symbol;

const serverIds = new JoinedNames();

/** Makes the key of a server; `name` is the host name, address or fingerprint by which its connector tells it apart. */
export function serverId(connector: string, name: string): ServerId {
  return serverIds.of(connector, name) as ServerId;
}

/** A version that was seen of a server, and by what; JSON-safe, so that a store keeps it as it is. */
export interface SeenVersion {
  /** Short spelling: `15.1.2507.39`. */
  readonly version: string;
  readonly firstSeen: EpochMillis;
  readonly lastSeen: EpochMillis;
  readonly evidence: VersionEvidence;
}

/** Why a version is believed. */
export interface VersionEvidence {
  /** The unfolded text of the header, cut to 500 characters; absent where a gateway told the version itself. */
  readonly header?: string;
  /** Which `Received:` field of the message it was, 0 for the topmost. */
  readonly hop?: number;
  /** The id as it was written: `15.01.2507.039`. */
  readonly id: string;
  /** Queue id of the message, where the gateway knew it. */
  readonly queueId?: string;
  /** Name of the build in the catalogue; absent where no catalogue knows the product. */
  readonly build?: string;
}

/** A time during which a server's clock stands still, half-open. */
export interface Pause {
  readonly from: EpochMillis;
  readonly until: EpochMillis;
}

/** Refusals in one UTC hour. */
export interface RefusalCount {
  /** Start of the hour. */
  readonly hour: EpochMillis;
  readonly count: number;
}

/** The stage of a server when a decision was last made for it. */
export interface ToldStage {
  readonly policy: string;
  readonly stage: string;
  readonly at: EpochMillis;
}

/** How far the clock of a server had come when an acceptable version ended it. */
export interface Remediation {
  readonly at: EpochMillis;
  readonly elapsed: DurationMillis;
}

/** What is remembered of a sending server: plain JSON values only. */
export interface ServerRecord {
  readonly id: ServerId;
  readonly connector: string;
  readonly name: string;
  readonly firstSeen: EpochMillis;
  readonly lastSeen: EpochMillis;
  /** When a policy first matched the server; absent while its clock does not run. */
  readonly firstDetected?: EpochMillis;
  /** The version for which a policy last matched, short spelling. */
  readonly detectedVersion?: string;
  /** At most 8, the latest seen first. */
  readonly versions: readonly SeenVersion[];
  readonly told?: ToldStage;
  readonly pauses: readonly Pause[];
  /** Of the last 24 hours, the latest first. */
  readonly refusals: readonly RefusalCount[];
  readonly remediation?: Remediation;
}
