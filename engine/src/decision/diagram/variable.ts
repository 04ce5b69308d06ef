import type { Comparison } from '../../policy/policy-set.js';
import type { Selection } from '../selection.js';
import type { Order, PackedEdges } from './ordered-values.js';

/**
 * Something that conditions ask for, with its values split into cells that they cannot tell apart. Cell 0 holds what is
 * missing; a variable that is never missing has nothing there.
 */
export interface Variable extends CellFinder {
  readonly name: string;
  readonly cellCount: number;
  /** Whether it is a yes or no that an operator answers (cell 1 for yes), because its values cannot be split. */
  readonly isOpaque: boolean;
}

/** What a walk needs of a variable. */
export interface CellFinder {
  cellOf(input: Selection): number;
}

/** A variable whose values have an order: the cells lie between edges. */
export class OrderedVariable<V> implements Variable {
  readonly isOpaque = false;
  /** Sorted; cell 1 lies below the first one, cell n + 1 from the n-th one on. */
  readonly edges: readonly V[];
  readonly packedEdges: PackedEdges;
  /** The cell of a value: 1 plus the number of edges that are not above it. */
  readonly cellOfValue: (value: V) => number;

  constructor(
    readonly name: string,
    edges: readonly V[],
    order: Order<V>,
    readonly read: (input: Selection) => V | undefined,
  ) {
    this.edges = order.sortOnce(edges);
    this.packedEdges = order.pack(this.edges);
    const countNotAbove = order.counter(this.packedEdges);
    this.cellOfValue = (value) => countNotAbove(value) + 1;
  }

  get cellCount(): number {
    return this.edges.length + 2;
  }

  cellOf(input: Selection): number {
    const value = this.read(input);
    return value === undefined ? 0 : this.cellOfValue(value);
  }

  /** A value of the cell; undefined for what is missing and for what lies below the first edge. */
  sampleOf(cell: number): V | undefined {
    return this.edges[cell - 2];
  }
}

/** A variable with single values that matter, and one cell for all others. */
export class NamedVariable implements Variable {
  readonly isOpaque = false;
  readonly values: readonly unknown[];
  readonly #cells: ReadonlyMap<unknown, number>;

  constructor(
    readonly name: string,
    values: readonly unknown[],
    readonly read: (input: Selection) => unknown,
  ) {
    this.values = [...new Set(values)];
    this.#cells = new Map(this.values.map((value, index) => [value, index + 2]));
  }

  get cellCount(): number {
    return this.values.length + 2;
  }

  cellOf(input: Selection): number {
    const value = this.read(input);
    return value === undefined ? 0 : this.cellOfValue(value);
  }

  cellOfValue(value: unknown): number {
    return this.#cells.get(value) ?? 1;
  }
}

/** Which connector a connection comes in by; never missing. */
export class ConnectorVariable implements Variable {
  readonly name = 'connector';
  readonly isOpaque = false;

  constructor(readonly cellCount: number) {}

  cellOf(input: Selection): number {
    return input.connector;
  }
}

/** A comparison whose values cannot be split into cells. */
export class OpaqueVariable implements Variable {
  readonly isOpaque = true;
  readonly cellCount = 2;

  constructor(
    readonly name: string,
    readonly test: (input: Selection) => boolean,
    /** One of the comparisons that it stands for. */
    readonly comparison: Comparison,
  ) {}

  cellOf(input: Selection): number {
    return this.test(input) ? 1 : 0;
  }
}
