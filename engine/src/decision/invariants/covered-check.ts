import type { Build, Product } from '../../policy/build-catalogue.js';
import { durationMillis } from '../../policy/duration.js';
import type { Facts } from '../../policy/fact.js';
import { formatInstant } from '../../policy/instant.js';
import { headOf } from '../../policy/source.js';
import { formatVersion } from '../../policy/version.js';
import { cellUnion, hasCell } from '../diagram/cell-set.js';
import { TRUE } from '../diagram/formula.js';
import type { Region } from '../diagram/region.js';
import { formatFacts } from '../format-facts.js';
import { selectionOf } from '../make-selection.js';
import { findServer, searchRegions } from './find-server.js';
import { HOLDS, type InvariantCheck, type StatementOf } from './invariant-check.js';
import type { InvariantContext } from './invariant-context.js';

/** `covered`: every listed build that is out of support at the check's instant reaches a policy, exemptions aside. */
export const COVERED_CHECK: InvariantCheck<'covered'> = {
  kind: 'covered',
  check(statement, context) {
    const { exact, set } = context;
    const builds = unsupportedBuilds(statement, context);
    if (builds.length === 0) return HOLDS;
    const policies = set.formulas.filter((_formula, index) => 'policy' in (set.deciders[index] ?? {}));
    const root = exact.build([
      { target: OUTSIDE, formula: exact.table.not(askedFor(statement, builds, context)) },
      ...policies.map((formula) => ({ target: REACHED, formula })),
      { target: MISSED, formula: TRUE },
    ]);
    const search = searchRegions(
      context,
      root,
      (target) => target === MISSED,
      (region) => findMissed(context, region, builds),
    );
    if (search.found === undefined) return search.isCertain ? HOLDS : { kind: 'undecided', message: search.reason };
    const { build, product, facts } = search.found;
    const ended = product.supportEnds === undefined ? '' : ` since ${formatInstant(product.supportEnds)}`;
    const message = `${build.name} (${formatVersion(build.version)}), which is out of support${ended}, reaches no policy. Example: ${formatFacts({ ...facts, 'server.version': build.version })} at ${formatInstant(context.now)}`;
    const hint = 'Add a policy, widen one, or name the products that are meant.';
    const related = [{ ...headOf(build.source), message: `The build ${build.name}.` }];
    return { kind: 'violated', message, hint, related };
  },
};

const OUTSIDE = 0;
const REACHED = 1;
const MISSED = 2;

interface ListedBuild {
  readonly product: Product;
  readonly build: Build;
  readonly cell: number;
}

function unsupportedBuilds(
  { products: names }: StatementOf<'covered'>,
  { policySet, exact, now }: InvariantContext,
): ListedBuild[] {
  const products = policySet.catalogue.products.filter(({ name, supportEnds }) => {
    return supportEnds !== undefined && supportEnds <= now && names?.includes(name) !== false;
  });
  const { versionVariable } = exact.variables;
  return products.flatMap((product) =>
    product.builds.map((build) => ({ product, build, cell: versionVariable.cellOfValue(build.version) })),
  );
}

/** Connections by the connectors, with one of the builds, at the check's instant. */
function askedFor(
  { connectors }: StatementOf<'covered'>,
  builds: readonly ListedBuild[],
  { exact: { table, variables }, formulaOfConnectors, now }: InvariantContext,
) {
  const time = variables.timeVariable.cellOfValue(now);
  return table.and([
    formulaOfConnectors(connectors),
    table.cells(variables.version, cellUnion(builds.map(({ cell }) => [cell, cell + 1]))),
    table.cells(variables.time, [time, time + 1]),
  ]);
}

const NEW_SERVER = { elapsed: durationMillis(0), refusals: 0, earliest: Number.NEGATIVE_INFINITY };

function findMissed(
  context: InvariantContext,
  region: Region,
  builds: readonly ListedBuild[],
): (ListedBuild & { readonly facts: Facts }) | undefined {
  const { exact, compiled, now } = context;
  const versions = region.cells.get(exact.variables.version);
  // The newest of a product is the one that is met most.
  const build = builds.findLast(({ cell }) => versions === undefined || hasCell(versions, cell));
  if (build === undefined) return undefined;
  const found = findServer(context, region, { ...NEW_SERVER, at: now }, ({ facts, record, time }) => {
    const selection = selectionOf(compiled, { ...facts, 'server.version': build.build.version }, record, time);
    return time === now && compiled.selector.policy(selection) === undefined;
  });
  return found === undefined ? undefined : { ...build, facts: found.facts };
}
