import { type FactName, type Facts, factNamed } from '../../policy/fact.js';
import { hasCell } from '../diagram/cell-set.js';
import type { ExactDiagrams } from '../diagram/exact-diagrams.js';
import type { Region } from '../diagram/region.js';
import { NamedVariable, OpaqueVariable } from '../diagram/variable.js';
import type { Selection } from '../selection.js';

/** Whether a comparison asks in which domains a fact is, and nothing else; of these every case can be tried. */
export function isDomainTest({ comparison: { fact, operator, operand } }: OpaqueVariable): boolean {
  return 'value' in operand && fact !== 'tls.name' && /^(?:not:)*(?:inDomain|notInDomain)$/.test(operator);
}

/**
 * Values of facts for which a region asks in which domains they are. The cases are: not known, each domain that is named,
 * a name below it, and a name that is in none.
 *
 * @returns undefined where no value answers as the region wants, so that no connection can be in it
 */
export function domainFacts({ variables }: Pick<ExactDiagrams, 'variables'>, { cells }: Region): Facts | undefined {
  const tests = [...cells.keys()].flatMap((number) => {
    const variable = variables.all[number];
    return variable instanceof OpaqueVariable && isDomainTest(variable) ? [{ variable, number }] : [];
  });
  const solved: [FactName, string][] = [];
  for (const fact of new Set(tests.map(({ variable }) => variable.comparison.fact))) {
    const own = tests.filter(({ variable }) => variable.comparison.fact === fact);
    const number = variables.ofFact(fact);
    const named = number === undefined ? undefined : variables.all[number];
    const answers = (value: string | undefined) =>
      own.every((test) => hasCell(cells.get(test.number) ?? [], test.variable.test(telling(fact, value)) ? 1 : 0)) &&
      isInCell(value, named, number === undefined ? undefined : cells.get(number));
    const value = casesOf(
      own.map(({ variable }) => variable),
      named,
    ).find(answers);
    if (value !== undefined) solved.push([fact, value]);
    else if (!answers(undefined)) return undefined;
  }
  return Object.fromEntries(solved) as Facts;
}

function casesOf(tests: readonly OpaqueVariable[], named: object | undefined): readonly string[] {
  const operands = tests.flatMap(({ comparison: { operand } }) => ('value' in operand ? [operand.value].flat(4) : []));
  const domains = [...operands, ...(named instanceof NamedVariable ? named.values : [])].filter(isText);
  const taken = new Set(domains);
  const free = (name: (prefix: string) => string) => {
    let prefix = 'host';
    while (taken.has(name(prefix))) prefix += 'x';
    return name(prefix);
  };
  let topLevel = 'invalid';
  while (domains.some((each) => each === topLevel || each.endsWith(`.${topLevel}`))) topLevel += 'x';
  return [
    ...new Set([...domains, ...domains.map((each) => free((prefix) => `${prefix}.${each}`)), `other.${topLevel}`]),
  ];
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isInCell(
  value: string | undefined,
  named: object | undefined,
  wanted: readonly number[] | undefined,
): boolean {
  if (wanted === undefined || !(named instanceof NamedVariable)) return true;
  return hasCell(wanted, value === undefined ? 0 : named.cellOfValue(value));
}

/** As much of a connection as a comparison of one fact looks at. */
function telling(fact: FactName, value: string | undefined): Selection {
  if (factNamed(fact)?.type !== 'domain') throw new Error(`${fact} is no domain`);
  const facts: Facts = value === undefined ? {} : { [fact]: value };
  return {
    facts,
    isOverridden: false,
    connector: 0,
    connectorName: undefined,
    version: undefined,
    serverName: facts['server.name'],
    isKnown: false,
    now: 0 as Selection['now'],
    allFacts: () => facts,
  };
}
