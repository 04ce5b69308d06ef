import type { FactName, Facts } from '../policy/fact.js';
import type { EpochMillis } from '../policy/instant.js';
import type { CompiledPolicySet } from './compiled-policy-set.js';
import type { Decision } from './decision.js';
import type { Variables } from './diagram/variables.js';
import type { ServerRecord } from './server-record.js';

/** A change of one fact, or of the time, that gives a wanted outcome. */
export interface Change {
  readonly fact: FactName;
  /** `server.version ≥ 15.1.2507.61`, `on connector partners`, `9d earlier, at 2026-09-08T00:00:00Z`. */
  readonly text: string;
  /** The facts and the time as changed. */
  readonly facts: Facts;
  readonly now: EpochMillis;
  /** What is decided then. */
  readonly decision: Decision;
}

/** A connection of which one thing is changed. */
export interface Question {
  readonly compiled: CompiledPolicySet;
  readonly variables: Variables;
  readonly facts: Facts;
  readonly record: ServerRecord | undefined;
  readonly now: EpochMillis;
  /** Decides with other facts, and gives the change where the outcome is the wanted one. */
  readonly withFacts: (fact: FactName, text: string, facts: Facts) => Change | undefined;
  readonly atTime: (now: EpochMillis, text: (decision: Decision) => string) => Change | undefined;
}

/** The facts without one of them. */
export function without(facts: Facts, ...names: readonly FactName[]): Facts {
  return Object.fromEntries(Object.entries(facts).filter(([name]) => !names.includes(name as FactName)));
}
