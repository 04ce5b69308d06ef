import type { EpochMillis } from '../../policy/instant.js';
import type { PolicySet } from '../../policy/policy-set.js';
import { connectorAt } from '../connector.js';
import { type CellSet, cellUnion, otherCells } from '../diagram/cell-set.js';
import type { ExactDiagrams } from '../diagram/exact-diagrams.js';
import type { AddressKey } from '../diagram/ordered-values.js';
import type { Region } from '../diagram/region.js';
import { NamedVariable, OpaqueVariable, OrderedVariable, type Variable } from '../diagram/variable.js';
import { cellsIn } from '../diagram/witness.js';
import { addressWords } from './address-words.js';
import { instantWords } from './change-words.js';
import { comparisonWords } from './comparison-words.js';
import { emptyCells } from './reach.js';
import { type KnownBuilds, knownBuildsIn, versionWords } from './version-words.js';

/** A region in words of the domain. */
export interface RegionWords {
  /** What is asked of each fact, such as `connector partners`; all of them have to hold. Empty for every connection. */
  readonly conditions: readonly string[];
  /** Tests whose values cannot be split, such as `helo matches /^mail/`, and the answer that they have in the region. */
  readonly opaque: readonly { readonly test: string; readonly answer: boolean }[];
  /** Listed builds in the region, where it asks for versions. */
  readonly builds?: KnownBuilds;
}

/** Items of one list that are named. */
const MAX_ITEMS = 12;

/** Puts a region into words; versions and connectors come first. */
export function regionWords(exact: ExactDiagrams, { cells }: Pick<Region, 'cells'>): RegionWords {
  const { variables } = exact;
  const conditions: string[] = [];
  const opaque: RegionWords['opaque'][number][] = [];
  const catalogues = exact.sets.map(({ policySet }) => policySet.catalogue).reverse();
  const numbers = [...cells.keys()].sort((a, b) => a - b);
  const first = [variables.version, variables.connector].filter((number) => cells.has(number));
  for (const number of new Set([...first, ...numbers])) {
    const variable = variables.all[number];
    const wanted = cells.get(number);
    if (variable === undefined || wanted === undefined) continue;
    if (variable instanceof OpaqueVariable) {
      opaque.push({ test: comparisonWords(variable.comparison), answer: wanted[0] === 1 });
      continue;
    }
    const possible = cellUnion([...pairs(wanted), ...pairs(emptyCells(variable))]);
    if (possible[0] === 0 && possible[1] === variable.cellCount) continue;
    if (number === variables.connector) conditions.push(connectorWords(exact, wanted));
    else if (number === variables.version) conditions.push(versionWords(versionIntervals(exact, wanted), catalogues));
    else conditions.push(factWords(variable, wanted));
  }
  const versions = cells.get(variables.version);
  const builds =
    versions === undefined ? undefined : knownBuildsIn(versionIntervals(exact, versions).intervals, catalogues);
  return { conditions, opaque, ...(builds === undefined ? {} : { builds }) };
}

function pairs(cells: CellSet): [number, number][] {
  return cells.flatMap((from, index): [number, number][] =>
    index % 2 === 0 ? [[from, cells[index + 1] ?? from]] : [],
  );
}

function versionIntervals({ variables: { versionVariable } }: ExactDiagrams, cells: CellSet) {
  return { isAbsentIn: cells[0] === 0, intervals: intervalsOf(versionVariable, cells) };
}

/** Stretches of values; without a beginning or an end they are open there. Cell 0, which holds what is absent, is left out. */
function intervalsOf<V>(variable: OrderedVariable<V>, cells: CellSet): { readonly from?: V; readonly to?: V }[] {
  return pairs(cells).flatMap(([start, end]) => {
    if (end <= 1) return [];
    const from = variable.edges[Math.max(1, start) - 2];
    const to = variable.edges[end - 2];
    return [{ ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }];
  });
}

function connectorWords({ peers, sets }: ExactDiagrams, cells: CellSet): string {
  const wanted = connectorNames(peers, sets, cells);
  const others = connectorNames(peers, sets, otherCells(cells, peers.length));
  if (others.length < wanted.length && others.length <= 2) return `on every connector but ${listWords(others)}`;
  return `on connector ${listWords(wanted)}`;
}

function connectorNames(
  peers: ExactDiagrams['peers'],
  sets: readonly { readonly policySet: PolicySet }[],
  cells: CellSet,
): string[] {
  const names = [...cellsIn(cells)].map((cell) => {
    const [before, after] = sets.map(
      ({ policySet }, set) => connectorAt(policySet.connectors, peers[cell]?.connectors[set] ?? -1).name,
    );
    return before === after ? `${after}` : `${after} (before: ${before})`;
  });
  return [...new Set(names)];
}

function factWords(variable: Variable, cells: CellSet): string {
  const { name } = variable;
  const isAbsentIn = cells[0] === 0;
  if (isAbsentIn && cells[1] === 1 && cells.length === 2) return `${name} not known`;
  const orAbsent = isAbsentIn ? ' or not known' : '';
  if (variable instanceof NamedVariable) return `${name} ${namedWords(variable, cells)}${orAbsent}`;
  if (!(variable instanceof OrderedVariable)) return `${name} in cells ${cells.join()}`;
  if (!isAbsentIn && cells[0] === 1 && cells[1] === variable.cellCount) return `${name} known`;
  if (name === 'time') return timeWords(intervalsOf(variable as OrderedVariable<EpochMillis>, cells));
  if (name === 'client.address') {
    return `${name} ${listWords(intervalsOf(variable as OrderedVariable<AddressKey>, cells).map(addressWords))}${orAbsent}`;
  }
  const numbers = intervalsOf(variable as OrderedVariable<number>, cells).map(numberWords);
  return `${name} ${listWords(numbers)}${orAbsent}`;
}

function namedWords(variable: NamedVariable, cells: CellSet): string {
  const known = [...cellsIn(cells)].filter((cell) => cell > 1).map((cell) => String(variable.values[cell - 2]));
  const hasOthers = [...cellsIn(cells)].includes(1);
  if (!hasOthers) return listWords(known);
  const left = variable.values.map(String).filter((value) => !known.includes(value));
  return left.length === 0 ? 'known' : `other than ${listWords(left)}`;
}

function timeWords(intervals: readonly { readonly from?: EpochMillis; readonly to?: EpochMillis }[]): string {
  return listWords(
    intervals.map(({ from, to }) => {
      const start = from === undefined ? '' : `from ${instantWords(from)}`;
      const end =
        to === undefined ? '' : from === undefined ? `before ${instantWords(to)}` : `until ${instantWords(to)}`;
      return [start, end].filter((each) => each !== '').join(' ');
    }),
  );
}

/** Whole numbers, both ends included. */
function numberWords({ from, to }: { readonly from?: number; readonly to?: number }): string {
  const low = Math.ceil(from ?? 0);
  const high = to === undefined ? undefined : Math.ceil(to) - 1;
  if (high === undefined) return `at least ${low}`;
  return high === low ? String(low) : low <= 0 ? `at most ${high}` : `${low} to ${high}`;
}

function listWords(items: readonly string[]): string {
  const shown = items.slice(0, MAX_ITEMS);
  const hidden = items.length - shown.length;
  if (hidden > 0) return `${shown.join(', ')} or one of ${hidden} more`;
  const last = shown.pop();
  return shown.length === 0 ? (last ?? 'none') : `${shown.join(', ')} or ${last}`;
}
