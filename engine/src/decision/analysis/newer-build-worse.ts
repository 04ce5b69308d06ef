import type { Build, Product } from '../../policy/build-catalogue.js';
import { type Finding, finding } from '../../policy/finding.js';
import { headOf } from '../../policy/source.js';
import { formatVersion } from '../../policy/version.js';
import type { DiagramNode } from '../diagram/build-diagram.js';
import type { CellSet } from '../diagram/cell-set.js';
import type { Witness } from '../diagram/witness.js';
import type { Analysis } from './analysis.js';
import type { ExactAnalysis } from './exact-analysis.js';
import { IMPOSSIBLE } from './impossible.js';
import { finalSeverity, formatSeverity, isWorse } from './outcome.js';
import { type Cells, walkTogether } from './walk-together.js';

/** A build that is refused more than an older one of its lane, all else being equal, now or later; exemptions aside. */
export const newerBuildWorse: Analysis = { code: 'newer-build-worse', needsWholeSet: true, find };

/** Regions of one policy in which an example is looked for. */
const MAX_REGIONS = 20;

type Split = DiagramNode & { readonly kind: 'split' };

/** A build and the next one of its lane. */
interface Neighbours {
  readonly older: Build;
  readonly newer: Build;
}

interface Suspicion extends Neighbours {
  readonly olderTarget: number;
  readonly cells: Cells;
}

function* find(analysis: ExactAnalysis): Generator<Finding> {
  if (!analysis.policySet.catalogue.products.some((product) => neighboursIn(product).length > 0)) return;
  for (const [target, suspicions] of suspicionsByPolicy(analysis)) {
    for (const suspicion of suspicions) {
      const found = confirmed(analysis, target, suspicion);
      if (found === undefined) continue;
      yield found;
      break;
    }
  }
}

/** Where the newer build of two neighbours is worse off, by the index of the policy that decides for it. */
function suspicionsByPolicy(analysis: ExactAnalysis): ReadonlyMap<number, readonly Suspicion[]> {
  const { exact, now, policySet } = analysis;
  const { variables } = exact;
  const neighbours = policySet.catalogue.products.flatMap(neighboursIn).map((pair) => ({
    ...pair,
    olderCell: variables.versionVariable.cellOfValue(pair.older.version),
    newerCell: variables.versionVariable.cellOfValue(pair.newer.version),
  }));
  const fromNow: CellSet = [variables.timeVariable.cellOfValue(now), variables.timeVariable.cellCount];
  const suspicions = new Map<number, Suspicion[]>();
  const seen = new Set<string>();
  const compare = (node: Split, cells: Cells): void => {
    for (const pair of neighbours) {
      const older = childFor(node, pair.olderCell);
      const newer = childFor(node, pair.newerCell);
      const key = `${older.id} ${newer.id}`;
      if (older === newer || seen.has(key)) continue;
      seen.add(key);
      const visit = ([olderTarget = -1, target = -1]: readonly number[], region: () => Cells) => {
        if (target < 0 || olderTarget === IMPOSSIBLE || !isWorseTarget(analysis, target, olderTarget)) return;
        const known = suspicions.get(target) ?? [];
        suspicions.set(target, known);
        if (known.length < MAX_REGIONS) known.push({ ...pair, olderTarget, cells: region() });
      };
      walkTogether(exact, [older, newer], visit, { within: cells });
    }
  };
  eachVersionSplit(analysis, new Map([[variables.time, fromNow]]), compare);
  return suspicions;
}

/** Builds of one lane, each with the next one: where none is worse off than the one before, none is worse off than any. */
function neighboursIn({ builds, laneParts }: Product): Neighbours[] {
  return builds.flatMap((newer, index) => {
    const older = builds[index - 1];
    const isOneLane = older?.version.slice(0, laneParts).join() === newer.version.slice(0, laneParts).join();
    return older !== undefined && isOneLane ? [{ older, newer }] : [];
  });
}

function isWorseTarget(analysis: ExactAnalysis, target: number, other: number): boolean {
  return isWorse(finalSeverity(analysis.policyAt(target)), finalSeverity(analysis.policyAt(other)));
}

/** Calls back for each node that asks for the version, with the cells of the first way to it. */
function eachVersionSplit(
  { exact, policies }: ExactAnalysis,
  within: Cells,
  visit: (node: Split, cells: Cells) => void,
): void {
  const isDone = ([node]: readonly DiagramNode[], cells: () => Cells) => {
    if (node?.kind !== 'split' || node.variable !== exact.variables.version) return false;
    visit(node, cells());
    return true;
  };
  walkTogether(exact, [policies], () => undefined, { within, isDone });
}

function childFor({ starts, children }: Split, cell: number): DiagramNode {
  return children[starts.findLastIndex((start) => start <= cell)] as DiagramNode;
}

/** The finding, where a connection shows it. */
function confirmed(analysis: ExactAnalysis, target: number, suspicion: Suspicion): Finding | undefined {
  const { exact, examples, policySet } = analysis;
  const { older, newer, olderTarget, cells } = suspicion;
  const policy = analysis.policyAt(target);
  if (policy === undefined) return undefined;
  const cell = exact.variables.versionVariable.cellOfValue(newer.version);
  const firstPolicy = policySet.exemptions.length;
  const withVersion = (it: Witness, { version }: Build) => ({
    ...it,
    facts: { ...it.facts, 'server.version': version },
  });
  const example = examples.find(
    new Map([...cells, [exact.variables.version, [cell, cell + 1]]]),
    (it) =>
      examples.deciderOf(withVersion(it, newer), firstPolicy) === target &&
      examples.deciderOf(withVersion(it, older), firstPolicy) === olderTarget,
  );
  if (example === undefined) return undefined;
  const before = analysis.policyAt(olderTarget);
  const otherwise = before === undefined ? 'no policy' : `${before.name}, ${formatSeverity(finalSeverity(before))}`;
  const message = `The policy ${policy.name} treats ${inWords(newer)} worse than the older ${inWords(older)}: ${formatSeverity(finalSeverity(policy))} in the end, against ${otherwise}. For example ${analysis.inWords(withVersion(example, newer))}.`;
  return finding('newer-build-worse', headOf(policy.source), message, HINT, analysis.placesOf([olderTarget]));
}

const HINT = 'Let a policy be as strict with the older builds, or leave the newer ones out of this one.';

function inWords({ name, version }: Build): string {
  return `${name} (${formatVersion(version)})`;
}
