import { parseOperator } from '../../policy/decorator.js';
import type { Facts } from '../../policy/fact.js';
import { type EpochMillis, epochMillis } from '../../policy/instant.js';
import type { Network } from '../../policy/network.js';
import { EXISTS } from '../../policy/operator.js';
import type { Comparison, Condition, Connector, Policy, PolicySet } from '../../policy/policy-set.js';
import { type Version, version } from '../../policy/version.js';
import type { VersionRange } from '../../policy/version-range.js';
import { connectorFacts } from '../connector.js';
import { buildFacts } from '../derive-facts.js';
import { type Decider, intervalOf, ruleOf } from '../policy-selector.js';
import type { RunnableOperator } from '../rules-engine.js';
import type { Selection } from '../selection.js';
import { type CellSet, cellRange, cellUnion, otherCells } from './cell-set.js';
import type { Formula, FormulaTable } from './formula.js';
import { addressAbove, numberAbove } from './ordered-values.js';
import { NamedVariable, OrderedVariable } from './variable.js';
import { BUILD_FACTS, CONNECTOR_FACTS, factReader, type Variables } from './variables.js';

/** Turns conditions into formulas over variables. */
export class FormulaWriter {
  readonly #conditions = new Map<string, Formula>();
  readonly #comparisons = new Map<Comparison, Formula>();
  #versionGroups: ReadonlyMap<string, VersionGroup> | undefined;

  constructor(
    readonly table: FormulaTable,
    readonly variables: Variables,
    readonly policySet: PolicySet,
    /** The connector of each cell of its variable. */
    readonly connectors: readonly Connector[],
    readonly operator: (name: string) => RunnableOperator,
  ) {}

  of(condition: Condition): Formula {
    switch (condition.kind) {
      case 'all':
        return this.table.and(condition.conditions.map((each) => this.of(each)));
      case 'any':
        return this.table.or(condition.conditions.map((each) => this.of(each)));
      case 'not':
        return this.table.not(this.of(condition.condition));
      case 'reference': {
        const known = this.#conditions.get(condition.name);
        if (known !== undefined) return known;
        const named = this.policySet.conditions.get(condition.name);
        if (named === undefined) throw new Error(`There is no condition ${condition.name}; the check let it through`);
        const formula = this.of(named.when);
        this.#conditions.set(condition.name, formula);
        return formula;
      }
      case 'comparison': {
        const known = this.#comparisons.get(condition);
        if (known !== undefined) return known;
        const formula = this.#comparison(condition);
        this.#comparisons.set(condition, formula);
        return formula;
      }
    }
  }

  /** When an exemption or a policy holds: its condition, while it is in force. */
  ofDecider(decider: Decider): Formula {
    return this.table.and([this.of(ruleOf(decider).when), this.#within(intervalOf(decider))]);
  }

  #within({ from, until }: Policy['effective']): Formula {
    const { timeVariable, time } = this.variables;
    const start = from === undefined ? 0 : timeVariable.cellOfValue(from);
    const end = until === undefined ? timeVariable.cellCount : timeVariable.cellOfValue(until);
    return this.table.cells(time, cellRange(start, end));
  }

  #comparison(comparison: Comparison): Formula {
    const { fact, operand } = comparison;
    if ('fact' in operand) return this.#opaque(comparison);
    if (CONNECTOR_FACTS.has(fact)) return this.#byConnector(comparison, operand.value);
    if (BUILD_FACTS.has(fact)) return this.#byBuild(comparison, operand.value);
    const number = this.variables.ofFact(fact);
    const variable = number === undefined ? undefined : this.variables.all[number];
    if (number === undefined || variable === undefined) return this.#opaque(comparison);
    const cells = knownCells(comparison, variable);
    return cells === undefined ? this.#opaque(comparison) : this.table.cells(number, cells);
  }

