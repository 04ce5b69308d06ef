import type { Build, Product } from '../../policy/build-catalogue.js';
import { type Finding, finding } from '../../policy/finding.js';
import { headOf } from '../../policy/source.js';
import { formatVersion } from '../../policy/version.js';
import { connectorAt } from '../connector.js';
import { type CellSet, cellUnion, hasCell } from '../diagram/cell-set.js';
import type { Analysis } from './analysis.js';
import type { ExactAnalysis } from './exact-analysis.js';
import { reachedCells } from './reached-cells.js';
import type { Cells } from './walk-together.js';

/** Builds out of support that no policy reaches on a connector of one's own servers, now or later. */
export const buildUncovered: Analysis = { code: 'build-uncovered', needsWholeSet: true, find };

function* find(analysis: ExactAnalysis): Generator<Finding> {
  const { exact, policySet, now } = analysis;
  const { variables } = exact;
  const connectors = onPremisesCells(analysis);
  const products = policySet.catalogue.products.filter(
    ({ supportEnds }) => supportEnds !== undefined && supportEnds <= now,
  );
  if (connectors.length === 0 || products.length === 0) return;
  const fromNow: CellSet = [variables.timeVariable.cellOfValue(now), variables.timeVariable.cellCount];
  const within = new Map([
    [variables.connector, connectors],
    [variables.time, fromNow],
  ]);
  const reached = reachedCells(exact, analysis.policies, variables.version, (target) => target >= 0, within);
  for (const product of products) {
    const uncovered = product.builds.filter(
      ({ version }) => !hasCell(reached, variables.versionVariable.cellOfValue(version)),
    );
    const [first] = uncovered;
    const last = uncovered.at(-1);
    if (first === undefined || last === undefined) continue;
    const message = `${countOf(uncovered, product)}, out of support, on a connector of type OnPremises: ${rangeOf(first, last)}.${exampleOf(analysis, first, within)}`;
    yield finding('build-uncovered', headOf(product.source), message, HINT);
  }
}

const HINT = 'Write a policy for them, or widen the versions of one; leave it as it is where none of them can be left.';

/** Classes of peers that come in by a connector of type OnPremises. */
function onPremisesCells({ exact, policySet }: ExactAnalysis): CellSet {
  const { connectors } = policySet;
  return cellUnion(
    exact.peers.flatMap(({ connectors: [index = -1] }, cell) =>
      connectorAt(connectors, index).type === 'OnPremises' ? [[cell, cell + 1] as const] : [],
    ),
  );
}

function countOf(uncovered: readonly Build[], { name, builds }: Product): string {
  if (uncovered.length === builds.length) return `No policy reaches any known build of ${name}`;
  return uncovered.length === 1
    ? `No policy reaches one of the ${builds.length} known builds of ${name}`
    : `No policy reaches ${uncovered.length} of the ${builds.length} known builds of ${name}`;
}

function rangeOf(first: Build, last: Build): string {
  return first === last ? inWords(first) : `from ${inWords(first)} to ${inWords(last)}`;
}

function inWords({ name, version }: Build): string {
  return `${name} (${formatVersion(version)})`;
}

function exampleOf(analysis: ExactAnalysis, { version }: Build, within: Cells): string {
  const { exact, examples, policySet } = analysis;
  const { variables } = exact;
  const cell = variables.versionVariable.cellOfValue(version);
  const cells = new Map([...within, [variables.version, [cell, cell + 1]]]);
  let shown: string | undefined;
  examples.find(cells, (it) => {
    const example = { ...it, facts: { ...it.facts, 'server.version': version } };
    if (examples.deciderOf(example, policySet.exemptions.length) !== -1) return false;
    shown = analysis.inWords(example);
    return true;
  });
  return shown === undefined ? '' : ` For example ${shown}: no policy matches.`;
}
