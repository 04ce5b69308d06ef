import { BuildCatalogue, type Product } from '../../policy/build-catalogue.js';
import type { Connector, Exemption, Invariant, NamedCondition, Policy, PolicySet } from '../../policy/policy-set.js';
import type { Steps } from '../../policy/steps.js';
import { readyToDecide } from '../compile-policy-set.js';
import type { CompiledPolicySet, DecisionSettings } from '../compiled-policy-set.js';
import type { ConnectorTables } from '../diagram/connector-index.js';
import type { DecidingDiagram } from '../diagram/diagram-selector.js';
import type { FlatDiagram } from '../diagram/flat-diagram.js';
import type { CellFinder } from '../diagram/variable.js';
import type { Decider } from '../policy-selector.js';
import { operatorLookup } from '../rules-engine.js';
import type { DiagramHead, PolicySetPart } from './policy-set-parts.js';
import { restorePattern } from './portable-condition.js';
import { cellFinder, type PortableVariable } from './portable-variable.js';

/** Puts a compiled policy set together from its parts, in steps of less than a millisecond. */
export class PolicySetAssembly {
  readonly #operator = operatorLookup();
  readonly #policies: Policy[] = [];
  readonly #exemptions: Exemption[] = [];
  readonly #conditions = new Map<string, NamedCondition>();
  readonly #invariants: Invariant[] = [];
  readonly #connectors: Connector[] = [];
  readonly #products: Product[] = [];
  readonly #variables: CellFinder[] = [];
  readonly #lists: FlatDiagram['lists'][number][][] = [[], []];
  #head: DiagramHead | undefined;
  #tables: ConnectorTables | undefined;

  /** Takes a part; it belongs to the policy set from then on. */
  *add(part: PolicySetPart): Steps<void> {
    if ('patterns' in part) {
      for (const pattern of part.patterns) {
        restorePattern(pattern);
        yield;
      }
    }
    switch (part.kind) {
      case 'policies':
        this.#policies.push(...part.items);
        return;
      case 'exemptions':
        this.#exemptions.push(...part.items);
        return;
      case 'conditions':
        for (const each of part.items) this.#conditions.set(each.name, each);
        return;
      case 'invariants':
        this.#invariants.push(...part.items);
        return;
      case 'connectors':
        this.#connectors.push(...part.items);
        return;
      case 'products':
        this.#products.push(...part.items);
        return;
      case 'variables':
        for (const each of part.items) {
          this.#addVariable(each);
          yield;
        }
        return;
      case 'connectorTables':
        this.#tables = part.tables;
        return;
      case 'diagram':
        this.#head = part.head;
        return;
      case 'lists':
        this.#lists[part.diagram]?.push(...part.items);
        return;
    }
  }

  /**
   * The policy set, once all parts are there.
   *
   * @throws Error where one is missing
   */
  *finish(settings: Partial<DecisionSettings>): Steps<CompiledPolicySet> {
    const [head, connectors] = [this.#head, this.#tables];
    if (head === undefined || connectors === undefined) throw new Error('Parts of the policy set are missing');
    const deciders: Decider[] = this.#exemptions.map((exemption) => ({ exemption }));
    yield;
    for (const place of head.order) deciders.push({ policy: this.#policies[place] as Policy });
    yield;
    const policySet: PolicySet = {
      revision: head.revision,
      policies: this.#policies,
      connectors: this.#connectors,
      conditions: this.#conditions,
      exemptions: this.#exemptions,
      invariants: this.#invariants,
      catalogue: new BuildCatalogue(this.#products),
    };
    const diagram = this.#diagram(head, deciders);
    return readyToDecide({ policySet, diagram, connectors }, settings, this.#operator);
  }

  #addVariable(variable: PortableVariable): void {
    this.#variables.push(cellFinder(variable, this.#operator));
  }

  #diagram({ diagrams }: DiagramHead, deciders: readonly Decider[]): DecidingDiagram {
    const [deciding, policies = deciding] = diagrams.map((each, index): FlatDiagram => {
      return { ...each, lists: this.#lists[index] ?? [] };
    });
    if (deciding === undefined || policies === undefined) throw new Error('The diagram of the policy set is missing');
    return { variables: { all: this.#variables }, deciders, deciding, policies };
  }
}
