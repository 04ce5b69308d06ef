import type { FactName } from '../../policy/fact.js';

/** Which columns of a CSV, or keys of JSON Lines, tell what. */
export interface LogMapping {
  /** Of the instant. */
  readonly at: string;
  /** Of the facts; derived ones such as `server.name` and `server.version` too. */
  readonly facts: Readonly<Partial<Record<FactName, string>>>;
  /** Of the queue id or session id. */
  readonly id?: string;
}
