import type { Residual } from './build-diagram.js';
import { FALSE, type FormulaTable, visitVariables } from './formula.js';
import type { Variables } from './variables.js';

/** Cells, and conditions, that are looked at to judge a variable. */
const SAMPLES = 64;
const MAX_SAMPLED_CONDITIONS = 512;

/** The connector is known without a search: it comes first unless others tell far more apart. */
const CONNECTOR_BONUS = 8;

/**
 * Orders variables by how few conditions are left once one is known, on the average over its cells: what tells most
 * apart comes first, and keeps the diagram small. What cannot be split comes last, in the order of the conditions.
 */
export function variableOrder(
  residuals: readonly Residual[],
  { all, connector }: Variables,
  table: FormulaTable,
): readonly number[] {
  const mentioned = new Set<number>();
  for (const { formula } of residuals) visitVariables(formula, (variable) => mentioned.add(variable));
  const numbers = [...mentioned];
  const opaque = numbers.filter((number) => all[number]?.isOpaque);
  const some = evenly(residuals, MAX_SAMPLED_CONDITIONS);
  const costOf = (number: number): number => {
    const left = averageLeft(some, number, all[number]?.cellCount ?? 0, table);
    return number === connector ? left / CONNECTOR_BONUS : left;
  };
  const costs = new Map(numbers.filter((number) => !all[number]?.isOpaque).map((number) => [number, costOf(number)]));
  return [...[...costs].sort((a, b) => a[1] - b[1] || a[0] - b[0]).map(([number]) => number), ...opaque];
}

/** At most so many of the items, spread evenly. */
function evenly<T>(items: readonly T[], most: number): readonly T[] {
  const stride = Math.ceil(items.length / most);
  return stride < 2 ? items : items.filter((_, index) => index % stride === 0);
}

function averageLeft(residuals: readonly Residual[], variable: number, cellCount: number, table: FormulaTable): number {
  const samples = Math.min(SAMPLES, cellCount);
  let left = 0;
  for (const { formula } of residuals) {
    const pieces = table.pieces(formula, variable);
    let piece = 0;
    for (let sample = 0; sample < samples; sample++) {
      const cell = Math.floor((sample * cellCount) / samples);
      while ((pieces[piece]?.to ?? Number.POSITIVE_INFINITY) <= cell) piece++;
      if (pieces[piece]?.formula !== FALSE) left++;
    }
  }
  return samples === 0 ? residuals.length : left / samples;
}
