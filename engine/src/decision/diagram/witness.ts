import { FACTS, type FactName, type Facts } from '../../policy/fact.js';
import { type EpochMillis, epochMillis } from '../../policy/instant.js';
import type { IpAddress } from '../../policy/network.js';
import { type Version, version } from '../../policy/version.js';
import type { Selection } from '../selection.js';
import { type CellSet, hasCell } from './cell-set.js';
import type { ExactDiagrams } from './exact-diagrams.js';
import { opaqueSamples } from './opaque-samples.js';
import type { AddressKey } from './ordered-values.js';
import type { PeerBox } from './peer-classes.js';
import type { Region } from './region.js';
import { NamedVariable, OpaqueVariable, OrderedVariable, type Variable } from './variable.js';

/** A connection that lies in a region: what a gateway would tell, whether the server was seen before, and when. */
export interface Witness {
  readonly facts: Facts;
  readonly isKnown: boolean;
  readonly time: EpochMillis;
}

/** Connections that are tried before a region counts as one that no connection can lie in. */
const MAX_TRIES = 500;
/** Values of one fact of a client that are tried. */
const MAX_VALUES = 20;

type Exact = Pick<ExactDiagrams, 'variables' | 'peers'>;
type Cells = ReadonlyMap<number, CellSet>;

/**
 * Finds a connection in a region. Comparisons that cannot be split (regular expressions, domains) may exclude each other or
 * what else the region asks for, so that more than one connection may have to be tried.
 *
 * @param accepts whether a connection really gives what the region says; decided, not concluded
 * @param time the instant where the region leaves it open
 */
export function findRegionWitness(
  exact: Exact,
  region: Pick<Region, 'cells'>,
  time: EpochMillis,
  accepts: (witness: Witness) => boolean,
): Witness | undefined {
  const { variables } = exact;
  const { cells } = region;
  const told: Facts = Object.fromEntries(
    FACTS.flatMap(({ name }) => {
      const value = plainSample(name, exact, cells);
      return value === undefined ? [] : [[name, value]];
    }),
  ) as Facts;
  const isKnown = knownSample(variables.ofFact('server.known'), cells);
  const times = timeSamples(cells.get(variables.time), variables.timeVariable, time);
  let tries = 0;
  for (const peer of peersIn(exact, cells)) {
    for (const at of times) {
      if (tries++ >= MAX_TRIES) return undefined;
      const witness = { facts: { ...told, ...peer }, isKnown, time: at };
      if (accepts(witness)) return witness;
    }
  }
  return undefined;
}

const PEER_FACTS: ReadonlySet<FactName> = new Set(['client.address', 'tls.name', 'tls.verified', 'tls.fingerprint']);

/** A value of a fact that does not depend on the peer; undefined where it is to be absent or does not matter. */
function plainSample(name: FactName, { variables }: Exact, cells: Cells): unknown {
  const number = variables.ofFact(name);
  const variable = number === undefined ? undefined : variables.all[number];
  if (number === undefined || variable === undefined || PEER_FACTS.has(name)) return undefined;
  if (name === 'time' || name === 'server.known') return undefined;
  const wanted = cells.get(number);
  const opaque = opaqueOf(name, variables.all, cells);
  if (opaque.length > 0) {
    const proposals = [
      undefined,
      ...opaqueSamples(
        name,
        opaque.map((each) => each.variable.comparison),
      ),
    ];
    const fitting = proposals.filter((value) => wanted === undefined || hasCell(wanted, cellOfFact(variable, value)));
    const found = fitting.findIndex((value) => opaque.every((each) => answersAsWanted(each, name, value)));
    if (found >= 0) return fitting[found];
  }
  if (wanted === undefined || wanted[0] === 0) return undefined;
  for (const cell of cellsIn(wanted)) {
    const value = sampleIn(variable, cell);
    if (value !== undefined && opaque.every((each) => answersAsWanted(each, name, value))) return value;
  }
  return undefined;
}

function sampleIn(variable: Variable, cell: number): unknown {
  if (variable instanceof NamedVariable) return cell === 1 ? otherThan(variable.values) : variable.values[cell - 2];
  if (!(variable instanceof OrderedVariable)) return undefined;
  if (cell > 1) return variable.sampleOf(cell);
  const [first] = variable.edges as readonly unknown[];
  const lowest: Version = version(0);
  if (first === undefined) return variable.name === 'server.version' ? lowest : 0;
  if (typeof first === 'number') return first > 0 ? 0 : undefined;
  return Array.isArray(first) && first.some((part) => part > 0) ? lowest : undefined;
}

