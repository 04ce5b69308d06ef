import type { Residual } from './build-diagram.js';
import { FALSE, type Formula, type FormulaTable, TRUE } from './formula.js';

interface Change {
  readonly at: number;
  readonly index: number;
  readonly formula: Formula;
}

/** Goes over the cells of a variable in their order, and tells what is left of conditions on each stretch. */
export class ResidualSweep {
  readonly #open: readonly Residual[];
  readonly #changes: readonly Change[];
  readonly #current: Formula[];
  /** Indexes of the conditions that may hold here, sorted. */
  readonly #active: number[] = [];
  #nextChange = 0;

  constructor(table: FormulaTable, variable: number, open: readonly Residual[]) {
    this.#open = open;
    const changes: Change[] = [];
    for (const [index, { formula }] of open.entries()) {
      for (const piece of table.pieces(formula, variable)) {
        changes.push({ at: piece.from, index, formula: piece.formula });
      }
    }
    this.#changes = changes.sort((a, b) => a.at - b.at);
    this.#current = open.map(() => FALSE);
  }

  /** First cell of the next stretch; infinite behind the last one. */
  get nextStart(): number {
    return this.#changes[this.#nextChange]?.at ?? Number.POSITIVE_INFINITY;
  }

  /** Goes on to the stretch with the cell. */
  moveTo(cell: number): void {
    for (; this.nextStart <= cell; this.#nextChange++) {
      const { index, formula } = this.#changes[this.#nextChange] as Change;
      const before = this.#current[index];
      if (before === FALSE && formula !== FALSE) this.#active.splice(this.#placeOf(index), 0, index);
      if (before !== FALSE && formula === FALSE) this.#active.splice(this.#placeOf(index), 1);
      this.#current[index] = formula;
    }
  }

  /** What is left of the conditions here, up to the first that holds for certain. */
  residuals(): Residual[] {
    const residuals: Residual[] = [];
    for (const index of this.#active) {
      const formula = this.#current[index] as Formula;
      residuals.push({ target: (this.#open[index] as Residual).target, formula });
      if (formula === TRUE) break;
    }
    return residuals;
  }

  #placeOf(index: number): number {
    let low = 0;
    let high = this.#active.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#active[middle] as number) < index) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
