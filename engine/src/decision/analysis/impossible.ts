import { factNamed } from '../../policy/fact.js';
import type { Residual } from '../diagram/build-diagram.js';
import { type CellSet, cellUnion } from '../diagram/cell-set.js';
import type { ExactDiagrams } from '../diagram/exact-diagrams.js';
import type { Formula } from '../diagram/formula.js';
import type { PeerBox } from '../diagram/peer-classes.js';
import { NamedVariable, type OrderedVariable, type Variable } from '../diagram/variable.js';

/** Target of what no connection can be. */
export const IMPOSSIBLE = -2;

const PEER_FACTS = ['client.address', 'tls.name', 'tls.verified', 'tls.fingerprint'] as const;
type PeerFact = (typeof PEER_FACTS)[number];

/**
 * Conditions that no connection fulfils whatever the policies say: a yes-or-no that is neither, what lies below the lowest
 * value, a client that comes in by another connector than its address and certificate say. To be put before the conditions
 * of a diagram; it then has those regions apart.
 */
export function impossibleResiduals(exact: Pick<ExactDiagrams, 'variables' | 'order' | 'peers' | 'table'>): Residual[] {
  const { variables, order, table } = exact;
  const mentioned = new Set(order);
  const formulas: Formula[] = order.flatMap((number) => {
    const variable = variables.all[number];
    const cells = variable === undefined ? [] : impossibleCells(variable, number === variables.time);
    return cells.length === 0 ? [] : [table.cells(number, cells)];
  });
  const peerFacts = PEER_FACTS.flatMap((fact) => {
    const number = variables.ofFact(fact);
    return number !== undefined && mentioned.has(number) ? [{ fact, number }] : [];
  });
  if (mentioned.has(variables.connector) && peerFacts.length > 0) formulas.push(...misplacedPeers(exact, peerFacts));
  return formulas.map((formula) => ({ target: IMPOSSIBLE, formula }));
}

/** Cells of a variable by itself in which no value lies. */
function impossibleCells(variable: Variable, isTime: boolean): CellSet {
  if (isTime) return [0, 1];
  if (variable instanceof NamedVariable) {
    if (factNamed(variable.name)?.type !== 'boolean') return [];
    return variable.name === 'server.known' ? [0, 2] : [1, 2];
  }
  const [lowest] = (variable as OrderedVariable<unknown>).edges ?? [];
  return isLowestVersion(lowest) || isLowestAddress(lowest) ? [1, 2] : [];
}

function isLowestVersion(edge: unknown): boolean {
  return Array.isArray(edge) && edge.every((part) => part === 0);
}

function isLowestAddress(edge: unknown): boolean {
  return (
    typeof edge === 'object' &&
    edge !== null &&
    'family' in edge &&
    'bits' in edge &&
    edge.family === 4 &&
    edge.bits === 0n
  );
}

/** For each class of peers, what none of them is. */
function misplacedPeers(
  { variables, peers, table }: Pick<ExactDiagrams, 'variables' | 'peers' | 'table'>,
  facts: readonly { readonly fact: PeerFact; readonly number: number }[],
): Formula[] {
  const boxFormula = (box: PeerBox): Formula =>
    table.and(
      facts.map(({ fact, number }) => table.cells(number, cellsOf(variables.all[number], valuesIn(box, fact)))),
    );
  return peers.map(({ boxes }, peer) =>
    table.and([table.cells(variables.connector, [peer, peer + 1]), table.not(table.or(boxes.map(boxFormula)))]),
  );
}

function valuesIn(box: PeerBox, fact: PeerFact): readonly unknown[] {
  switch (fact) {
    case 'client.address':
      return box.addresses;
    case 'tls.name':
      return box.names;
    case 'tls.verified':
      return box.verified;
    case 'tls.fingerprint':
      return box.fingerprints;
  }
}

function cellsOf(variable: Variable | undefined, values: readonly unknown[]): CellSet {
  const cellOf = (value: unknown): number =>
    value === undefined ? 0 : (variable as NamedVariable | OrderedVariable<unknown>).cellOfValue(value);
  return cellUnion(values.map(cellOf).map((cell) => [cell, cell + 1] as const));
}
