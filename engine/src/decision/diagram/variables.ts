import type { BuildCatalogue } from '../../policy/build-catalogue.js';
import { FACTS, type FactName, type Facts, factNamed } from '../../policy/fact.js';
import type { EpochMillis } from '../../policy/instant.js';
import type { IpAddress, Network } from '../../policy/network.js';
import type { Operand } from '../../policy/operand.js';
import type { Comparison } from '../../policy/policy-set.js';
import { successorOf, type Version, version } from '../../policy/version.js';
import type { VersionRange } from '../../policy/version-range.js';
import type { Selection } from '../selection.js';
import { ADDRESSES, type AddressKey, addressAbove, NUMBERS, numberAbove, VERSIONS } from './ordered-values.js';
import { ConnectorVariable, NamedVariable, OpaqueVariable, OrderedVariable, type Variable } from './variable.js';

/** Facts that follow from the connector, and from version and time by the catalogue. */
export const CONNECTOR_FACTS: ReadonlySet<FactName> = new Set(['connector.name', 'connector.type', 'server.tags']);
export const BUILD_FACTS: ReadonlySet<FactName> = new Set([
  'server.product',
  'server.build',
  'server.build.exact',
  'server.build.released',
  'server.build.age',
  'server.build.behind',
  'server.supportEnds',
  'server.supported',
]);

/** What beside the conditions shapes the variables. */
export interface VariablesShape {
  readonly connectorCells: number;
  readonly catalogues: readonly BuildCatalogue[];
  /** Whether versions are split at the builds of the catalogues even where no condition asks for builds. */
  readonly splitsBuilds?: boolean;
}

/** The variables of a policy set: what its conditions ask for, split at the edges that they draw. */
export class Variables {
  readonly all: Variable[] = [];
  readonly connector: number;
  readonly version: number;
  readonly time: number;
  readonly versionVariable: OrderedVariable<Version>;
  /** The edges of the version as one number each, where they fit. */
  readonly packedVersionEdges: Float64Array | undefined;
  readonly timeVariable: OrderedVariable<number>;
  readonly #byFact = new Map<FactName, number>();
  readonly #opaque = new Map<string, number>();

  /** @param times further edges of time: where policies and exemptions begin and end */
  constructor(
    comparisons: readonly Comparison[],
    { connectorCells, catalogues, splitsBuilds = false }: VariablesShape,
    times: readonly EpochMillis[],
  ) {
    const used = new Set(comparisons.map((each) => each.fact));
    const operands = new Map<FactName, Operand[]>();
    for (const { fact, operand } of comparisons) {
      if (!('value' in operand)) continue;
      const list = operands.get(fact) ?? [];
      operands.set(fact, list);
      list.push(...([operand.value].flat(4) as Operand[]));
    }
    this.connector = this.#add(new ConnectorVariable(connectorCells));
    const usesBuilds = splitsBuilds || [...used].some((fact) => BUILD_FACTS.has(fact));
    this.versionVariable = new OrderedVariable(
      'server.version',
      [...rangeEdges(operands.get('server.version') ?? []), ...(usesBuilds ? catalogues.flatMap(catalogueEdges) : [])],
      VERSIONS,
      (input) => input.version,
    );
    const { packedEdges } = this.versionVariable;
    this.packedVersionEdges = packedEdges instanceof Float64Array ? packedEdges : undefined;
    this.version = this.#add(this.versionVariable);
    this.#byFact.set('server.version', this.version);
    const timeOperands = (operands.get('time') ?? []).filter((each) => typeof each === 'number');
    this.timeVariable = new OrderedVariable(
      'time',
      [...times, ...timeOperands, ...catalogues.flatMap((catalogue) => catalogueTimes(catalogue, used, operands))],
      NUMBERS,
      (input) => input.now,
    );
    this.time = this.#add(this.timeVariable);
    this.#byFact.set('time', this.time);
    for (const { name, type } of FACTS) {
      if (!used.has(name) || this.#byFact.has(name) || CONNECTOR_FACTS.has(name) || BUILD_FACTS.has(name)) continue;
      if (type !== 'list') this.#byFact.set(name, this.#add(variableOf(name, operands.get(name) ?? [])));
    }
  }

  /** Number of the variable that holds a fact's values; undefined for derived facts and lists. */
  ofFact(fact: FactName): number | undefined {
    return this.#byFact.get(fact);
  }

  /** Number of the variable for a comparison that cannot be split; equal ones share it. */
  opaque(name: string, test: (input: Selection) => boolean, comparison: Comparison): number {
    const known = this.#opaque.get(name);
    if (known !== undefined) return known;
    const number = this.#add(new OpaqueVariable(name, test, comparison));
    this.#opaque.set(name, number);
    return number;
  }

  #add(variable: Variable): number {
    this.all.push(variable);
    return this.all.length - 1;
  }
}

