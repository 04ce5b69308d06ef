import type { Facts } from '../../policy/fact.js';
import { hasCell } from '../diagram/cell-set.js';
import type { ConnectorIndex } from '../diagram/connector-index.js';
import type { Selection } from '../selection.js';
import type { Difference } from './diff-policy-sets.js';
import type { OutcomeDiagrams, Pair } from './outcome-diagrams.js';

/** Finds the difference in whose region a connection lies. */
export class DifferenceLocator {
  readonly #diagrams: OutcomeDiagrams;
  readonly #differences: readonly Difference[];
  readonly #indexes: Pair<ConnectorIndex>;
  /** Cells of the connector's variable, by the connectors of both policy sets. */
  readonly #peers: ReadonlyMap<string, number>;

  constructor(diagrams: OutcomeDiagrams, differences: readonly Difference[], indexes: Pair<ConnectorIndex>) {
    this.#diagrams = diagrams;
    this.#differences = differences;
    this.#indexes = indexes;
    this.#peers = new Map(diagrams.exact.peers.map(({ connectors }, cell) => [connectors.join(), cell]));
  }

  /**
   * @param selection the connection as one of the two policy sets sees it
   * @returns undefined where the two treat the connection alike on every day
   */
  find(selection: Selection): Difference | undefined {
    const { exact } = this.#diagrams;
    const peer = this.#peerOf(selection.facts);
    const cellOf = (variable: number) =>
      variable === exact.variables.connector ? peer : (exact.variables.all[variable]?.cellOf(selection) ?? 0);
    let node = this.#diagrams.difference;
    while (node.kind === 'split') {
      const cell = cellOf(node.variable);
      const next = node.starts.findLastIndex((start) => start <= cell);
      node = node.children[Math.max(0, next)] ?? node;
    }
    if (node.kind !== 'leaf' || node.target < 0) return undefined;
    return this.#differences.find(({ cells }) => {
      for (const [variable, wanted] of cells) if (!hasCell(wanted, cellOf(variable))) return false;
      return true;
    });
  }

  #peerOf(facts: Facts): number {
    const { before, after } = this.#indexes;
    return this.#peers.get(`${before.find(facts)},${after.find(facts)}`) ?? 0;
  }
}
