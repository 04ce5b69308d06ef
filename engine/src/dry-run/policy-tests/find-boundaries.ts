import type { CompiledPolicySet } from '../../decision/compiled-policy-set.js';
import type { ExactDiagrams } from '../../decision/diagram/exact-diagrams.js';
import type { Region } from '../../decision/diagram/region.js';
import type { BuildCatalogue } from '../../policy/build-catalogue.js';
import type { Policy } from '../../policy/policy-set.js';
import { compareVersions, MAX_VERSION_PART, predecessorOf, type Version, version } from '../../policy/version.js';
import { decidePoint, type TestedConnection } from './run-policy-tests.js';

/** A version at which a policy begins or ends to decide, all else being the same. */
export interface Boundary {
  readonly policy: Policy;
  /** The first version of the upper side. */
  readonly at: Version;
  /** Of the lower side the nearest build, else the lowest of its family: a test of it, or of what lies between, pins the side. */
  readonly below: Version;
  /** Of the upper side the nearest build, else the lowest version. */
  readonly above: Version;
  /** Whether the policy decides on the lower side, and not on the upper one. */
  readonly decidesBelow: boolean;
  /** A connection for which it makes a difference; its version does not matter. */
  readonly example: TestedConnection;
}

/** The boundaries of a policy that show in a region of the diagram; `example` is a connection there. */
export function boundariesIn(
  compiled: CompiledPolicySet,
  { variables }: Pick<ExactDiagrams, 'variables'>,
  { cells }: Region,
  policy: Policy,
  example: TestedConnection,
): Boundary[] {
  const { edges } = variables.versionVariable;
  // Cell 1 lies below the first edge, cell n + 1 begins at the n-th one.
  return (cells.get(variables.version) ?? []).flatMap((cell) => {
    const at = edges[cell - 2];
    const before = at === undefined ? undefined : predecessorOf(at);
    if (at === undefined || before === undefined) return [];
    const decidesAt = (version: Version) => decides(compiled, policy, example, version);
    const [decidesBelow, decidesAbove] = [decidesAt(before), decidesAt(at)];
    if (decidesBelow === decidesAbove) return [];
    // Another bound may lie between this one and the nearest build.
    const listed = nearestBuilds(compiled.policySet.catalogue, at);
    const lower = [listed.below, firstOfFamily(before)].find(
      (each) => each !== undefined && decidesAt(each) === decidesBelow,
    );
    const upper = listed.above !== undefined && decidesAt(listed.above) === decidesAbove ? listed.above : at;
    return [{ policy, at, below: lower ?? before, above: upper, decidesBelow, example }];
  });
}

/** The first of the versions that begin as the highest one below a bound does: 15.0.0.0 below 15.1. */
function firstOfFamily([major, minor, build, revision]: Version): Version {
  const first = (part: number) => (part === MAX_VERSION_PART ? 0 : part);
  return version(first(major), first(minor), first(build), first(revision));
}

/** Whether the policy decides for a connection, had its server another version. */
export function decides(
  compiled: CompiledPolicySet,
  { name }: Policy,
  connection: TestedConnection,
  other: Version,
): boolean {
  const facts = { ...connection.facts, 'server.version': other };
  return decidePoint(compiled, { ...connection, facts }).policy === name;
}

/** The listed builds next to a version: the highest below it, the lowest from it on. */
export function nearestBuilds(
  { products }: BuildCatalogue,
  at: Version,
): { readonly below?: Version; readonly above?: Version } {
  let below: Version | undefined;
  let above: Version | undefined;
  for (const build of products.flatMap(({ builds }) => builds)) {
    if (compareVersions(build.version, at) >= 0) {
      if (above === undefined || compareVersions(build.version, above) < 0) above = build.version;
    } else if (below === undefined || compareVersions(build.version, below) > 0) below = build.version;
  }
  return { ...(below === undefined ? {} : { below }), ...(above === undefined ? {} : { above }) };
}