function otherThan(values: readonly unknown[]): string {
  let other = 'other.example';
  while (values.includes(other)) other = `an.${other}`;
  return other;
}

/** A comparison of a fact that cannot be split, and the answers that a region wants of it. */
interface WantedAnswer {
  readonly variable: OpaqueVariable;
  readonly wanted: CellSet;
}

/** Comparisons with another fact are left out: one fact alone does not answer them. */
function opaqueOf(fact: FactName, variables: readonly Variable[], cells: Cells): WantedAnswer[] {
  return [...cells].flatMap(([number, wanted]) => {
    const variable = variables[number];
    if (!(variable instanceof OpaqueVariable)) return [];
    const { comparison } = variable;
    return comparison.fact === fact && 'value' in comparison.operand ? [{ variable, wanted }] : [];
  });
}

function answersAsWanted({ variable, wanted }: WantedAnswer, fact: FactName, value: unknown): boolean {
  const facts: Facts = value === undefined ? {} : { [fact]: value };
  const selection = {
    facts,
    serverName: facts['server.name'],
    version: facts['server.version'],
    allFacts: () => facts,
  };
  return hasCell(wanted, variable.test(selection as Selection) ? 1 : 0);
}

function knownSample(number: number | undefined, cells: Cells): boolean {
  const wanted = number === undefined ? undefined : cells.get(number);
  // Cell 2 holds true, cell 3 false.
  return wanted === undefined || hasCell(wanted, 2);
}

function timeSamples(cells: CellSet | undefined, variable: OrderedVariable<number>, time: EpochMillis): EpochMillis[] {
  if (cells === undefined) return [time];
  const samples = [...cellsIn(cells)].flatMap((cell) => {
    if (cell === variable.cellOfValue(time)) return [time];
    const first = variable.edges[0] ?? time;
    const sample = cell === 1 ? first - 1 : variable.sampleOf(cell);
    return sample === undefined ? [] : [epochMillis(sample)];
  });
  return samples.sort((a, b) => Math.abs(a - time) - Math.abs(b - time)).slice(0, 5);
}

/** Clients in a region, of each class and box some; those without a certificate first. */
function* peersIn(exact: Exact, cells: Cells): Generator<Facts> {
  const { variables, peers } = exact;
  for (const peer of cellsIn(cells.get(variables.connector) ?? [0, peers.length])) {
    for (const box of peers[peer]?.boxes ?? []) yield* peersInBox(box, exact, cells);
  }
}

function* peersInBox(box: PeerBox, exact: Exact, cells: Cells): Generator<Facts> {
  const names = fitting('tls.name', box.names, exact, cells, MAX_VALUES);
  const fingerprints = fitting('tls.fingerprint', box.fingerprints, exact, cells, MAX_VALUES);
  for (const verified of fitting('tls.verified', box.verified, exact, cells, 1)) {
    for (const address of fitting('client.address', box.addresses, exact, cells, 1)) {
      for (const name of names) {
        for (const fingerprint of fingerprints) {
          yield {
            ...(address === undefined ? {} : { 'client.address': address }),
            ...(verified === undefined ? {} : { 'tls.verified': verified }),
            ...(name === undefined ? {} : { 'tls.name': name }),
            ...(fingerprint === undefined ? {} : { 'tls.fingerprint': fingerprint }),
          };
        }
      }
    }
  }
}

/** Values that a region wants of a fact; at most some. */
function fitting<V>(fact: FactName, values: readonly V[], { variables }: Exact, cells: Cells, most: number): V[] {
  const number = variables.ofFact(fact);
  const variable = number === undefined ? undefined : variables.all[number];
  const wanted = number === undefined ? undefined : cells.get(number);
  const opaque = opaqueOf(fact, variables.all, cells);
  if (variable === undefined || (wanted === undefined && opaque.length === 0)) return values.slice(0, 1);
  const found: V[] = [];
  for (const value of values) {
    const isWanted = wanted === undefined || hasCell(wanted, cellOfFact(variable, value));
    if (isWanted && opaque.every((each) => answersAsWanted(each, fact, value))) found.push(value);
    if (found.length === most) break;
  }
  return found;
}

function cellOfFact(variable: Variable, value: unknown): number {
  if (value === undefined) return 0;
  if (variable instanceof NamedVariable) return variable.cellOfValue(value);
  return (variable as OrderedVariable<AddressKey>).cellOfValue(value as IpAddress);
}

/** The numbers of the cells of a set. */
export function* cellsIn(cells: CellSet): Generator<number> {
  for (let index = 0; index < cells.length; index += 2) {
    for (let cell = cells[index] ?? 0; cell < (cells[index + 1] ?? 0); cell++) yield cell;
  }
}