  #byConnector({ fact, operator }: Comparison, operand: unknown): Formula {
    const { evaluate } = this.#runnable(operator);
    const ranges = this.connectors.flatMap((connector, index): [number, number][] =>
      evaluate(connectorFacts(connector)[fact], operand) ? [[index, index + 1]] : [],
    );
    return this.table.cells(this.variables.connector, cellUnion(ranges));
  }

  /** Versions of which the catalogue says the same are asked for once, and once for each stretch of time. */
  #byBuild({ fact, operator }: Comparison, operand: unknown): Formula {
    const { evaluate } = this.#runnable(operator);
    const { table, variables } = this;
    const { timeVariable } = variables;
    const dependsOnTime = fact === 'server.build.age' || fact === 'server.build.behind' || fact === 'server.supported';
    const parts: Formula[] = [];
    for (const { sample, cells } of this.#groups().values()) {
      const valueAt = (now: EpochMillis): Facts[typeof fact] =>
        sample === undefined ? undefined : buildFacts(this.policySet.catalogue, sample, now)[fact];
      const versions = table.cells(variables.version, cellUnion(cells));
      if (!dependsOnTime) {
        if (evaluate(valueAt(epochMillis(0)), operand)) parts.push(versions);
        continue;
      }
      const times: [number, number][] = [];
      for (let cell = 1; cell < timeVariable.cellCount; cell++) {
        const now = timeVariable.sampleOf(cell) ?? (timeVariable.edges[0] ?? 0) - 1;
        if (evaluate(valueAt(epochMillis(now)), operand)) times.push([cell, cell + 1]);
      }
      parts.push(table.and([versions, table.cells(variables.time, cellUnion(times))]));
    }
    return table.or(parts);
  }

  /** Cells of the version, grouped by what the catalogue says of them. */
  #groups(): ReadonlyMap<string, VersionGroup> {
    if (this.#versionGroups !== undefined) return this.#versionGroups;
    const groups = new Map<string, VersionGroup>();
    const { versionVariable } = this.variables;
    for (let cell = 0; cell < versionVariable.cellCount; cell++) {
      const sample = cell === 0 ? undefined : (versionVariable.sampleOf(cell) ?? version(0));
      const entry = sample === undefined ? undefined : this.policySet.catalogue.find(sample);
      const key = `${entry?.product.name}|${entry?.build?.name}|${entry?.exact}|${entry?.isNewest}`;
      const group = groups.get(key);
      if (group === undefined) groups.set(key, { sample, cells: [[cell, cell + 1]] });
      else group.cells.push([cell, cell + 1]);
    }
    this.#versionGroups = groups;
    return groups;
  }

  #opaque(comparison: Comparison): Formula {
    const { fact, operator, operand } = comparison;
    const test = comparisonTest(comparison, this.operator(operator));
    const name = `${fact} ${operator} ${JSON.stringify(operand, (_key, each) => valueForJson(each))}`;
    return this.table.cells(
      this.variables.opaque(`${name}${this.#worldOf(comparison)}`, test, comparison),
      cellRange(1, 2),
    );
  }

  /**
   * What connectors and catalogue of this policy set say, where a comparison takes it: another set's may say otherwise, and
   * then the same words are another comparison.
   */
  #worldOf({ fact, operand }: Comparison): string {
    const facts = [fact, ...('fact' in operand ? [operand.fact] : [])];
    const { connectors, catalogue } = this.policySet;
    const withoutSource = (key: string, value: unknown) => (key === 'source' ? undefined : valueForJson(value));
    return [
      ...(facts.some((each) => CONNECTOR_FACTS.has(each)) ? [connectors] : []),
      ...(facts.some((each) => BUILD_FACTS.has(each)) ? [catalogue.products] : []),
    ]
      .map((each) => ` of ${JSON.stringify(each, withoutSource)}`)
      .join('');
  }

  #runnable(operator: string): Pick<RunnableOperator, 'evaluate'> {
    const runnable = this.operator(operator);
    return { evaluate: (value, operand) => runnable.evaluate(value, operand) };
  }
}

/** Asks a comparison as it stands. */
export function comparisonTest(
  { fact, operand }: Pick<Comparison, 'fact' | 'operand'>,
  operator: RunnableOperator,
): (input: Selection) => boolean {
  const left = factReader(fact);
  if ('value' in operand) return (input) => operator.evaluate(left(input), operand.value);
  const right = factReader(operand.fact);
  return (input) => operator.evaluate(left(input), right(input));
}

