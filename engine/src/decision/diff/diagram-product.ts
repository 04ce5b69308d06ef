import type { DiagramNode } from '../diagram/build-diagram.js';

type Split = Extract<DiagramNode, { kind: 'split' }>;

/**
 * Combines exact diagrams of one order of variables, region by region, to new ones. Equal parts are one object, so that
 * two of its diagrams that mean the same are the same object.
 */
export class DiagramProduct {
  readonly #ranks: readonly number[];
  readonly #nodes = new Map<string, DiagramNode>();

  /** @param order numbers of the variables in the order in which the diagrams test them */
  constructor(order: readonly number[]) {
    const ranks: number[] = [];
    for (const [rank, variable] of order.entries()) ranks[variable] = rank;
    this.#ranks = ranks;
  }

  /**
   * The diagram that has, wherever the given ones have some targets, the target that is made of them.
   *
   * @param known a target that is certain for whatever is below the nodes, before one looks
   */
  combine(
    roots: readonly DiagramNode[],
    targetOf: (targets: readonly number[]) => number,
    known: (nodes: readonly DiagramNode[]) => number | undefined = () => undefined,
  ): DiagramNode {
    const done = new Map<string, DiagramNode>();
    const visit = (nodes: readonly DiagramNode[]): DiagramNode => {
      const key = nodes.map((node) => node.id).join();
      const earlier = done.get(key);
      if (earlier !== undefined) return earlier;
      const certain = known(nodes);
      const made = certain === undefined ? this.#made(nodes, targetOf, visit) : this.#leaf(certain);
      done.set(key, made);
      return made;
    };
    return visit(roots);
  }

  #made(
    nodes: readonly DiagramNode[],
    targetOf: (targets: readonly number[]) => number,
    visit: (nodes: readonly DiagramNode[]) => DiagramNode,
  ): DiagramNode {
    const variable = this.#firstVariable(nodes);
    if (variable === undefined) return this.#leaf(targetOf(nodes.map(leafTarget)));
    const split = nodes.map((node) => (node.kind === 'split' && node.variable === variable ? node : undefined));
    const starts: number[] = [];
    const children: DiagramNode[] = [];
    const places = nodes.map(() => 0);
    for (let start = 0; start !== Number.POSITIVE_INFINITY; ) {
      const parts = nodes.map((node, index) => split[index]?.children[places[index] as number] ?? node);
      const child = visit(parts);
      if (children.at(-1) !== child) {
        starts.push(start);
        children.push(child);
      }
      start = nextStart(split, places);
    }
    const [only] = children;
    return only !== undefined && children.length === 1 ? only : this.#split(variable, starts, children);
  }

  #firstVariable(nodes: readonly DiagramNode[]): number | undefined {
    let first: number | undefined;
    for (const node of nodes) {
      if (node.kind !== 'split') continue;
      if (first === undefined || this.#comesBefore(node.variable, first)) first = node.variable;
    }
    return first;
  }

  #comesBefore(a: number, b: number): boolean {
    const [one, other] = [this.#ranks[a], this.#ranks[b]];
    if (one !== undefined && other !== undefined) return one < other;
    return one !== undefined || (other === undefined && a < b);
  }

  #leaf(target: number): DiagramNode {
    return this.#intern(`leaf ${target}`, (id) => ({ kind: 'leaf', id, target, isOpen: target < 0 }));
  }

  #split(variable: number, starts: readonly number[], children: readonly DiagramNode[]): DiagramNode {
    const key = `${variable}|${starts.join()}|${children.map((child) => child.id).join()}`;
    const isOpen = children.some((child) => child.isOpen);
    return this.#intern(key, (id) => ({ kind: 'split', id, isOpen, variable, starts, children }));
  }

  #intern(key: string, make: (id: number) => DiagramNode): DiagramNode {
    const known = this.#nodes.get(key);
    if (known !== undefined) return known;
    const made = make(this.#nodes.size);
    this.#nodes.set(key, made);
    return made;
  }
}

/** Goes on to where the next child of any of the nodes begins; infinite behind the last one. */
function nextStart(split: readonly (Split | undefined)[], places: number[]): number {
  let next = Number.POSITIVE_INFINITY;
  for (const [index, node] of split.entries()) {
    next = Math.min(next, node?.starts[(places[index] as number) + 1] ?? Number.POSITIVE_INFINITY);
  }
  for (const [index, node] of split.entries()) {
    if (node?.starts[(places[index] as number) + 1] === next) places[index] = (places[index] as number) + 1;
  }
  return next;
}

function leafTarget(node: DiagramNode): number {
  if (node.kind !== 'leaf') throw new Error('Only exact diagrams, which end in leaves, can be combined');
  return node.target;
}
