import type { Facts } from '../../policy/fact.js';
import { type EpochMillis, epochMillis } from '../../policy/instant.js';
import { decide } from '../decide.js';
import type { Decision } from '../decision.js';
import type { DiagramNode } from '../diagram/build-diagram.js';
import { type CellSet, cellUnion, hasCell } from '../diagram/cell-set.js';
import type { ExactDiagrams } from '../diagram/exact-diagrams.js';
import { type Region, regionsOf } from '../diagram/region.js';
import { OpaqueVariable, type Variable } from '../diagram/variable.js';
import { findRegionWitness } from '../diagram/witness.js';
import { type ServerRecord, serverId } from '../server-record.js';
import { domainFacts, isDomainTest } from './domain-facts.js';
import type { InvariantContext } from './invariant-context.js';
import type { Route, ServerHistory } from './refusal-route.js';

/** A connection of a server with a history, and what is decided there. */
export interface FoundServer {
  readonly facts: Facts;
  readonly record: ServerRecord | undefined;
  readonly time: EpochMillis;
  readonly decision: Decision;
}

/**
 * Finds a connection in a region of a server that has a history.
 *
 * @param earliest the connection lies at or after this instant
 * @param at the instant near which it lies, this one if it can
 * @param accepts whether the connection shows what it is to show; it is decided, not concluded
 */
export function findServer(
  context: InvariantContext,
  region: Region,
  { elapsed, refusals, earliest, at }: ServerHistory & { readonly earliest: number; readonly at: number },
  accepts: (found: FoundServer) => boolean,
): FoundServer | undefined {
  const { exact, compiled } = context;
  const isKnown = elapsed > 0 || refusals > 0 || needsKnown(exact, region);
  const narrowed = withHistory(exact, region, earliest, isKnown);
  const domains = narrowed === undefined ? undefined : domainFacts(exact, narrowed);
  if (narrowed === undefined || domains === undefined) return undefined;
  let found: FoundServer | undefined;
  findRegionWitness(exact, narrowed, epochMillis(at), (witness) => {
    context.spend(1);
    const { time } = witness;
    const facts = { ...witness.facts, ...domains };
    const record = isKnown ? recordOf(facts, time, { elapsed, refusals }) : undefined;
    const candidate = { facts, record, time, decision: decide(compiled, facts, record, time) };
    if (accepts(candidate)) found = candidate;
    return found !== undefined;
  });
  return found;
}

/** Finds a connection in a region of a server that is at a stage of a policy, as soon as can be after the check's instant. */
export function findAtStage(
  context: InvariantContext,
  region: Region,
  { policy, stage, elapsed, refusals }: Route,
  accepts: (found: FoundServer) => boolean = () => true,
): FoundServer | undefined {
  const earliest = (policy.effective.from ?? Number.NEGATIVE_INFINITY) + elapsed;
  const history = { elapsed, refusals, earliest, at: Math.max(context.now, earliest) };
  return findServer(context, region, history, (found) => {
    const { decision } = found;
    return decision.policy === policy.name && decision.stage === stage.name && accepts(found);
  });
}

/** Whether only a server that was seen before can be in the region: cell 3 of `server.known` holds false. */
function needsKnown({ variables }: ExactDiagrams, { cells }: Region): boolean {
  const known = cells.get(variables.ofFact('server.known') ?? -1);
  return known !== undefined && !hasCell(known, 3);
}

/** The part of a region from an instant on, in which a server is that was seen before and so has a name; or that is new. */
function withHistory(
  { variables, table }: ExactDiagrams,
  { target, cells }: Region,
  earliest: number,
  isKnown: boolean,
): Region | undefined {
  const limits: [number | undefined, from: number, to: number][] = [];
  if (Number.isFinite(earliest)) {
    limits.push([variables.time, variables.timeVariable.cellOfValue(earliest), table.cellCount(variables.time)]);
  }
  limits.push([variables.ofFact('server.known'), isKnown ? 2 : 3, isKnown ? 3 : 4]);
  const name = variables.ofFact('server.name');
  if (isKnown && name !== undefined) limits.push([name, 1, table.cellCount(name)]);
  const narrowed = new Map(cells);
  for (const [variable, from, to] of limits) {
    if (variable === undefined) continue;
    const left = within(cells.get(variable) ?? [0, table.cellCount(variable)], from, to);
    if (left.length === 0) return undefined;
    narrowed.set(variable, left);
  }
  return { target, cells: narrowed };
}

function within(cells: CellSet, from: number, to: number): CellSet {
  const ranges: [number, number][] = [];
  for (let index = 0; index < cells.length; index += 2) {
    ranges.push([Math.max(cells[index] ?? 0, from), Math.min(cells[index + 1] ?? 0, to)]);
  }
  return cellUnion(ranges);
}

function recordOf(facts: Facts, time: EpochMillis, { elapsed, refusals }: ServerHistory): ServerRecord {
  const name = facts['server.name'] ?? 'server.example';
  const firstDetected = epochMillis(time - elapsed);
  return {
    id: serverId('', name),
    connector: '',
    name,
    firstSeen: epochMillis(firstDetected - 1),
    lastSeen: time,
    firstDetected,
    versions: [],
    pauses: [],
    refusals: refusals === 0 ? [] : [{ hour: epochMillis(time - (time % HOUR_MILLIS)), count: refusals }],
  };
}

const HOUR_MILLIS = 3_600_000;

/** Regions that are searched for one invariant. */
const MAX_REGIONS = 300;

/** A search through the regions of a diagram: what was found, else whether that is certain. */
export type Search<T> =
  | { readonly found: T }
  | { readonly found?: undefined; readonly isCertain: true }
  | { readonly found?: undefined; readonly isCertain: false; readonly reason: string };

/** Searches the wanted regions of a diagram, until one gives what is looked for. */
export function searchRegions<T>(
  { exact }: InvariantContext,
  root: DiagramNode,
  isWanted: (target: number) => boolean,
  search: (region: Region) => T | undefined,
): Search<T> {
  const { all } = exact.variables;
  const regions = regionsOf(root, all, isWanted, MAX_REGIONS);
  for (const region of regions) {
    const found = search(region);
    if (found !== undefined) return { found };
  }
  if (regions.length === MAX_REGIONS) return { isCertain: false, reason: 'there are too many cases to look at' };
  const tests = opaqueTests(all, regions);
  if (tests.length === 0) return { isCertain: true };
  return { isCertain: false, reason: `it hangs on ${tests.join(', ')}, for which no example was found` };
}

/**
 * The comparisons in regions for which not every case was tried; they may be why no connection was found there.
 */
function opaqueTests(all: readonly Variable[], regions: readonly Region[]): string[] {
  const tests = [...new Set(regions.flatMap(({ cells }) => [...cells.keys()]))].flatMap((number) => {
    const variable = all[number];
    if (!(variable instanceof OpaqueVariable)) return [];
    const { fact, operator } = variable.comparison;
    return isDomainTest(variable) ? [] : [`${fact} ${operator}`];
  });
  return [...new Set(tests)];
}
