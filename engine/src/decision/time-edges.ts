import type { DurationMillis } from '../policy/duration.js';
import { epochMillis } from '../policy/instant.js';
import type { Policy, PolicySet } from '../policy/policy-set.js';
import { comparisonsIn, timesOf } from './diagram/compile-diagram.js';
import { Variables } from './diagram/variables.js';
import { clockArrivesAt } from './enforcement-clock.js';
import { decidersOf } from './policy-selector.js';
import type { ServerRecord } from './server-record.js';

const HOUR_MILLIS = 3_600_000;

/**
 * Instants at which policies, exemptions, conditions or the catalogue may give something else, whatever the server; sorted.
 * Between two of them only what {@link serverEdges} tells changes with time alone, and the window of the hour.
 */
export function calendarEdges(policySet: PolicySet): readonly number[] {
  const { catalogue } = policySet;
  const comparisons = comparisonsIn(policySet);
  const shape = { connectorCells: 0, catalogues: [catalogue] };
  const { edges } = new Variables(comparisons, shape, timesOf(decidersOf(policySet))).timeVariable;
  // Where facts are compared with each other, the instants that the catalogue knows are edges: `time` with `server.supportEnds`.
  if (!comparisons.some(({ operand }) => 'fact' in operand)) return edges;
  const known = catalogue.products.flatMap(({ supportEnds, builds }) =>
    [supportEnds, ...builds.map(({ released }) => released)].filter((instant) => instant !== undefined),
  );
  return [...new Set([...edges, ...known.flatMap((instant) => [instant, instant + 1])])].sort((a, b) => a - b);
}

/**
 * Instants at which something may change for one server under some policies: stages on its clock, pauses, versions that no
 * longer count, refusals that no threshold counts any more. Not sorted.
 */
export function serverEdges(
  record: ServerRecord,
  policies: readonly Policy[],
  versionWindow: DurationMillis,
): number[] {
  const { firstDetected, pauses, versions, refusals } = record;
  const edges: number[] = [record.firstSeen + 1, ...pauses.flatMap(({ from, until }) => [from, until])];
  edges.push(...versions.map(({ lastSeen }) => lastSeen + versionWindow));
  if (refusals.length > 0) {
    const withins = new Set(policies.flatMap(({ thresholds }) => thresholds.map(({ within }) => within)));
    for (const { hour } of refusals) for (const within of withins) edges.push(hour + within + HOUR_MILLIS);
  }
  if (firstDetected === undefined) return edges;
  for (const { effective, stages } of policies) {
    const start = epochMillis(Math.max(firstDetected, effective.from ?? firstDetected));
    edges.push(...stages.map(({ after }) => clockArrivesAt(after, pauses, start)));
  }
  return edges;
}
