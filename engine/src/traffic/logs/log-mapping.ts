import type { FactName } from '../../policy/fact.js';

/**
 * Which columns of a CSV, or keys of JSON Lines, tell what. Plain data, so that it can be handed to a worker.
 * A place is the name of a column, or the keys that lead to the value from the outermost on.
 */
export interface LogMapping {
  readonly format: 'csv' | 'json-lines';
  /** One character; only of a CSV, where it is a comma by default. */
  readonly separator?: string;
  /** `connection`: each line is one connection, decided before the headers. `message` by default. */
  readonly moment?: 'connection' | 'message';
  readonly at: MappedInstant;
  readonly facts: Readonly<Partial<Record<MappableFact, MappedPlace>>>;
  /** Of the queue id or session id. */
  readonly id?: MappedPlace;
  readonly outcome?: MappedOutcome;
}

/** One name for a column; one or more for a key. */
export type MappedPlace = readonly string[];

export interface MappedInstant {
  readonly from: MappedPlace;
  /** As `instant-format.ts` has it. */
  readonly format: string;
  /** IANA name; of instants without a zone. */
  readonly zone?: string;
}

/** Values are replies such as `550 5.7.1 Access denied`, or the words that are listed, lower-cased. */
export interface MappedOutcome {
  readonly from: MappedPlace;
  readonly accepted: readonly string[];
  readonly rejected: readonly string[];
}

/** Facts that a log can tell; all others are worked out from them. */
export const MAPPABLE_FACTS = [
  'client.address',
  'client.name',
  'helo',
  'sender.domain',
  'tls.protocol',
  'tls.verified',
  'tls.name',
  'tls.fingerprint',
  'message.size',
  'message.recipients',
  'server.name',
  'server.version',
] as const satisfies readonly FactName[];
export type MappableFact = (typeof MAPPABLE_FACTS)[number];
