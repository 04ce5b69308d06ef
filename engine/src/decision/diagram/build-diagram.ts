import { FALSE, type Formula, type FormulaTable, TRUE, visitVariables } from './formula.js';
import { ResidualSweep } from './residual-sweep.js';
import type { Variable } from './variable.js';

/** A policy or exemption by its number, and the condition that is left of it. */
export interface Residual {
  readonly target: number;
  readonly formula: Formula;
}

/**
 * A decision diagram without cycles; equal parts are one object.
 * `leaf`: the target that decides, -1 for none. `list`: targets to be tested in turn, where splitting on would make the
 * diagram too large. `split`: tells by the cell of a variable, child n from `starts[n]` on.
 */
export type DiagramNode = {
  readonly id: number;
  /** Whether nothing decides in a part of it. */
  readonly isOpen: boolean;
} & (
  | { readonly kind: 'leaf'; readonly target: number }
  | { readonly kind: 'list'; readonly residuals: readonly Residual[] }
  | {
      readonly kind: 'split';
      readonly variable: number;
      readonly starts: readonly number[];
      readonly children: readonly DiagramNode[];
    }
);

export interface DiagramLimits {
  /** Children of all nodes together; beyond, what is left becomes lists. */
  readonly edges: number;
  /** Lists of at most this length are not split on. */
  readonly shortList: number;
  /** Conditions that are looked at in splitting, in all builds together; beyond, a build fails. */
  readonly steps?: number;
}

/** Thrown where a diagram without lists would take more than its builder may spend. */
export class DiagramTooLargeError extends Error {}

/** Under these every region has one target: for exact analysis. */
export const UNLIMITED: DiagramLimits = { edges: Number.POSITIVE_INFINITY, shortList: 0 };

/** As {@link UNLIMITED}, but a build fails once all of them have taken so many steps. */
export function exactWithin(steps: number): DiagramLimits {
  return { ...UNLIMITED, steps };
}

/** Builds diagrams over one set of variables; diagrams that mean the same are the same object where there are no limits. */
export class DiagramBuilder {
  readonly #table: FormulaTable;
  readonly #variables: readonly Variable[];
  readonly #limits: DiagramLimits;
  /** Place of each variable in the order of tests. */
  readonly #ranks: readonly number[];
  readonly #extended = new Map<string, DiagramNode>();
  readonly #nodes = new Map<string, DiagramNode>();
  readonly #nothing: DiagramNode;
  #edges = 0;
  #steps = 0;
  #lastStep = Number.POSITIVE_INFINITY;

  /** @param order numbers of the variables, the first one is tested first */
  constructor(table: FormulaTable, variables: readonly Variable[], order: readonly number[], limits: DiagramLimits) {
    this.#table = table;
    this.#variables = variables;
    this.#limits = limits;
    const ranks: number[] = [];
    for (const [rank, variable] of order.entries()) ranks[variable] = rank;
    this.#ranks = ranks;
    this.#nothing = this.#intern('leaf -1', (id) => ({ kind: 'leaf', id, target: -1, isOpen: true }));
  }

