import type { Connector, PolicySet } from '../../policy/policy-set.js';
import { version } from '../../policy/version.js';
import { connectorAt, trustsHeaders } from '../connector.js';
import type { DiagramNode, Residual } from '../diagram/build-diagram.js';
import { cellUnion } from '../diagram/cell-set.js';
import { type ExactDiagrams, type ExactSet, exactDiagrams } from '../diagram/exact-diagrams.js';
import { DiagramProduct } from './diagram-product.js';
import { exemptedFrom, type Outcome, onFirstDay, outcomeOf, tellsBuild, UNMATCHED } from './outcome.js';
import { IMPOSSIBLE, NEVER_SEEN, reachOf } from './reach.js';

/** Who a server is to a policy set: servers are remembered by their connector, and told apart as it says. */
export interface ServerView {
  readonly connector: string;
  readonly identity: Connector['identity'];
  /** Whether a version that a header tells counts. */
  readonly trustsHeaders: boolean;
}

/** What replies call a version. */
export interface BuildNames {
  readonly build: string;
  readonly product: string;
}

/** Two values of something, before a change and after it. */
export interface Pair<T> {
  readonly before: T;
  readonly after: T;
}

/** How two policy sets differ for some connections. */
export interface OutcomeDifference extends Pair<Outcome> {
  /** Present where the two take the server for another one, and its clock runs in both. */
  readonly server?: Pair<ServerView>;
  /** Present where both have replies that tell the build, and call it by different names. */
  readonly builds?: Pair<BuildNames>;
}

/** A policy set as diagrams. */
export interface OutcomeDiagram {
  readonly set: ExactSet;
  /** Leaves: index of the first policy that holds, exemptions aside, among the deciders. */
  readonly policies: DiagramNode;
  /** Leaves: index of the first exemption that holds among the deciders. */
  readonly exemptions: DiagramNode;
}

export interface OutcomeDiagrams {
  readonly exact: ExactDiagrams;
  readonly before: OutcomeDiagram;
  readonly after: OutcomeDiagram;
  /** Leaves: index of the difference; -1 where there is none. */
  readonly difference: DiagramNode;
  readonly differences: readonly OutcomeDifference[];
}

/**
 * Builds the diagram of what differs between two policy sets.
 *
 * @param steps conditions that may be looked at in splitting; without a limit by default
 * @throws DiagramTooLargeError where it takes more
 */
export function outcomeDiagrams(before: PolicySet, after: PolicySet, steps?: number): OutcomeDiagrams {
  const callsBuildsOtherwise = tellsBuilds(before, after) && namesKey(before) !== namesKey(after);
  const exact = exactDiagrams([before, after], callsBuildsOtherwise, steps);
  const product = new DiagramProduct(exact.order);
  const outcomes = new Interned<Outcome>(UNMATCHED);
  const differences = new Interned<OutcomeDifference>();
  const reach = exact.build(reachOf(exact));
  const [a, b] = exact.sets.map((set) => {
    const diagram = deciderDiagrams(exact, set);
    const own = set.deciders.map((decider) =>
      outcomes.indexOf('policy' in decider ? outcomeOf(decider.policy) : UNMATCHED),
    );
    const outcome = product.combine(
      [diagram.policies, diagram.exemptions, reach],
      ([policy = -1, exemption = -1, known = -1]) => {
        const decided = own[policy];
        if (known === IMPOSSIBLE || decided === undefined) return outcomes.indexOf(UNMATCHED);
        if (exemption < 0 && known !== NEVER_SEEN) return decided;
        const due = exemption < 0 ? outcomes.at(decided) : exemptedFrom(outcomes.at(decided));
        return outcomes.indexOf(known === NEVER_SEEN ? onFirstDay(due) : due);
      },
    );
    return { ...diagram, outcome };
  });
  if (a === undefined || b === undefined) throw new Error('Two policy sets give two diagrams');
  const servers = new Interned<Pair<ServerView>>();
  const builds = new Interned<Pair<BuildNames>>();
  const serverDiagram = exact.build(serverResiduals(exact, servers));
  const buildDiagram = exact.build(callsBuildsOtherwise ? buildResiduals(exact, builds) : []);
  const tellers = new Set(
    outcomes.all.flatMap((each, number) => (each.kind === 'enforced' && tellsBuild(each.steps) ? [number] : [])),
  );
  const difference = product.combine(
    [a.outcome, b.outcome, serverDiagram, buildDiagram],
    ([one = 0, other = 0, server = -1, build = -1]) => {
      const pair = { before: outcomes.at(one), after: outcomes.at(other) };
      const isRemembered = pair.before.kind !== 'unmatched' && pair.after.kind !== 'unmatched';
      const isTold = [one, other].every((number) => tellers.has(number));
      const otherServer = isRemembered && server >= 0 ? { server: servers.at(server) } : {};
      const otherBuild = isTold && build >= 0 ? { builds: builds.at(build) } : {};
      const found: OutcomeDifference = { ...pair, ...otherServer, ...otherBuild };
      return one === other && found.server === undefined && found.builds === undefined
        ? -1
        : differences.indexOf(found);
    },
    ([one, other, server, build]) => (one === other && isNone(server) && isNone(build) ? -1 : undefined),
  );
  return { exact, before: a, after: b, difference, differences: differences.all };
}

