import type { Facts } from '../policy/fact.js';
import { readFacts } from '../policy/read-facts.js';
import { UsageError } from './exit-code.js';

/** Reads `server.version=15.1.2507.16` and the like. */
export function factsFromArguments(pairs: readonly string[]): Facts {
  return factsFromEntries(
    pairs.map((pair) => {
      const equals = pair.indexOf('=');
      if (equals < 1) throw new UsageError(`--fact ${pair}: NAME=VALUE was expected`);
      return [pair.slice(0, equals), pair.slice(equals + 1)];
    }),
  );
}

/** Reads a JSON object of facts: `{"server.version": "15.1.2507.16", "tls.verified": true}`. */
export function factsFromJson(text: string, file: string): Facts {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${file} is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new UsageError(`${file}: an object of facts was expected`);
  }
  return factsFromEntries(
    Object.entries(json).map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : String(value)]),
  );
}

function factsFromEntries(entries: readonly (readonly [string, string])[]): Facts {
  const result = readFacts(entries);
  if (!result.ok) throw new UsageError(result.problem);
  return result.facts;
}
