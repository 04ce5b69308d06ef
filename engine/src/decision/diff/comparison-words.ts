import { type FactName, type Facts, factNamed } from '../../policy/fact.js';
import type { Comparison } from '../../policy/policy-set.js';
import { formatFactValue } from '../format-facts.js';

/** A comparison as its policy writes it: `helo matches /^mail/`. */
export function comparisonWords({ fact, operator, operand }: Comparison): string {
  return `${fact} ${operator} ${'fact' in operand ? `{fact: ${operand.fact}}` : operandWords(fact, operand.value)}`;
}

function operandWords(fact: FactName, value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((each) => operandWords(fact, each)).join(', ')}]`;
  const type = factNamed(fact)?.type;
  if (typeof value === 'number' && (type === 'instant' || type === 'duration')) {
    return formatFactValue(type, value as NonNullable<Facts[FactName]>);
  }
  if (typeof value !== 'object' || value === null) return String(value);
  if ('text' in value) return String(value.text);
  return 'source' in value ? `/${String(value.source)}/` : JSON.stringify(value);
}
