import { formatFactValue } from '../../decision/format-facts.js';
import { FACTS, type Facts } from '../../policy/fact.js';
import { parseFactValue } from '../../policy/fact-value.js';

/** The facts as a test can tell them, fractions as the next whole number; undefined where it cannot tell one of them. */
export function tellableFacts(facts: Facts): Facts | undefined {
  const told: Record<string, unknown> = {};
  for (const definition of FACTS) {
    const value = facts[definition.name];
    if (value === undefined) continue;
    if (Array.isArray(value) && definition.type === 'list') {
      told[definition.name] = value;
      continue;
    }
    const text = formatFactValue(definition.type, typeof value === 'number' ? (Math.ceil(value) as never) : value);
    const read = text === '' ? undefined : parseFactValue(definition, text);
    if (read === undefined) return undefined;
    told[definition.name] = read;
  }
  return told as Facts;
}
