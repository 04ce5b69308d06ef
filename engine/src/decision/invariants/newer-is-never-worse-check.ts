import type { Product } from '../../policy/build-catalogue.js';
import { type DurationMillis, durationMillis } from '../../policy/duration.js';
import type { Policy } from '../../policy/policy-set.js';
import { compareVersions, formatVersion, type Version, version } from '../../policy/version.js';
import { decide } from '../decide.js';
import type { Decision } from '../decision.js';
import type { Residual } from '../diagram/build-diagram.js';
import { TRUE } from '../diagram/formula.js';
import type { Region } from '../diagram/region.js';
import { ResidualSweep } from '../diagram/residual-sweep.js';
import { OpaqueVariable, type Variable } from '../diagram/variable.js';
import { BUILD_FACTS } from '../diagram/variables.js';
import { describeConnection, describeOutcome, placeOfPolicy } from './describe-found.js';
import { type FoundServer, findServer, type Search, searchRegions } from './find-server.js';
import { HOLDS, type InvariantCheck, type StatementOf, type Verdict } from './invariant-check.js';
import { type InvariantContext, stepsFor } from './invariant-context.js';
import { isWorse, NO_SEVERITY, refuses, type ServerHistory, severityAt } from './refusal-route.js';

/**
 * `newerIsNeverWorse`: of two versions of one lane, the newer one is never refused more, all else being the same. Only
 * neighbouring versions have to be compared that policies tell apart: what holds for them holds for all.
 */
export const NEWER_CHECK: InvariantCheck<'newerIsNeverWorse'> = {
  kind: 'newerIsNeverWorse',
  check(statement, context) {
    let undecided: Verdict | undefined;
    for (const neighbours of neighboursOf(statement, context)) {
      const search = searchNeighbours(neighbours, statement, context);
      if (search.found !== undefined) return violated(neighbours, search.found, context);
      if (!search.isCertain) undecided ??= { kind: 'undecided', message: search.reason };
    }
    const unsplit = context.exact.variables.all.find(isOfVersion);
    if (unsplit === undefined) return undecided ?? HOLDS;
    const { fact, operator } = unsplit.comparison;
    return { kind: 'undecided', message: `it hangs on ${fact} ${operator}, which is not split into versions` };
  },
};

/** Whether it is a comparison that hangs on the version, and does not show at which versions it changes. */
function isOfVersion(variable: Variable): variable is OpaqueVariable {
  if (!(variable instanceof OpaqueVariable)) return false;
  const { fact, operand } = variable.comparison;
  const facts = 'fact' in operand ? [fact, operand.fact] : [fact];
  return facts.some((each) => each === 'server.version' || BUILD_FACTS.has(each));
}

/** Two versions of one lane between which no policy makes a difference, and what may decide for each. */
interface Neighbours {
  readonly older: Version;
  readonly newer: Version;
  readonly forOlder: readonly Residual[];
  readonly forNewer: readonly Residual[];
}

function* neighboursOf(
  { products: names }: StatementOf<'newerIsNeverWorse'>,
  { exact: { table, variables }, set, policySet, spend }: InvariantContext,
): Generator<Neighbours> {
  const residuals = set.formulas.map((formula, target) => ({ target, formula }));
  const sweep = new ResidualSweep(table, variables.version, residuals);
  const { edges } = variables.versionVariable;
  // Cell 1 lies below the first edge, cell n + 1 begins at the n-th one.
  sweep.moveTo(1);
  let before = { lowest: version(0), residuals: sweep.residuals() };
  while (Number.isFinite(sweep.nextStart)) {
    const start = sweep.nextStart;
    sweep.moveTo(start);
    const newer = edges[start - 2];
    const after = sweep.residuals();
    spend(stepsFor(after.length));
    const entry = newer === undefined ? undefined : policySet.catalogue.find(newer);
    if (newer !== undefined && entry !== undefined && names?.includes(entry.product.name) !== false) {
      const older = highestKnown(entry.product, before.lowest, newer);
      if (older !== undefined) yield { older, newer, forOlder: before.residuals, forNewer: after };
    }
    before = { lowest: newer ?? before.lowest, residuals: after };
  }
}

