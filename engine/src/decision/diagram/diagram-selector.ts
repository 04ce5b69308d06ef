import { type Decider, type PolicySelector, policyAt } from '../policy-selector.js';
import type { Selection } from '../selection.js';
import type { FlatDiagram } from './flat-diagram.js';
import { type WalkVariables, walkDiagram } from './walk-diagram.js';

/** What deciding needs of a compiled diagram. */
export interface DecidingDiagram {
  readonly variables: WalkVariables;
  /** What the leaves name by its index. */
  readonly deciders: readonly Decider[];
  /** What decides: the first exemption that holds, else the first policy. */
  readonly deciding: FlatDiagram;
  /** The first policy that holds, exemptions aside. */
  readonly policies: FlatDiagram;
}

/**
 * Finds what decides by a walk of the diagram.
 *
 * @param fallback asked where a connection tells facts that the diagram takes for derived; made when first needed
 */
export function diagramSelector(diagram: DecidingDiagram, fallback: () => PolicySelector): PolicySelector {
  const { variables, deciders } = diagram;
  const find = (selection: Selection): number =>
    selection.isOverridden ? fallback().find(selection) : walkDiagram(diagram.deciding, variables, selection);
  return {
    deciders,
    find,
    decider: (selection) => deciders[find(selection)],
    policy: (selection) =>
      selection.isOverridden
        ? fallback().policy(selection)
        : policyAt(deciders, walkDiagram(diagram.policies, variables, selection)),
  };
}
