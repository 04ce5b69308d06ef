import { FACTS, type FactName, type Facts } from '../../policy/fact.js';
import { type EpochMillis, epochMillis } from '../../policy/instant.js';
import type { IpAddress } from '../../policy/network.js';
import { type Version, version } from '../../policy/version.js';
import type { CellSet } from './cell-set.js';
import type { ExactDiagrams } from './exact-diagrams.js';
import type { AddressKey } from './ordered-values.js';
import type { Region } from './region.js';
import { NamedVariable, OrderedVariable, type Variable } from './variable.js';

/** A connection that lies in a region: what a gateway would tell, whether the server was seen before, and when. */
export interface Witness {
  readonly facts: Facts;
  readonly isKnown: boolean;
  readonly time: EpochMillis;
}

/** Connections that are tried before a region counts as one that no connection can lie in. */
const MAX_TRIES = 500;

/**
 * Finds a connection in a region. What is told of certificate, address and connector has to fit together, so that more than
 * one may have to be tried.
 *
 * @param accepts whether a connection really gives what the region says; decided, not concluded
 * @param time the instant where the region leaves it open
 */
export function findRegionWitness(
  { variables, peers }: ExactDiagrams,
  { cells }: Region,
  time: EpochMillis,
  accepts: (witness: Witness) => boolean,
): Witness | undefined {
  const told: Facts = Object.fromEntries(
    FACTS.flatMap(({ name }) => {
      const value = plainSample(name, variables.ofFact(name), variables.all, cells);
      return value === undefined ? [] : [[name, value]];
    }),
  ) as Facts;
  const isKnown = knownSample(variables.ofFact('server.known'), cells);
  const times = timeSamples(cells.get(variables.time), variables.timeVariable, time);
  let tries = 0;
  for (const peer of cellsIn(cells.get(variables.connector) ?? [0, peers.length])) {
    for (const sample of peers[peer]?.samples ?? []) {
      const facts = merged(told, sample, variables.all, (name) => variables.ofFact(name), cells);
      if (facts === undefined) continue;
      for (const at of times) {
        if (tries++ >= MAX_TRIES) return undefined;
        const witness = { facts, isKnown, time: at };
        if (accepts(witness)) return witness;
      }
    }
  }
  return undefined;
}

const PEER_FACTS: ReadonlySet<FactName> = new Set(['client.address', 'tls.name', 'tls.verified', 'tls.fingerprint']);

/** A value of a fact that does not depend on the peer; undefined where it is to be absent or does not matter. */
function plainSample(
  name: FactName,
  number: number | undefined,
  variables: readonly Variable[],
  cells: ReadonlyMap<number, CellSet>,
): unknown {
  if (number === undefined || PEER_FACTS.has(name) || name === 'time' || name === 'server.known') return undefined;
  const wanted = cells.get(number);
  const variable = variables[number];
  if (wanted === undefined || variable === undefined || wanted[0] === 0) return undefined;
  for (const cell of cellsIn(wanted)) {
    const value = sampleIn(variable, cell);
    if (value !== undefined) return value;
  }
  return undefined;
}

function sampleIn(variable: Variable, cell: number): unknown {
  if (variable instanceof NamedVariable) return cell === 1 ? otherThan(variable.values) : variable.values[cell - 2];
  if (!(variable instanceof OrderedVariable)) return undefined;
  if (cell > 1) return variable.sampleOf(cell);
  const [first] = variable.edges as readonly unknown[];
  if (typeof first === 'number') return first > 0 ? 0 : undefined;
  const lowest: Version = version(0);
  return Array.isArray(first) && first.some((part) => part > 0) ? lowest : undefined;
}

function otherThan(values: readonly unknown[]): string {
  let other = 'other.example';
  while (values.includes(other)) other = `an.${other}`;
  return other;
}

function knownSample(number: number | undefined, cells: ReadonlyMap<number, CellSet>): boolean {
  const wanted = number === undefined ? undefined : cells.get(number);
  // Cell 2 holds true, cell 3 false.
  return wanted === undefined || cellsIn(wanted).next().value === 2;
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

/** Puts the peer's facts to the others; undefined where the region wants others of a peer. */
function merged(
  told: Facts,
  peer: Facts,
  variables: readonly Variable[],
  numberOf: (name: FactName) => number | undefined,
  cells: ReadonlyMap<number, CellSet>,
): Facts | undefined {
  const facts: Record<string, unknown> = { ...told, ...peer };
  for (const name of PEER_FACTS) {
    const number = numberOf(name);
    const wanted = number === undefined ? undefined : cells.get(number);
    const variable = number === undefined ? undefined : variables[number];
    if (wanted === undefined || variable === undefined) continue;
    const value = facts[name];
    const cell = value === undefined ? 0 : cellOfPeerFact(variable, value);
    if (!isIn(wanted, cell)) return undefined;
  }
  return facts as Facts;
}

function cellOfPeerFact(variable: Variable, value: unknown): number {
  if (variable instanceof NamedVariable) return variable.cellOfValue(value);
  return (variable as OrderedVariable<AddressKey>).cellOfValue(value as IpAddress);
}

function isIn(cells: CellSet, cell: number): boolean {
  return cells.some((edge, index) => index % 2 === 0 && edge <= cell && cell < (cells[index + 1] ?? 0));
}

/** The numbers of the cells of a set. */
export function* cellsIn(cells: CellSet): Generator<number> {
  for (let index = 0; index < cells.length; index += 2) {
    for (let cell = cells[index] ?? 0; cell < (cells[index + 1] ?? 0); cell++) yield cell;
  }
}