/** A version of the same lane from `lowest` on and below another one: a listed build where there is one. */
function highestKnown(product: Product, lowest: Version, below: Version): Version | undefined {
  const laneStart = product.laneParts === 2 ? version(below[0], below[1]) : version(below[0], below[1], below[2]);
  const start = [lowest, laneStart, startOfProduct(product, below)].reduce((a, b) =>
    compareVersions(a, b) < 0 ? b : a,
  );
  if (compareVersions(start, below) >= 0) return undefined;
  const build = product.builds.findLast(
    (each) => compareVersions(each.version, below) < 0 && compareVersions(each.version, start) >= 0,
  );
  return build?.version ?? start;
}

/** Start of the stretch of a product's versions in which one lies. */
function startOfProduct({ versions }: Product, one: Version): Version {
  return versions.intervals.findLast(({ from }) => compareVersions(from, one) <= 0)?.from ?? one;
}

interface FoundPair {
  readonly forNewer: FoundServer;
  readonly forOlder: Decision;
  readonly history: ServerHistory;
}

function searchNeighbours(
  { older, newer, forOlder, forNewer }: Neighbours,
  { connectors }: StatementOf<'newerIsNeverWorse'>,
  context: InvariantContext,
): Search<FoundPair> {
  const { exact, set, formulaOfConnectors } = context;
  context.spend(stepsFor(forOlder.length + forNewer.length));
  if (exact.build(forOlder) === exact.build(forNewer)) return { isCertain: true };
  const policyAt = (target: number): Policy | undefined => {
    const decider = set.deciders[target];
    return decider !== undefined && 'policy' in decider ? decider.policy : undefined;
  };
  const nothing = set.deciders.length;
  const count = nothing + 1;
  const [a, b] = [forOlder, forNewer].map((residuals) => [...residuals, { target: nothing, formula: TRUE }]);
  if (a === undefined || b === undefined) return { isCertain: true };
  context.spend(a.length * b.length);
  const outside = { target: count * count, formula: exact.table.not(formulaOfConnectors(connectors)) };
  // The first pair that holds is that of the first of each, as each list ends with what always holds.
  const pairs = a.flatMap((one) =>
    b.map((other) => ({
      target: one.target * count + other.target,
      formula: exact.table.and([one.formula, other.formula]),
    })),
  );
  const policiesOf = (target: number) => ({
    old: policyAt(Math.floor(target / count)),
    new: policyAt(target % count),
  });
  const canBeWorse = (target: number) => {
    const { old, new: other } = policiesOf(target);
    return target < count * count && other !== old && other !== undefined && refuses(other);
  };
  return searchRegions(context, exact.build([outside, ...pairs]), canBeWorse, (region) => {
    const { old, new: other } = policiesOf(region.target);
    return other === undefined ? undefined : findWorse(context, region, { older, newer }, old, other);
  });
}

function findWorse(
  context: InvariantContext,
  region: Region,
  { older, newer }: Pick<Neighbours, 'older' | 'newer'>,
  oldPolicy: Policy | undefined,
  newPolicy: Policy,
): FoundPair | undefined {
  const { compiled } = context;
  for (const { time, firstDetectedBefore, refusals } of momentsOf(context, region, oldPolicy, newPolicy)) {
    context.spend(stepsFor((oldPolicy?.stages.length ?? 0) + newPolicy.stages.length));
    const elapsedUnder = (policy: Policy | undefined) =>
      durationMillis(Math.min(firstDetectedBefore, time - (policy?.effective.from ?? Number.NEGATIVE_INFINITY)));
    const one = severityAt(oldPolicy, { elapsed: elapsedUnder(oldPolicy), refusals });
    const other = severityAt(newPolicy, { elapsed: elapsedUnder(newPolicy), refusals });
    if (!isWorse(other, one)) continue;
    const history = { elapsed: firstDetectedBefore, refusals };
    let pair: FoundPair | undefined;
    findServer(context, atTime(context, region, time), { ...history, earliest: time, at: time }, (found) => {
      const decideFor = (sent: Version) =>
        decide(compiled, { ...found.facts, 'server.version': sent }, found.record, found.time);
      const [forOlder, forNewer] = [decideFor(older), decideFor(newer)];
      if (!isWorse(severityOf(forNewer), severityOf(forOlder))) return false;
      const { 'server.version': _any, ...facts } = found.facts;
      pair = { forNewer: { ...found, facts, decision: forNewer }, forOlder, history };
      return true;
    });
    if (pair !== undefined) return pair;
  }
  return undefined;
}

