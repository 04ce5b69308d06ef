import type { FactName, Facts } from '../policy/fact.js';
import type { EpochMillis } from '../policy/instant.js';
import type { CompiledPolicySet } from './compiled-policy-set.js';
import { decide } from './decide.js';
import type { Action, Decision } from './decision.js';
import { exactDiagrams } from './diagram/exact-diagrams.js';
import type { ServerRecord } from './server-record.js';
import { addressChanges, connectorChanges } from './why-not-connector.js';
import { otherFactChanges } from './why-not-fact.js';
import type { Change, Question } from './why-not-question.js';
import { timeChanges } from './why-not-time.js';
import { versionChanges } from './why-not-version.js';

/** How an outcome could be had that is not there. */
export interface WhyNot {
  readonly wanted: Action;
  /** The nearest first; none where the outcome is the wanted one already, or no change of one fact gives it. */
  readonly changes: readonly Change[];
}

/**
 * Finds the nearest changes that give an outcome, each proved by deciding it. Versions come first: the nearest above, then
 * the nearest below, by the fewest of the edges that policies draw. Then the time, later and earlier; the connector; the
 * nearest addresses; then other facts that conditions ask for. What only a regular expression can tell may be missed.
 */
export function whyNot(
  compiled: CompiledPolicySet,
  facts: Facts,
  record: ServerRecord | undefined,
  now: EpochMillis,
  wanted: Action,
): WhyNot {
  if (decide(compiled, facts, record, now).action === wanted) return { wanted, changes: [] };
  const prove = (fact: FactName, changed: Facts, at: EpochMillis, text: (decision: Decision) => string) => {
    const decision = decide(compiled, changed, record, at);
    return decision.action === wanted ? { fact, text: text(decision), facts: changed, now: at, decision } : undefined;
  };
  const question: Question = {
    compiled,
    variables: exactDiagrams([compiled.policySet]).variables,
    facts,
    record,
    now,
    withFacts: (fact, text, changed) => prove(fact, changed, now, () => text),
    atTime: (at, text) => prove('time', facts, at, text),
  };
  const changes = [versionChanges, timeChanges, connectorChanges, addressChanges, otherFactChanges];
  return { wanted, changes: changes.flatMap((changesOf) => changesOf(question)) };
}
