import { didYouMean } from './did-you-mean.js';
import {
  type Comparison,
  type Condition,
  type Connector,
  INTERNET_CONNECTOR_NAME,
  type NamedCondition,
} from './policy-set.js';
import type { Report } from './report.js';
import { visitCondition } from './visit-condition.js';

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
