import { ExactAnalysis } from '../../decision/analysis/exact-analysis.js';
import type { CompiledPolicySet } from '../../decision/compiled-policy-set.js';
import type { Decision } from '../../decision/decision.js';
import { type DiagramNode, DiagramTooLargeError } from '../../decision/diagram/build-diagram.js';
import { type Region, regionsOf } from '../../decision/diagram/region.js';
import { cellsIn, type Witness } from '../../decision/diagram/witness.js';
import type { Facts } from '../../policy/fact.js';
import { type EpochMillis, epochMillis } from '../../policy/instant.js';
import type { Policy, Stage } from '../../policy/policy-set.js';
import { formatVersion } from '../../policy/version.js';
import { type Boundary, boundariesIn, nearestBuilds } from './find-boundaries.js';
import { decidePoint, type TestedConnection } from './run-policy-tests.js';
import { tellableFacts } from './tellable-facts.js';

/** What tests of a policy set can reach, with a connection each. */
export interface ReachableParts {
  /** By policy and stage; without those for which no connection was found. */
  readonly stages: ReadonlyMap<Stage, TestedConnection>;
  /** By name. */
  readonly exemptions: ReadonlyMap<string, TestedConnection>;
  readonly boundaries: readonly Boundary[];
  /** Whether all boundaries are there; not where the policy set has too many cases to look at. */
  readonly isComplete: boolean;
}

/** Stretches of time that are looked at in one region. */
const MAX_TIMES = 50;
/** Regions of the diagram that are looked at for one policy or exemption. */
const MAX_REGIONS = 200;

/**
 * Finds connections that reach each stage, exemption and boundary.
 *
 * @param now the instant near which they lie
 */
export function findExamples(compiled: CompiledPolicySet, now: EpochMillis): ReachableParts {
  const analysis = new ExactAnalysis(compiled.policySet, now);
  const stages = new Map<Stage, TestedConnection>();
  const exemptions = new Map<string, TestedConnection>();
  const boundaries = new Map<string, Boundary>();
  const root = decidingDiagram(analysis);
  if (root === undefined) return { stages, exemptions, boundaries: [], isComplete: false };
  let isComplete = true;
  for (const [index, decider] of analysis.deciders.entries()) {
    const regions = regionsOf(root, analysis.exact.variables.all, (target) => target === index, MAX_REGIONS);
    if (regions.length === MAX_REGIONS) isComplete = false;
    if ('exemption' in decider) {
      const { name } = decider.exemption;
      const found = firstOf(regions, (region) =>
        findConnection(analysis, region, (witness) =>
          find(compiled, witness, withoutClock, (it) => it.exemption === name),
        ),
      );
      if (found !== undefined) exemptions.set(name, found);
      continue;
    }
    const { policy } = decider;
    for (const stage of policy.stages) {
      const found = firstOf(regions, (region) => findAtStage(compiled, analysis, region, policy, stage));
      if (found !== undefined) stages.set(stage, found);
    }
    for (const region of regions.flatMap((each) => byTime(analysis, each))) {
      const example = firstOf(policy.stages, (stage) => findAtStage(compiled, analysis, region, policy, stage));
      if (example === undefined) continue;
      for (const each of boundariesIn(compiled, analysis.exact, region, policy, example)) {
        const key = `${policy.name} ${formatVersion(each.at)}`;
        if (!boundaries.has(key)) boundaries.set(key, each);
      }
    }
  }
  return { stages, exemptions, boundaries: [...boundaries.values()], isComplete };
}

/** The region between the instants that conditions name, each part by itself: another bound may hold in each. */
function byTime({ exact: { variables, table } }: ExactAnalysis, { target, cells }: Region): Region[] {
  const times = cells.get(variables.time) ?? [0, table.cellCount(variables.time)];
  return [...cellsIn(times)].slice(0, MAX_TIMES).map((cell) => ({
    target,
    cells: new Map([...cells, [variables.time, [cell, cell + 1]]]),
  }));
}

function decidingDiagram(analysis: ExactAnalysis): DiagramNode | undefined {
  try {
    return analysis.deciding;
  } catch (error) {
    if (error instanceof DiagramTooLargeError) return undefined;
    throw error;
  }
}

function findAtStage(
  compiled: CompiledPolicySet,
  analysis: ExactAnalysis,
  region: Region,
  policy: Policy,
  stage: Stage,
): TestedConnection | undefined {
  const candidates = (facts: Facts, time: EpochMillis) => onClock(facts, time, policy, stage);
  return findConnection(analysis, region, (witness) =>
    find(compiled, witness, candidates, (it) => it.policy === policy.name && it.stage === stage.name),
  );
}

/** The first connection of a region from which something can be made. */
function findConnection(
  { examples }: ExactAnalysis,
  { cells }: Region,
  make: (witness: Witness) => TestedConnection | undefined,
): TestedConnection | undefined {
  let found: TestedConnection | undefined;
  examples.find(cells, (witness) => {
    found = make(witness);
    return found !== undefined;
  });
  return found;
}

function find(
  compiled: CompiledPolicySet,
  witness: Witness,
  candidatesOf: (facts: Facts, time: EpochMillis) => Iterable<TestedConnection>,
  isWanted: (decision: Decision) => boolean,
): TestedConnection | undefined {
  for (const facts of variantsOf(compiled, witness)) {
    for (const candidate of candidatesOf(facts, witness.time)) {
      if (isWanted(decidePoint(compiled, candidate))) return candidate;
    }
  }
  return undefined;
}

const HOUR = 3_600_000;
const SECOND = 1000;

/** The connection with a listed build near its version, then as it is: people know builds by their versions. */
function* variantsOf({ policySet }: CompiledPolicySet, witness: Witness): Generator<Facts> {
  const facts = tellableFacts(witness.facts);
  if (facts === undefined) return;
  const version = facts['server.version'];
  const build = version === undefined ? undefined : nearestBuilds(policySet.catalogue, version).above;
  if (build !== undefined) yield { ...facts, 'server.version': build };
  yield facts;
}

/** A connection at its instant, of a server that was never seen or was a little before. */
function* withoutClock(facts: Facts, time: EpochMillis): Generator<TestedConnection> {
  yield { facts, at: time };
  yield { facts, at: time, firstDetected: epochMillis(time - HOUR) };
}

/** A connection whose server is at a stage: from its instant on, before it, or since the policy is in force. */
function* onClock(
  facts: Facts,
  time: EpochMillis,
  { effective }: Policy,
  { after }: Stage,
): Generator<TestedConnection> {
  const starts = [Math.max(time, effective.from ?? time), time - after, effective.from ?? time];
  for (const start of new Set(starts)) {
    for (const later of after === 0 ? [0, HOUR, SECOND] : [0]) {
      yield { facts, firstDetected: epochMillis(start), at: epochMillis(start + after + later) };
    }
  }
  if (after === 0) yield { facts, at: time };
}

function firstOf<T, R>(items: Iterable<T>, make: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const made = make(item);
    if (made !== undefined) return made;
  }
  return undefined;
}
