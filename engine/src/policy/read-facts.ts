import { didYouMean } from './did-you-mean.js';
import { FACTS, type Facts, factNamed } from './fact.js';
import { describeFactType, parseFactValue } from './fact-value.js';

/** Facts that were told as texts; or what is wrong with one of them, for the user. */
export type FactsResult =
  | { readonly ok: true; readonly facts: Facts }
  | { readonly ok: false; readonly problem: string };

/** Reads facts from names and texts: `server.version` and `15.1.2507.16`. */
export function readFacts(entries: Iterable<readonly [string, string]>): FactsResult {
  const facts: Record<string, unknown> = {};
  for (const [name, text] of entries) {
    const definition = factNamed(name);
    if (definition === undefined) {
      const names = FACTS.map((fact) => fact.name);
      return { ok: false, problem: `There is no fact ${name}. ${didYouMean(name, names) ?? ''}`.trim() };
    }
    const value = parseFactValue(definition, text);
    if (value === undefined) {
      const expected = describeFactType(definition);
      return { ok: false, problem: `The fact ${name} cannot be "${text}"; ${expected} was expected` };
    }
    facts[name] = value;
  }
  return { ok: true, facts: facts as Facts };
}
