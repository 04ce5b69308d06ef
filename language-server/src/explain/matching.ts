import type { Predicate } from '@sluice/engine/decision/compile-condition.js';
import { compileCondition } from '@sluice/engine/decision/compile-condition.js';
import { connectorFacts, INTERNET_CONNECTOR } from '@sluice/engine/decision/connector.js';
import { buildFacts } from '@sluice/engine/decision/derive-facts.js';
import { BUILD_FACTS, CONNECTOR_FACTS } from '@sluice/engine/decision/diagram/variables.js';
import { operatorLookup } from '@sluice/engine/decision/rules-engine.js';
import type { Build } from '@sluice/engine/policy/build-catalogue.js';
import type { FactName, Facts } from '@sluice/engine/policy/fact.js';
import type { EpochMillis } from '@sluice/engine/policy/instant.js';
import type { Comparison, Condition, Connector, PolicySet } from '@sluice/engine/policy/policy-set.js';
import { comparisonsOf } from '@sluice/engine/policy/visit-condition.js';

/** Whether a condition holds, as far as the facts that are given say; undefined where others decide. */
type Answer = boolean | undefined;

/** What is known of a connection; every other fact may have any value. */
interface Given {
  readonly facts: Facts;
  readonly given: ReadonlySet<FactName>;
  /** Answers of shared conditions. */
  readonly answers: Map<string, Answer>;
}

/** Most builds that are tried. */
const MAX_BUILDS = 2_000;
/** Most connectors that are tried. */
const MAX_CONNECTORS = 100;

/** Asks which connections a condition can match, whatever is not looked at: none that it leaves out can match. */
export class Matching {
  readonly #policySet: PolicySet;
  readonly #now: EpochMillis;
  readonly #operator = operatorLookup();
  readonly #compiled = new Map<Comparison, Predicate>();

  constructor(policySet: PolicySet, now: EpochMillis) {
    this.#policySet = policySet;
    this.#now = now;
  }

  /** The known builds that a condition can match now; undefined where it asks for no version, or there are too many. */
  buildsFor(when: Condition): readonly Build[] | undefined {
    const builds = this.#policySet.catalogue.products.flatMap((product) => product.builds);
    const asksForVersions = comparisonsOf(when, this.#policySet.conditions).some(({ fact }) => VERSION_FACTS.has(fact));
    if (!asksForVersions || builds.length === 0 || builds.length > MAX_BUILDS) return undefined;
    return builds.filter((build) => this.#canHold(when, this.#factsOf(build), VERSION_FACTS));
  }

  /** Facts of a connection that a condition can match now: a connector, and the newest build; as far as there are any. */
  exampleFor(when: Condition): Facts {
    const connector = this.#connectors().find((each) => this.#canHold(when, connectorFacts(each), CONNECTOR_FACTS));
    const facts = connectorFacts(connector ?? INTERNET_CONNECTOR);
    const both = new Set([...CONNECTOR_FACTS, ...VERSION_FACTS]);
    const build = this.buildsFor(when)?.findLast((each) =>
      this.#canHold(when, { ...facts, ...this.#factsOf(each) }, both),
    );
    return { ...facts, ...(build === undefined ? {} : this.#factsOf(build)) };
  }

  #connectors(): readonly Connector[] {
    return [...this.#policySet.connectors.slice(0, MAX_CONNECTORS), INTERNET_CONNECTOR];
  }

  #factsOf({ version }: Build): Facts {
    return { ...buildFacts(this.#policySet.catalogue, version, this.#now), 'server.version': version };
  }

  #canHold(when: Condition, facts: Facts, given: ReadonlySet<FactName>): boolean {
    const known = { ...facts, time: this.#now };
    return this.#answer(when, { facts: known, given: new Set([...given, 'time']), answers: new Map() }) !== false;
  }

  #answer(condition: Condition, given: Given): Answer {
    switch (condition.kind) {
      case 'all':
        return every(condition.conditions, (each) => this.#answer(each, given));
      case 'any':
        return negated(every(condition.conditions, (each) => negated(this.#answer(each, given))));
      case 'not':
        return negated(this.#answer(condition.condition, given));
      case 'reference':
        return this.#answerOfShared(condition.name, given);
      case 'comparison':
        return this.#answerOfComparison(condition, given);
    }
  }

  #answerOfShared(name: string, given: Given): Answer {
    const named = this.#policySet.conditions.get(name);
    if (named === undefined || given.answers.has(name)) return given.answers.get(name);
    given.answers.set(name, undefined);
    const answer = this.#answer(named.when, given);
    given.answers.set(name, answer);
    return answer;
  }

  #answerOfComparison(comparison: Comparison, { facts, given }: Given): Answer {
    const { fact, operand } = comparison;
    if (!given.has(fact) || ('fact' in operand && !given.has(operand.fact))) return undefined;
    let holds = this.#compiled.get(comparison);
    if (holds === undefined) {
      holds = compileCondition(comparison, { conditions: this.#policySet.conditions, operator: this.#operator });
      this.#compiled.set(comparison, holds);
    }
    return holds(facts);
  }
}

const VERSION_FACTS: ReadonlySet<FactName> = new Set(['server.version', ...BUILD_FACTS]);

function every(conditions: readonly Condition[], answerOf: (condition: Condition) => Answer): Answer {
  let answer: Answer = true;
  for (const each of conditions) {
    const next = answerOf(each);
    if (next === false) return false;
    if (next === undefined) answer = undefined;
  }
  return answer;
}

function negated(answer: Answer): Answer {
  return answer === undefined ? undefined : !answer;
}
