import { didYouMean } from './did-you-mean.js';
import {
  type Comparison,
  type Condition,
  type Connector,
  INTERNET_CONNECTOR_NAME,
  type NamedCondition,
} from './policy-set.js';
import type { Report } from './report.js';

/** Calls back for each part of a condition; references are not followed. */
export function visitCondition(condition: Condition, visit: (part: Condition) => void): void {
  visit(condition);
  if (condition.kind === 'not') visitCondition(condition.condition, visit);
  if (condition.kind === 'all' || condition.kind === 'any') {
    for (const each of condition.conditions) visitCondition(each, visit);
  }
}

/** Checks that shared conditions and connectors that a condition names exist. */
export function checkReferences(
  condition: Condition,
  conditions: ReadonlyMap<string, NamedCondition>,
  knownButBroken: ReadonlySet<string>,
  connectors: readonly Connector[],
  report: Report,
): void {
  visitCondition(condition, (part) => {
    if (part.kind === 'comparison') checkConnectorNames(part, connectors, report);
    if (part.kind !== 'reference' || conditions.has(part.name) || knownButBroken.has(part.name)) return;
    const message = `There is no shared condition ${part.name}.`;
    report.add('condition-unknown', part.source, message, didYouMean(part.name, [...conditions.keys()]));
  });
}

function checkConnectorNames(part: Comparison, connectors: readonly Connector[], report: Report): void {
  if (part.fact !== 'connector.name' || !('value' in part.operand)) return;
  if (!/(?:^|:)(?:equal|notEqual|in|notIn)$/.test(part.operator)) return;
  const names = connectors.map((connector) => connector.name);
  for (const name of [part.operand.value].flat(3)) {
    if (typeof name !== 'string' || names.includes(name) || name === INTERNET_CONNECTOR_NAME) continue;
    report.add('connector-unknown', part.source, `There is no connector ${name}.`, didYouMean(name, names));
  }
}

/** Checks that no shared condition refers to itself, directly or through others. */
export function checkCycles(conditions: ReadonlyMap<string, NamedCondition>, report: Report): ReadonlySet<string> {
  const inCycle = new Set<string>();
  const finished = new Set<string>();
  const visit = (name: string, path: readonly string[]): void => {
    const named = conditions.get(name);
    if (named === undefined || finished.has(name)) return;
    const start = path.indexOf(name);
    if (start >= 0) {
      const cycle = path.slice(start);
      if (!cycle.some((each) => inCycle.has(each))) {
        const message = `The condition ${name} refers to itself: ${[...cycle, name].join(' → ')}.`;
        report.add('condition-cycle', named.source, message, 'Break the circle.');
      }
      for (const each of cycle) inCycle.add(each);
      return;
    }
    visitCondition(named.when, (part) => {
      if (part.kind === 'reference') visit(part.name, [...path, name]);
    });
    finished.add(name);
  };
  for (const name of conditions.keys()) visit(name, []);
  return inCycle;
}
