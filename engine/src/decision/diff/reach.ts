import type { Facts } from '../../policy/fact.js';
import type { Residual } from '../diagram/build-diagram.js';
import { type CellSet, cellUnion, hasCell } from '../diagram/cell-set.js';
import type { ExactDiagrams } from '../diagram/exact-diagrams.js';
import type { Region } from '../diagram/region.js';
import { NamedVariable, OrderedVariable, type Variable } from '../diagram/variable.js';

/** No connection has these facts. */
export const IMPOSSIBLE = 0;
/** Only servers that were never seen before have these facts. */
export const NEVER_SEEN = 1;

/**
 * Conditions under which facts are {@link IMPOSSIBLE} or of {@link NEVER_SEEN} servers: `server.known` is told always, and is
 * false only for those; a server that is remembered has a name; some cells hold no value at all. Connections without
 * a name stay what they would be with one, so that they are told together with those that have one.
 */
export function reachOf({ table, variables, order }: ExactDiagrams): Residual[] {
  const residuals: Residual[] = [];
  const asked = new Set(order);
  for (const number of order) {
    const empty = emptyCells(variables.all[number]);
    if (empty.length > 0) residuals.push({ target: IMPOSSIBLE, formula: table.cells(number, empty) });
  }
  const unless = (number: number | undefined, cells: CellSet) =>
    number === undefined || !asked.has(number) ? table.or([]) : table.cells(number, cells);
  const isNew = unless(variables.ofFact('server.known'), [FALSE_CELL, FALSE_CELL + 1]);
  const isKnown = unless(variables.ofFact('server.known'), [TRUE_CELL, TRUE_CELL + 1]);
  const hasNoName = unless(variables.ofFact('server.name'), [0, 1]);
  residuals.push({ target: IMPOSSIBLE, formula: table.and([isKnown, hasNoName]) });
  residuals.push({ target: NEVER_SEEN, formula: isNew });
  return residuals;
}

const TRUE_CELL = 2;
const FALSE_CELL = 3;
const ALWAYS_TOLD: ReadonlySet<string> = new Set(['time', 'server.known']);
const BOOLEANS: ReadonlySet<string> = new Set(['server.known', 'tls.verified']);

/** Cells of a variable that hold no value that a fact can have. */
export function emptyCells(variable: Variable | undefined): CellSet {
  if (variable === undefined) return [];
  const empty: [number, number][] = [];
  if (ALWAYS_TOLD.has(variable.name)) empty.push([0, 1]);
  if (variable instanceof NamedVariable && BOOLEANS.has(variable.name)) empty.push([1, 2]);
  if (variable instanceof OrderedVariable) {
    for (let cell = 1; cell < variable.cellCount; cell++) {
      if (holdsNothing(variable.edges[cell - 2], variable.edges[cell - 1], variable.name)) empty.push([cell, cell + 1]);
    }
  }
  return cellUnion(empty);
}

/** Whether no value lies from one edge up to the next; versions, addresses and numbers begin at 0, numbers are whole. */
function holdsNothing(from: unknown, to: unknown, name: string): boolean {
  if (to === undefined) return false;
  if (name === 'time') return false;
  if (typeof to === 'number') return Math.ceil(Math.max(0, typeof from === 'number' ? from : 0)) >= to;
  if (from !== undefined) return false;
  if (Array.isArray(to)) return to.every((part) => part === 0);
  const { family, bits } = to as { readonly family: number; readonly bits: bigint };
  return family === 4 && bits === 0n;
}

/** Whether only servers that were never seen before lie in a region: those that are remembered have a name. */
export function isNameless({ variables }: ExactDiagrams, { cells }: Pick<Region, 'cells'>): boolean {
  const wanted = cells.get(variables.ofFact('server.name') ?? -1);
  return wanted !== undefined && wanted[0] === 0 && wanted[1] === 1 && wanted.length === 2;
}

/**
 * The name that a remembered server of a region has, beside what a witness tells; undefined where only servers that were
 * never seen before lie in the region.
 */
export function rememberedName(
  { variables }: ExactDiagrams,
  { cells }: Pick<Region, 'cells'>,
  { facts }: { readonly facts: Facts },
): string | undefined {
  const known = cells.get(variables.ofFact('server.known') ?? -1);
  if (known !== undefined && !hasCell(known, TRUE_CELL)) return undefined;
  const told = facts['server.name'];
  if (told !== undefined) return told;
  const number = variables.ofFact('server.name') ?? -1;
  const wanted = cells.get(number);
  const variable = variables.all[number];
  if (wanted === undefined || !(variable instanceof NamedVariable)) return 'mx.example';
  if (hasCell(wanted, 1)) return otherThan(variable.values);
  const index = variable.values.findIndex((_value, place) => hasCell(wanted, place + 2));
  return index < 0 ? undefined : String(variable.values[index]);
}

function otherThan(values: readonly unknown[]): string {
  let other = 'mx.example';
  while (values.includes(other)) other = `an.${other}`;
  return other;
}
