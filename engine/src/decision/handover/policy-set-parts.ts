import type { Product } from '../../policy/build-catalogue.js';
import type {
  Condition,
  Connector,
  Exemption,
  Invariant,
  NamedCondition,
  Policy,
  PolicySet,
} from '../../policy/policy-set.js';
import type { CompiledDiagram } from '../diagram/compile-diagram.js';
import { type ConnectorTables, connectorTables } from '../diagram/connector-index.js';
import type { FlatDiagram } from '../diagram/flat-diagram.js';
import { type PortablePattern, portableCondition } from './portable-condition.js';
import { type PortableVariable, portableVariable } from './portable-variable.js';

/** A part of a compiled policy set, small enough that another thread takes it over in few milliseconds. */
export type PolicySetPart =
  | ({ readonly kind: 'policies' } & WithPatterns<Policy>)
  | ({ readonly kind: 'exemptions' } & WithPatterns<Exemption>)
  | ({ readonly kind: 'conditions' } & WithPatterns<NamedCondition>)
  | ({ readonly kind: 'invariants' } & WithPatterns<Invariant>)
  | ({ readonly kind: 'variables' } & WithPatterns<PortableVariable>)
  | { readonly kind: 'connectors'; readonly items: readonly Connector[] }
  | { readonly kind: 'products'; readonly items: readonly Product[] }
  | { readonly kind: 'connectorTables'; readonly tables: ConnectorTables }
  | { readonly kind: 'diagram'; readonly head: DiagramHead }
  /** Lists of one of the diagrams of the head. */
  | { readonly kind: 'lists'; readonly diagram: number; readonly items: FlatDiagram['lists'] };

interface WithPatterns<T> {
  readonly items: readonly T[];
  /** Patterns within the items, which are there again once they are restored. */
  readonly patterns: readonly PortablePattern[];
}

/** What is sent of the diagrams at one go; their lists follow. */
export interface DiagramHead {
  readonly revision: string;
  /** Places of the policies that are on, in the order in which they decide. */
  readonly order: Int32Array;
  /** The one that decides, and the one without exemptions where that is another. */
  readonly diagrams: readonly Omit<FlatDiagram, 'lists'>[];
}

/** Weight of a part: stages, conditions and the like that take microseconds each. */
const PART_WEIGHT = 200;

/** Takes a compiled policy set apart. The parts come in an order in which they can be put together again. */
export function* partsOf(policySet: PolicySet, diagram: CompiledDiagram): Generator<PolicySetPart> {
  const { policies, exemptions, conditions, invariants, connectors, catalogue } = policySet;
  yield { kind: 'diagram', head: headOf(policySet, diagram) };
  for (const items of portions(policies, weightOfPolicy))
    yield { kind: 'policies', ...withPatterns(items, portableRule) };
  for (const items of portions(exemptions, weightOfRule))
    yield { kind: 'exemptions', ...withPatterns(items, portableRule) };
  for (const items of portions([...conditions.values()], weightOfRule))
    yield { kind: 'conditions', ...withPatterns(items, portableRule) };
  for (const items of portions(invariants, () => INVARIANT_WEIGHT))
    yield { kind: 'invariants', ...withPatterns(items, portableInvariant) };
  for (const items of portions(connectors, weightOfConnector)) yield { kind: 'connectors', items };
  for (const items of portions(catalogue.products, ({ builds }) => builds.length)) yield { kind: 'products', items };
  for (const items of portions(diagram.variables.all, ({ cellCount }) => cellCount))
    yield { kind: 'variables', ...withPatterns(items, portableVariable) };
  yield { kind: 'connectorTables', tables: connectorTables(connectors) };
  for (const [index, { lists }] of flatDiagrams(diagram).entries()) {
    for (const items of portions(lists, (list) => list.length)) yield { kind: 'lists', diagram: index, items };
  }
}

/** Memory of a part that need not be copied when it is sent. */
export function transfersOf(part: PolicySetPart): ArrayBuffer[] {
  return part.kind === 'diagram' ? part.head.diagrams.map(({ code }) => code.buffer as ArrayBuffer) : [];
}

function headOf({ revision, policies }: PolicySet, compiled: CompiledDiagram): DiagramHead {
  const places = new Map(policies.map((policy, index) => [policy, index]));
  const order = compiled.deciders.flatMap((decider) => ('policy' in decider ? (places.get(decider.policy) ?? []) : []));
  const diagrams = flatDiagrams(compiled).map(({ code, root, targetCount }) => ({ code, root, targetCount }));
  return { revision, order: Int32Array.from(order), diagrams };
}

function flatDiagrams({ deciding, policies }: CompiledDiagram): readonly FlatDiagram[] {
  return deciding === policies ? [deciding] : [deciding, policies];
}

/** Cuts a list where the weight of a part is reached. */
function* portions<T>(items: readonly T[], weightOf: (item: T) => number): Generator<readonly T[]> {
  let portion: T[] = [];
  let weight = 0;
  for (const item of items) {
    portion.push(item);
    weight += 1 + weightOf(item);
    if (weight < PART_WEIGHT) continue;
    yield portion;
    portion = [];
    weight = 0;
  }
  if (portion.length > 0) yield portion;
}

function withPatterns<T, P>(
  items: readonly T[],
  portable: (item: T, patterns: PortablePattern[]) => P,
): WithPatterns<P> {
  const patterns: PortablePattern[] = [];
  return { items: items.map((item) => portable(item, patterns)), patterns };
}

function portableRule<T extends { readonly when: Condition }>(rule: T, patterns: PortablePattern[]): T {
  const when = portableCondition(rule.when, patterns);
  return when === rule.when ? rule : { ...rule, when };
}

function portableInvariant(invariant: Invariant, patterns: PortablePattern[]): Invariant {
  const { statement } = invariant;
  if (statement.kind !== 'protected') return invariant;
  return { ...invariant, statement: portableRule(statement, patterns) };
}

function weightOfPolicy({ when, stages, thresholds }: Policy): number {
  return weightOfCondition(when) + stages.length + thresholds.length;
}

function weightOfRule({ when }: { readonly when: Condition }): number {
  return weightOfCondition(when);
}

function weightOfCondition(condition: Condition): number {
  switch (condition.kind) {
    case 'all':
    case 'any':
      return condition.conditions.reduce((sum, each) => sum + weightOfCondition(each), 1);
    case 'not':
      return 1 + weightOfCondition(condition.condition);
    case 'reference':
      return 1;
    case 'comparison': {
      const { operand } = condition;
      return 'value' in operand && Array.isArray(operand.value) ? 1 + operand.value.length : 1;
    }
  }
}

function weightOfConnector({ networks, tlsNames, tlsFingerprints }: Connector): number {
  return networks.length + tlsNames.length + tlsFingerprints.length;
}

const INVARIANT_WEIGHT = 10;
