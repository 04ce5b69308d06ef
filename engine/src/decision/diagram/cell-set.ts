/** Cells of a variable, by number: sorted, disjoint, half-open ranges, flattened to `[from, to, from, to, …]`. */
export type CellSet = readonly number[];

export const NO_CELLS: CellSet = [];

/** The cells from `from` up to but without `to`. */
export function cellRange(from: number, to: number): CellSet {
  return from < to ? [from, to] : NO_CELLS;
}

/** Whether the set has the cell. */
export function hasCell(cells: CellSet, cell: number): boolean {
  let low = 0;
  let high = cells.length / 2 - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (cell < (cells[2 * middle] as number)) high = middle - 1;
    else if (cell >= (cells[2 * middle + 1] as number)) low = middle + 1;
    else return true;
  }
  return false;
}

/** All cells from 0 up to but without `count` that the set does not have. */
export function otherCells(cells: CellSet, count: number): CellSet {
  const others: number[] = [];
  let from = 0;
  for (let index = 0; index < cells.length; index += 2) {
    if (from < (cells[index] as number)) others.push(from, cells[index] as number);
    from = cells[index + 1] as number;
  }
  if (from < count) others.push(from, count);
  return others;
}

/** The cells that at least one of the ranges has; ranges in any order. */
export function cellUnion(ranges: readonly (readonly [from: number, to: number])[]): CellSet {
  const union: number[] = [];
  for (const [from, to] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const last = union.length - 1;
    if (from >= to) continue;
    if (last >= 0 && from <= (union[last] as number)) union[last] = Math.max(union[last] as number, to);
    else union.push(from, to);
  }
  return union;
}

/** The ranges of a set, for {@link cellUnion}. */
export function rangesOf(cells: CellSet): [from: number, to: number][] {
  const ranges: [number, number][] = [];
  for (let index = 0; index < cells.length; index += 2)
    ranges.push([cells[index] as number, cells[index + 1] as number]);
  return ranges;
}

/** The cells that both sets have. */
export function commonCells(a: CellSet, b: CellSet): CellSet {
  const common: number[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const from = Math.max(a[i] as number, b[j] as number);
    const to = Math.min(a[i + 1] as number, b[j + 1] as number);
    if (from < to) common.push(from, to);
    if ((a[i + 1] as number) < (b[j + 1] as number)) i += 2;
    else j += 2;
  }
  return common;
}