/** A fact's value, without working out derived facts for those that are told. */
export function factReader(fact: FactName): (input: Selection) => Facts[FactName] {
  if (fact === 'server.name') return (input) => input.serverName;
  if (fact === 'server.known') return (input) => input.isKnown;
  if (fact === 'server.version') return (input) => input.version;
  if (fact === 'time') return (input) => input.now;
  return factNamed(fact)?.origin === 'connection' ? (input) => input.facts[fact] : (input) => input.allFacts()[fact];
}

function variableOf(fact: FactName, operands: readonly Operand[]): Variable {
  const type = factNamed(fact)?.type;
  const read = factReader(fact);
  if (type === 'network') {
    const edges = operands.filter(isNetwork).flatMap((network) => {
      const above = addressAbove(network);
      return [{ family: network.family, bits: network.first }, ...(above === undefined ? [] : [above])];
    });
    return new OrderedVariable<AddressKey>(fact, edges, ADDRESSES, (input) => read(input) as IpAddress | undefined);
  }
  if (type === 'number') {
    const numbers = operands.filter((operand) => typeof operand === 'number');
    const edges = numbers.flatMap((each) => [each, numberAbove(each)]);
    return new OrderedVariable<number>(fact, edges, NUMBERS, (input) => read(input) as number | undefined);
  }
  const values = type === 'boolean' ? [true, false] : operands.filter((operand) => typeof operand === 'string');
  return new NamedVariable(fact, values, read);
}

function isNetwork(operand: Operand): operand is Network {
  return typeof operand === 'object' && 'prefixBits' in operand;
}

function rangeEdges(operands: readonly Operand[]): Version[] {
  return operands.flatMap((operand) => (typeof operand === 'object' && 'intervals' in operand ? edgesOf(operand) : []));
}

function edgesOf({ intervals }: VersionRange): Version[] {
  return intervals.flatMap(({ from, to }) => (to === undefined ? [from] : [from, to]));
}

/** Versions at which what the catalogue says may change: builds, what follows them, lanes, products. */
function catalogueEdges(catalogue: BuildCatalogue): Version[] {
  const edges: Version[] = [version(0)];
  for (const product of catalogue.products) {
    edges.push(...edgesOf(product.versions));
    for (const { version: built } of product.builds) {
      edges.push(built, version(built[0], built[1]), version(built[0], built[1], built[2]));
      for (const parts of [2, 3, 4] as const) {
        const above = successorOf(built, parts);
        if (above !== undefined) edges.push(above);
      }
    }
  }
  return edges;
}

/** Instants at which what the catalogue says of a version may change for the facts in use. */
function catalogueTimes(
  catalogue: BuildCatalogue,
  used: ReadonlySet<FactName>,
  operands: ReadonlyMap<FactName, readonly Operand[]>,
): number[] {
  const releases = catalogue.products.flatMap((product) => product.builds.flatMap((build) => build.released ?? []));
  const times: number[] = [];
  if (used.has('server.supported')) times.push(...catalogue.products.flatMap((product) => product.supportEnds ?? []));
  if (used.has('server.build.behind')) times.push(...releases);
  if (used.has('server.build.age')) {
    const ages = (operands.get('server.build.age') ?? []).filter((operand) => typeof operand === 'number');
    for (const released of new Set<number>(releases)) {
      times.push(released, ...ages.flatMap((age) => [released + age, released + age + 1]));
    }
  }
  return times;
}
