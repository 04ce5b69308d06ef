import { FACTS, type FactName, type Facts } from '../policy/fact.js';
import { formatInstant } from '../policy/instant.js';
import { type DecisionJson, decisionToJson } from './decision-json.js';
import { formatFactValue } from './format-facts.js';
import type { WhyNot } from './why-not.js';

/** The answer as JSON: each change with its fact as it would be told, the instant, and the decision. */
export interface WhyNotJson {
  readonly wanted: WhyNot['wanted'];
  readonly changes: readonly {
    readonly change: string;
    readonly fact: FactName;
    /** As text; absent where the fact is not to be known. */
    readonly value?: string;
    readonly at: string;
    readonly decision: DecisionJson;
  }[];
}

/** Turns the answer into its JSON form. */
export function whyNotToJson({ wanted, changes }: WhyNot): WhyNotJson {
  return {
    wanted,
    changes: changes.map(({ text, fact, facts, now, decision }) => {
      const value = fact === 'time' ? formatInstant(now) : valueText(fact, facts);
      return {
        change: text,
        fact,
        ...(value === undefined ? {} : { value }),
        at: formatInstant(now),
        decision: decisionToJson(decision),
      };
    }),
  };
}

function valueText(fact: FactName, facts: Facts): string | undefined {
  const type = FACTS.find(({ name }) => name === fact)?.type;
  const value = facts[fact];
  return type === undefined || value === undefined ? undefined : formatFactValue(type, value);
}