function isNone(node: DiagramNode | undefined): boolean {
  return node?.kind === 'leaf' && node.target < 0;
}

function deciderDiagrams(exact: ExactDiagrams, set: ExactSet): OutcomeDiagram {
  const policies: Residual[] = [];
  const exemptions: Residual[] = [];
  for (const [target, decider] of set.deciders.entries()) {
    const formula = set.formulas[target];
    if (formula !== undefined) ('policy' in decider ? policies : exemptions).push({ target, formula });
  }
  return { set, policies: exact.build(policies), exemptions: exact.build(exemptions) };
}

function serverResiduals({ peers, sets, table, variables }: ExactDiagrams, servers: Interned<Pair<ServerView>>) {
  const cells = new Map<number, [number, number][]>();
  for (const [cell, { connectors }] of peers.entries()) {
    const [one, other] = connectors.map((index, set) => viewOf(sets[set]?.policySet.connectors ?? [], index));
    if (one === undefined || other === undefined || JSON.stringify(one) === JSON.stringify(other)) continue;
    const target = servers.indexOf({ before: one, after: other });
    cells.set(target, [...(cells.get(target) ?? []), [cell, cell + 1]]);
  }
  return residualsOf(cells, (ranges) => table.cells(variables.connector, cellUnion(ranges)));
}

function viewOf(connectors: readonly Connector[], index: number): ServerView {
  const connector = connectorAt(connectors, index);
  return { connector: connector.name, identity: connector.identity, trustsHeaders: trustsHeaders(connector) };
}

function buildResiduals({ sets, table, variables }: ExactDiagrams, builds: Interned<Pair<BuildNames>>): Residual[] {
  const { versionVariable } = variables;
  const cells = new Map<number, [number, number][]>();
  for (let cell = 1; cell < versionVariable.cellCount; cell++) {
    const sample = versionVariable.sampleOf(cell) ?? version(0);
    const [one, other] = sets.map(({ policySet }): BuildNames => {
      const entry = policySet.catalogue.find(sample);
      return { build: entry?.build?.name ?? 'unknown', product: entry?.product.name ?? 'unknown' };
    });
    if (one === undefined || other === undefined) continue;
    if (one.build === other.build && one.product === other.product) continue;
    const target = builds.indexOf({ before: one, after: other });
    cells.set(target, [...(cells.get(target) ?? []), [cell, cell + 1]]);
  }
  return residualsOf(cells, (ranges) => table.cells(variables.version, cellUnion(ranges)));
}

function residualsOf(
  cells: ReadonlyMap<number, [number, number][]>,
  formulaOf: (ranges: readonly [number, number][]) => Residual['formula'],
): Residual[] {
  return [...cells].map(([target, ranges]) => ({ target, formula: formulaOf(ranges) }));
}

function tellsBuilds(...sets: readonly PolicySet[]): boolean {
  return sets.every(({ policies }) => policies.some(({ stages }) => tellsBuild(stages)));
}

function namesKey({ catalogue }: PolicySet): string {
  return JSON.stringify(
    catalogue.products.map(({ name, versions, laneParts, builds }) => [
      name,
      versions.intervals,
      laneParts,
      builds.map((build) => [build.name, build.version]),
    ]),
  );
}

/** Things numbered in the order in which they come; equal ones have one number. */
class Interned<T> {
  readonly all: T[] = [];
  readonly #numbers = new Map<string, number>();

  constructor(...first: readonly T[]) {
    for (const each of first) this.indexOf(each);
  }

  indexOf(thing: T): number {
    const key = JSON.stringify(thing);
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.all.length);
    this.all.push(thing);
    return this.all.length - 1;
  }

  at(number: number): T {
    const thing = this.all[number];
    if (thing === undefined) throw new Error(`Nothing has the number ${number}`);
    return thing;
  }
}