interface Moment {
  readonly time: number;
  readonly firstDetectedBefore: DurationMillis;
  readonly refusals: number;
}

/** All moments at which the comparison of two policies can come out differently, those near the check's instant first. */
function* momentsOf(
  { exact: { variables, table }, now }: InvariantContext,
  { cells }: Region,
  ...policies: readonly (Policy | undefined)[]
): Generator<Moment> {
  const both = policies.flatMap((policy) => policy ?? []);
  const afters = [...new Set([0, ...both.flatMap(({ stages }) => stages.map(({ after }) => after))])].sort(
    (a, b) => a - b,
  );
  const counts = [...new Set([0, ...both.flatMap(({ thresholds }) => thresholds.map(({ refusals }) => refusals))])];
  const arrivals = both.flatMap(({ effective: { from }, stages }) =>
    from === undefined ? [] : stages.map(({ after }) => from + after),
  );
  const times = cells.get(variables.time) ?? [1, table.cellCount(variables.time)];
  const { edges } = variables.timeVariable;
  for (let index = 0; index < times.length; index += 2) {
    const start = edges[(times[index] ?? 0) - 2] ?? Number.NEGATIVE_INFINITY;
    const end = edges[(times[index + 1] ?? 0) - 2] ?? Number.POSITIVE_INFINITY;
    const candidates = [now, ...arrivals, start, end - 1].filter(
      (each) => Number.isFinite(each) && start <= each && each < end,
    );
    for (const time of candidates.sort((a, b) => Math.abs(a - now) - Math.abs(b - now))) {
      for (const after of afters) {
        for (const refusals of counts) yield { time, firstDetectedBefore: durationMillis(after), refusals };
      }
    }
  }
}

/** The part of a region in which the time lies in the same cell as an instant. */
function atTime({ exact: { variables } }: InvariantContext, { target, cells }: Region, time: number): Region {
  const cell = variables.timeVariable.cellOfValue(time);
  return { target, cells: new Map([...cells, [variables.time, [cell, cell + 1]]]) };
}

function severityOf({ mode, window }: Decision) {
  return mode === 'enforce' && window !== undefined ? window : NO_SEVERITY;
}

function violated({ older, newer }: Neighbours, found: FoundPair, context: InvariantContext): Verdict {
  const { policySet } = context;
  const named = (one: Version) => {
    const entry = policySet.catalogue.find(one);
    return entry?.exact === true ? `${entry.build?.name} (${formatVersion(one)})` : formatVersion(one);
  };
  const outcomes = `${describeOutcome(found.forNewer, policySet)}; the older one: ${describeOutcome({ decision: found.forOlder }, policySet)}`;
  const where = describeConnection(found.forNewer, found.history);
  const message = `${named(newer)} is refused more than ${named(older)}. Example: ${where}: the newer one: ${outcomes}`;
  const hint = 'Let the policies accept what is newer, or refuse what is older as well.';
  const deciding = [found.forNewer.decision.policy, found.forOlder.policy];
  const related = policySet.policies.filter(({ name }) => deciding.includes(name)).map(placeOfPolicy);
  return { kind: 'violated', message, hint, related };
}
