import type { FactDefinition } from '@sluice/engine/policy/fact.js';
import { describeFactType } from '@sluice/engine/policy/fact-value.js';
import { operatorsFor } from '@sluice/engine/policy/operator.js';
import { code, paragraphs } from './markdown.js';

const ORIGINS: Readonly<Record<FactDefinition['origin'], string>> = {
  connection: 'Told by the gateway.',
  derived: 'Worked out from the other facts, from what is remembered of the server, and from the policy set.',
};

/** What a fact is, and what can be asked of it. */
export function explainFact(fact: FactDefinition): string {
  const { name, type, origin, description } = fact;
  return paragraphs(
    `**${name}**, a fact of type ${type}: ${describeFactType(fact)}`,
    `${description} ${ORIGINS[origin]}`,
    `Operators: ${operatorsFor(type).map(code).join(', ')}`,
  );
}
