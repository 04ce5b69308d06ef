import { type CellSet, cellUnion, commonCells, hasCell, otherCells, rangesOf } from './cell-set.js';

/** A condition over variables. Equal formulas of one table are one object, so that they are compared by `id`. */
export type Formula =
  | { readonly id: number; readonly kind: 'false' }
  | { readonly id: number; readonly kind: 'true' }
  | { readonly id: number; readonly kind: 'cells'; readonly variable: number; readonly cells: CellSet }
  | { readonly id: number; readonly kind: 'and'; readonly parts: readonly Formula[] }
  | { readonly id: number; readonly kind: 'or'; readonly parts: readonly Formula[] };

type CellsFormula = Extract<Formula, { kind: 'cells' }>;

export const FALSE: Formula = { id: 0, kind: 'false' };
export const TRUE: Formula = { id: 1, kind: 'true' };

/** A stretch of cells on which a formula is the same once the variable is known. */
export interface Piece {
  readonly from: number;
  readonly to: number;
  readonly formula: Formula;
}

/** Makes formulas; negations are pushed down to the cells, which have complements. */
export class FormulaTable {
  readonly #known = new Map<string, Formula>();
  readonly #pieces = new Map<number, Map<number, readonly Piece[]>>();
  #nextId = 2;

  /** @param cellCount number of cells of a variable, by its number */
  constructor(readonly cellCount: (variable: number) => number) {}

  cells(variable: number, cells: CellSet): Formula {
    if (cells.length === 0) return FALSE;
    if (cells.length === 2 && cells[0] === 0 && cells[1] === this.cellCount(variable)) return TRUE;
    return this.#intern(`${variable}:${cells.join()}`, (id) => ({ id, kind: 'cells', variable, cells }));
  }

  and(parts: readonly Formula[]): Formula {
    return this.#combine('and', parts, FALSE, TRUE);
  }

  or(parts: readonly Formula[]): Formula {
    return this.#combine('or', parts, TRUE, FALSE);
  }

  not(formula: Formula): Formula {
    switch (formula.kind) {
      case 'false':
        return TRUE;
      case 'true':
        return FALSE;
      case 'cells':
        return this.cells(formula.variable, otherCells(formula.cells, this.cellCount(formula.variable)));
      case 'and':
        return this.or(formula.parts.map((part) => this.not(part)));
      case 'or':
        return this.and(formula.parts.map((part) => this.not(part)));
    }
  }

  /** Splits the cells of a variable into stretches on which the formula comes to the same. */
  pieces(formula: Formula, variable: number): readonly Piece[] {
    const known = this.#pieces.get(variable)?.get(formula.id);
    if (known !== undefined) return known;
    const edges = new Set([0]);
    collectEdges(formula, variable, edges);
    const starts = [...edges].sort((a, b) => a - b);
    const count = this.cellCount(variable);
    const pieces: Piece[] = [];
    for (const [index, from] of starts.entries()) {
      const to = starts[index + 1] ?? count;
      if (from >= count) continue;
      const rest = this.#given(formula, variable, from);
      const last = pieces.at(-1);
      if (last?.formula === rest) pieces[pieces.length - 1] = { ...last, to };
      else pieces.push({ from, to, formula: rest });
    }
    const ofVariable = this.#pieces.get(variable) ?? new Map<number, readonly Piece[]>();
    this.#pieces.set(variable, ofVariable.set(formula.id, pieces));
    return pieces;
  }

  /** The formula where the variable is known to be in the cell. */
  #given(formula: Formula, variable: number, cell: number): Formula {
    if (formula.kind === 'cells') {
      if (formula.variable !== variable) return formula;
      return hasCell(formula.cells, cell) ? TRUE : FALSE;
    }
    if (formula.kind === 'false' || formula.kind === 'true') return formula;
    const parts = formula.parts.map((part) => this.#given(part, variable, cell));
    return formula.kind === 'and' ? this.and(parts) : this.or(parts);
  }

  #combine(kind: 'and' | 'or', parts: readonly Formula[], dominant: Formula, neutral: Formula): Formula {
    const distinct = new Map<number, Formula>();
    const byVariable = new Map<number, CellsFormula[]>();
    for (const part of parts) {
      if (part === dominant) return dominant;
      for (const each of flattened(part, kind)) {
        if (each === neutral) continue;
        if (each.kind !== 'cells') distinct.set(each.id, each);
        else pushTo(byVariable, each);
      }
    }
    for (const formulas of byVariable.values()) {
      const merged = this.#mergedCells(kind, formulas);
      if (merged === dominant) return dominant;
      if (merged !== neutral) distinct.set(merged.id, merged);
    }
    const sorted = [...distinct.values()].sort((a, b) => a.id - b.id);
    const [first] = sorted;
    if (first === undefined) return neutral;
    if (sorted.length === 1) return first;
    const key = `${kind}:${sorted.map((part) => part.id).join()}`;
    return this.#intern(key, (id) => ({ id, kind, parts: sorted }));
  }

  /** What is asked of one variable is one question. */
  #mergedCells(kind: 'and' | 'or', formulas: readonly CellsFormula[]): Formula {
    const [first] = formulas as readonly [CellsFormula];
    const sets = [...new Set(formulas)].map(({ cells }) => cells);
    if (sets.length === 1) return first;
    const merged = kind === 'or' ? cellUnion(sets.flatMap(rangesOf)) : sets.reduce(commonCells);
    return this.cells(first.variable, merged);
  }

  #intern(key: string, make: (id: number) => Formula): Formula {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const made = make(this.#nextId++);
    this.#known.set(key, made);
    return made;
  }
}

function pushTo(map: Map<number, CellsFormula[]>, formula: CellsFormula): void {
  const known = map.get(formula.variable);
  if (known === undefined) map.set(formula.variable, [formula]);
  else known.push(formula);
}

/** An `and` in an `and` is one with it. */
function flattened(formula: Formula, kind: 'and' | 'or'): readonly Formula[] {
  return (formula.kind === 'and' || formula.kind === 'or') && formula.kind === kind ? formula.parts : [formula];
}

function collectEdges(formula: Formula, variable: number, edges: Set<number>): void {
  if (formula.kind === 'cells' && formula.variable === variable) for (const edge of formula.cells) edges.add(edge);
  if (formula.kind === 'and' || formula.kind === 'or') {
    for (const part of formula.parts) collectEdges(part, variable, edges);
  }
}

/** Calls back for each variable that the formula mentions, maybe more than once. */
export function visitVariables(formula: Formula, visit: (variable: number) => void): void {
  if (formula.kind === 'cells') visit(formula.variable);
  if (formula.kind === 'and' || formula.kind === 'or') for (const part of formula.parts) visitVariables(part, visit);
}