  /** Number of nodes, and of their children together. */
  get size(): { readonly nodes: number; readonly edges: number } {
    return { nodes: this.#nodes.size, edges: this.#edges };
  }

  /**
   * Builds a diagram from conditions, of which the first one that holds decides. They come in chunks that double: what the
   * first ones leave nothing of costs nothing more.
   *
   * @param most most conditions that may be looked at in splitting
   * @throws DiagramTooLargeError where it takes more, or the limits allow no more
   */
  build(residuals: readonly Residual[], most = Number.POSITIVE_INFINITY): DiagramNode {
    this.#lastStep = Math.min(this.#limits.steps ?? Number.POSITIVE_INFINITY, this.#steps + most);
    let node = this.#nothing;
    for (let start = 0, size = FIRST_CHUNK; start < residuals.length && node.isOpen; start += size, size *= 2) {
      node = this.#extend(node, residuals.slice(start, start + size));
    }
    return node;
  }

  /** Fills the regions in which nothing decides yet. */
  #extend(node: DiagramNode, more: readonly Residual[]): DiagramNode {
    const open = upToFirstCertain(more);
    if (!node.isOpen || open.length === 0) return node;
    if (node.kind === 'list') return this.#fill([...node.residuals, ...open]);
    if (node.kind === 'leaf') return this.#fill(open);
    return this.#remembered(node, open, () => {
      const variable = this.#firstVariable(open);
      return this.#rankOf(variable) < this.#rankOf(node.variable)
        ? this.#split(variable, node, open)
        : this.#split(node.variable, node, open);
    });
  }

  /** What decides where nothing else does. */
  #fill(open: readonly Residual[]): DiagramNode {
    const [first] = open;
    if (first?.formula === TRUE) return this.#leaf(first.target);
    const variable = this.#firstVariable(open);
    if (this.#isEnough(open, variable)) return this.#list(open);
    return this.#remembered(this.#nothing, open, () => this.#split(variable, this.#nothing, open));
  }

  #remembered(node: DiagramNode, open: readonly Residual[], make: () => DiagramNode): DiagramNode {
    const key = `${node.id}|${keyOf(open)}`;
    const known = this.#extended.get(key);
    if (known !== undefined) return known;
    const made = make();
    this.#extended.set(key, made);
    return made;
  }

  #isEnough(open: readonly Residual[], variable: number): boolean {
    if (this.#limits.edges === Number.POSITIVE_INFINITY) return false;
    if (open.length <= this.#limits.shortList || this.#edges > this.#limits.edges) return true;
    return this.#variables[variable]?.isOpaque === true;
  }

  #rankOf(variable: number): number {
    return this.#ranks[variable] ?? Number.POSITIVE_INFINITY;
  }

  #firstVariable(open: readonly Residual[]): number {
    let first = -1;
    for (const { formula } of open) {
      visitVariables(formula, (variable) => {
        if (first < 0 || this.#rankOf(variable) < this.#rankOf(first)) first = variable;
      });
    }
    return first;
  }

  /** Splits by a variable; `node` may be split by it already. */
  #split(variable: number, node: DiagramNode, open: readonly Residual[]): DiagramNode {
    const own = node.kind === 'split' && node.variable === variable ? node : undefined;
    this.#steps += SPLIT_STEPS;
    const sweep = new ResidualSweep(this.#table, variable, open);
    const starts: number[] = [];
    const children: DiagramNode[] = [];
    let ownIndex = 0;
    for (let start = 0; start !== Number.POSITIVE_INFINITY; ) {
      sweep.moveTo(start);
      while (own !== undefined && (own.starts[ownIndex + 1] ?? Number.POSITIVE_INFINITY) <= start) ownIndex++;
      const before = own === undefined ? node : (own.children[ownIndex] as DiagramNode);
      const child = before.isOpen ? this.#extend(before, this.#counted(sweep.residuals())) : before;
      if (children.at(-1) !== child) {
        starts.push(start);
        children.push(child);
      }
      start = Math.min(sweep.nextStart, own?.starts[ownIndex + 1] ?? Number.POSITIVE_INFINITY);
    }
    const [only] = children;
    if (only !== undefined && children.length === 1) return only;
    const key = `${variable}|${starts.join()}|${children.map((child) => child.id).join()}`;
    return this.#intern(key, (id) => {
      this.#edges += children.length;
      const isOpen = children.some((child) => child.isOpen);
      return { kind: 'split', id, isOpen, variable, starts, children };
    });
  }

  #counted(residuals: readonly Residual[]): readonly Residual[] {
    this.#steps += 1 + residuals.length;
    if (this.#steps > this.#lastStep) throw new DiagramTooLargeError();
    return residuals;
  }

  #leaf(target: number): DiagramNode {
    return this.#intern(`leaf ${target}`, (id) => ({ kind: 'leaf', id, target, isOpen: false }));
  }

  #list(residuals: readonly Residual[]): DiagramNode {
    const isOpen = residuals.at(-1)?.formula !== TRUE;
    return this.#intern(`list ${keyOf(residuals)}`, (id) => ({ kind: 'list', id, residuals, isOpen }));
  }

  #intern(key: string, make: (id: number) => DiagramNode): DiagramNode {
    const known = this.#nodes.get(key);
    if (known !== undefined) return known;
    const made = make(this.#nodes.size);
    this.#nodes.set(key, made);
    return made;
  }
}

/** A node costs as much as so many conditions that are looked at. */
const SPLIT_STEPS = 32;

/** Conditions that are compiled first; the next chunks double. */
const FIRST_CHUNK = 64;

function keyOf(residuals: readonly Residual[]): string {
  return residuals.map(({ target, formula }) => `${target}.${formula.id}`).join();
}

/** Leaves out what never holds, and all behind the first that always does. */
function upToFirstCertain(residuals: readonly Residual[]): readonly Residual[] {
  const open: Residual[] = [];
  for (const residual of residuals) {
    if (residual.formula === FALSE) continue;
    open.push(residual);
    if (residual.formula === TRUE) break;
  }
  return open;
}
