import type { Residual } from './build-diagram.js';
import { FALSE, type FormulaTable, visitVariables } from './formula.js';
import type { Variables } from './variables.js';

/** Cells that are looked at to judge a variable. */
const SAMPLES = 64;

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
  const left = new Map(
    numbers
      .filter((number) => !all[number]?.isOpaque)
      .map((number) => {
        const left = averageLeft(residuals, number, all[number]?.cellCount ?? 0, table);
        return [number, number === connector ? left / CONNECTOR_BONUS : left];
      }),
  );
  return [...[...left].sort((a, b) => a[1] - b[1] || a[0] - b[0]).map(([number]) => number), ...opaque];
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