function valueForJson(value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}` : value;
}

interface VersionGroup {
  readonly sample: Version | undefined;
  readonly cells: [number, number][];
}

/** The cells on which a comparison holds; undefined where its values cannot be split. Absent facts have cell 0. */
function knownCells({ operator: text, operand }: Comparison, variable: object): CellSet | undefined {
  const decorated = parseOperator(text);
  if ('code' in decorated || decorated.decorators.some((each) => each !== 'not')) return undefined;
  const value = 'value' in operand ? operand.value : undefined;
  const name = decorated.operator.name;
  const cells =
    variable instanceof OrderedVariable
      ? orderedCells(name, value, variable as unknown as OrderedVariable<never>)
      : variable instanceof NamedVariable
        ? namedCells(name, value, variable)
        : undefined;
  if (cells === undefined || decorated.decorators.length % 2 === 0) return cells;
  return withoutMissing(otherCells(cells, (variable as NamedVariable).cellCount));
}

/** Everything that is known is in cell 1 or above. */
function withoutMissing(cells: CellSet): CellSet {
  if (cells[0] !== 0) return cells;
  return cells[1] === 1 ? cells.slice(2) : [1, ...cells.slice(1)];
}

function orderedCells(operator: string, operand: unknown, variable: OrderedVariable<never>): CellSet | undefined {
  const count = variable.cellCount;
  const at = (edge: unknown) => variable.cellOfValue(edge as never);
  const between = (from: unknown, to: unknown) => cellRange(at(from), to === undefined ? count : at(to));
  const other = (cells: CellSet) => withoutMissing(otherCells(cells, count));
  const equal = (number: number) => between(number, numberAbove(number));
  switch (operator) {
    case EXISTS:
      return operand === true ? cellRange(1, count) : cellRange(0, 1);
    case 'versionIn':
      return rangeCells(operand as VersionRange, between);
    case 'versionNotIn':
      return other(rangeCells(operand as VersionRange, between));
    case 'inNetwork':
      return networkCells(operand as readonly Network[], between);
    case 'notInNetwork':
      return other(networkCells(operand as readonly Network[], between));
    case 'before':
    case 'lessThan':
      return cellRange(1, at(operand));
    case 'after':
    case 'greaterThanInclusive':
      return cellRange(at(operand), count);
    case 'lessThanInclusive':
      return cellRange(1, at(numberAbove(operand as number)));
    case 'greaterThan':
      return cellRange(at(numberAbove(operand as number)), count);
    case 'equal':
      return equal(operand as number);
    case 'notEqual':
      return other(equal(operand as number));
    case 'in':
      return cellUnion((operand as number[]).map((each) => pair(equal(each))));
    case 'notIn':
      return other(cellUnion((operand as number[]).map((each) => pair(equal(each)))));
    default:
      return undefined;
  }
}

function rangeCells({ intervals }: VersionRange, between: (from: unknown, to: unknown) => CellSet): CellSet {
  return cellUnion(intervals.map(({ from, to }) => pair(between(from, to))));
}

function networkCells(networks: readonly Network[], between: (from: unknown, to: unknown) => CellSet): CellSet {
  return cellUnion(
    networks.map((network) => pair(between({ family: network.family, bits: network.first }, addressAbove(network)))),
  );
}

function pair(cells: CellSet): readonly [number, number] {
  return [cells[0] ?? 0, cells[1] ?? 0];
}

function namedCells(operator: string, operand: unknown, variable: NamedVariable): CellSet | undefined {
  const count = variable.cellCount;
  const one = (value: unknown): [number, number] => {
    const cell = variable.cellOfValue(value);
    return [cell, cell + 1];
  };
  switch (operator) {
    case EXISTS:
      return operand === true ? cellRange(1, count) : cellRange(0, 1);
    case 'equal':
      return cellUnion([one(operand)]);
    case 'notEqual':
      return withoutMissing(otherCells(cellUnion([one(operand)]), count));
    case 'in':
      return cellUnion((operand as unknown[]).map(one));
    case 'notIn':
      return withoutMissing(otherCells(cellUnion((operand as unknown[]).map(one)), count));
    default:
      return undefined;
  }
}
