import type { Policy } from '../../policy/policy-set.js';
import type { Decider, PolicySelector } from '../policy-selector.js';
import type { CompiledDiagram } from './compile-diagram.js';
import { walkDiagram } from './walk-diagram.js';

/**
 * Finds what decides by a walk of the diagram.
 *
 * @param fallback asked where a connection tells facts that the diagram takes for derived; made when first needed
 */
export function diagramSelector(diagram: CompiledDiagram, fallback: () => PolicySelector): PolicySelector {
  const { variables, deciders } = diagram;
  return {
    decider: (selection): Decider | undefined => {
      if (selection.isOverridden) return fallback().decider(selection);
      return deciders[walkDiagram(diagram.deciding, variables, selection)];
    },
    policy: (selection): Policy | undefined => {
      if (selection.isOverridden) return fallback().policy(selection);
      const found = deciders[walkDiagram(diagram.policies, variables, selection)];
      return found !== undefined && 'policy' in found ? found.policy : undefined;
    },
  };
}
