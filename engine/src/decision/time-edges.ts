import type { BuildCatalogue } from '../policy/build-catalogue.js';
import type { Facts } from '../policy/fact.js';
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
 * Between two of them only what {@link serverEdges} tells changes with time alone, the version of a server that falls silent, and the window of the hour.
 */
export function calendarEdges(policySet: PolicySet): readonly number[] {
  const { catalogue } = policySet;
  const comparisons = comparisonsIn(policySet);
  const shape = { connectorCells: 0, catalogues: [catalogue] };
  const { edges } = new Variables(comparisons, shape, timesOf(decidersOf(policySet))).timeVariable;
  // Where facts are compared with each other, the instants that the catalogue knows are edges: `time` with `server.supportEnds`.
  if (!comparisons.some(({ operand }) => 'fact' in operand)) return edges;
  const supportEnds = catalogue.products.map((product) => product.supportEnds).filter((each) => each !== undefined);
  const known = [...supportEnds, ...releasesOf(catalogue)];
  return [...new Set([...edges, ...known.flatMap(andJustAfter)])].sort((a, b) => a - b);
}

/**
 * Further instants at which conditions may give something else for connections that tell instants and durations which are
 * derived otherwise: those are compared with the time, and with the age of builds. Not sorted.
 */
export function toldEdges({ catalogue }: PolicySet, facts: Facts): number[] {
  const { time, 'server.supportEnds': supportEnds, 'server.build.released': released } = facts;
  const { 'server.build.age': age, 'server.build.behind': behind } = facts;
  const instants = [time, supportEnds, released].filter((each) => each !== undefined);
  const durations = [age, behind].filter((each) => each !== undefined);
  const aged = durations.length === 0 ? [] : releasesOf(catalogue);
  return [...instants, ...aged.flatMap((start) => durations.map((length) => start + length))].flatMap(andJustAfter);
}

function releasesOf({ products }: BuildCatalogue): number[] {
  return products.flatMap(({ builds }) => builds.map(({ released }) => released)).filter((each) => each !== undefined);
}

/** Comparisons may include the instant itself or not. */
function andJustAfter(instant: number): readonly number[] {
  return [instant, instant + 1];
}

/**
 * Instants at which something may change for one server under some policies: stages on its clock, pauses, refusals that no
 * threshold counts any more. Not sorted.
 */
export function serverEdges(record: ServerRecord, policies: readonly Policy[]): number[] {
  const { firstDetected, pauses, refusals } = record;
  const edges: number[] = [record.firstSeen + 1, ...pauses.flatMap(({ from, until }) => [from, until])];
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
