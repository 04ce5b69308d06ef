import { formatDuration } from '../policy/duration.js';
import { FACTS, type FactName, type Facts, type FactType } from '../policy/fact.js';
import { formatInstant } from '../policy/instant.js';
import { formatVersion } from '../policy/version.js';

type FactValue = NonNullable<Facts[FactName]>;

/** A fact's value as text, in the way in which policies write it. */
export function formatFactValue(type: FactType, value: FactValue): string {
  if (type === 'version') return formatVersion(value as never);
  if (type === 'network') return (value as NonNullable<Facts['client.address']>).text;
  if (type === 'instant') return formatInstant(value as never);
  if (type === 'duration') return formatDuration(value as never);
  return Array.isArray(value) ? value.join(', ') : String(value);
}

/** Facts in one line: `client.address 192.0.2.1, server.version 15.1.2507.16`. */
export function formatFacts(facts: Facts): string {
  const known = FACTS.flatMap(({ name, type }) => {
    const value = facts[name];
    return value === undefined ? [] : [`${name} ${formatFactValue(type, value)}`];
  });
  return known.length === 0 ? 'any connection' : known.join(', ');
}
