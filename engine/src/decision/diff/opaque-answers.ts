import { isInDomain } from '../../policy/domain.js';
import type { FactName, Facts } from '../../policy/fact.js';
import { type CellSet, hasCell } from '../diagram/cell-set.js';
import type { ExactDiagrams } from '../diagram/exact-diagrams.js';
import type { Region } from '../diagram/region.js';
import { NamedVariable, OpaqueVariable } from '../diagram/variable.js';
import { cellsIn } from '../diagram/witness.js';
import type { Selection } from '../selection.js';

interface Answer {
  readonly variable: OpaqueVariable;
  readonly isYes: boolean;
}

/**
 * Whether the answers of a region's opaque tests exclude each other for certain: no value of their fact that the region
 * names gives them all, and the domains that they ask for leave no other value. False where that is not known.
 */
export function answersExcludeEachOther(
  exact: Pick<ExactDiagrams, 'variables'>,
  { cells }: Pick<Region, 'cells'>,
): boolean {
  const byFact = new Map<FactName, Answer[]>();
  for (const [number, wanted] of cells) {
    const variable = exact.variables.all[number];
    if (!(variable instanceof OpaqueVariable) || !('value' in variable.comparison.operand)) continue;
    const { fact } = variable.comparison;
    byFact.set(fact, [...(byFact.get(fact) ?? []), { variable, isYes: hasCell(wanted, 1) }]);
  }
  return [...byFact].some(([fact, answers]) => {
    const number = exact.variables.ofFact(fact) ?? -1;
    const variable = exact.variables.all[number];
    return variable instanceof NamedVariable && !hasValue(fact, variable, cells.get(number), answers);
  });
}

function hasValue(
  fact: FactName,
  variable: NamedVariable,
  wanted: CellSet | undefined,
  answers: readonly Answer[],
): boolean {
  const isConsistent = (value: unknown) =>
    answers.every(({ variable: asked, isYes }) => ask(asked, fact, value) === isYes);
  for (const cell of cellsIn(wanted ?? [0, variable.cellCount])) {
    if (
      cell === 1 ? !domainsExcludeEachOther(answers) : isConsistent(cell === 0 ? undefined : variable.values[cell - 2])
    ) {
      return true;
    }
  }
  return false;
}

function ask(variable: OpaqueVariable, fact: FactName, value: unknown): boolean {
  const facts: Facts = value === undefined ? {} : { [fact]: value };
  const selection = {
    facts,
    serverName: facts['server.name'],
    version: facts['server.version'],
    allFacts: () => facts,
  };
  return variable.test(selection as Selection);
}

/** Whether a value would have to lie in a domain and outside of it. */
function domainsExcludeEachOther(answers: readonly Answer[]): boolean {
  const inside: (readonly string[])[] = [];
  const outside: string[] = [];
  for (const { variable, isYes } of answers) {
    const { operator, operand } = variable.comparison;
    const isDomainTest = operator === 'inDomain' || operator === 'notInDomain';
    if (!isDomainTest || !('value' in operand)) continue;
    const domains = operand.value as readonly string[];
    if ((operator === 'inDomain') === isYes) inside.push(domains);
    else outside.push(...domains);
  }
  return inside.some((domains) => domains.every((domain) => outside.some((other) => isInDomain(domain, other))));
}
