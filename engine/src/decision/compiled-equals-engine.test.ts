import fc from 'fast-check';
import type { Engine, RuleProperties } from 'json-rules-engine';
import { describe, expect, it } from 'vitest';
import { FACTS, type FactName, type Facts } from '../policy/fact.js';
import { type EpochMillis, epochMillis } from '../policy/instant.js';
import { OPERATORS } from '../policy/operator.js';
import { type Exemption, INTERNET_CONNECTOR_NAME, type Policy } from '../policy/policy-set.js';
import { instantOf, policySetOf } from '../policy/policy-text.fixture.js';
import { compileCondition } from './compile-condition.js';
import { compilePolicySet } from './compile-policy-set.js';
import type { CompiledPolicySet } from './compiled-policy-set.js';
import { decide, decideDerived } from './decide.js';
import type { Action } from './decision.js';
import { deriveFacts } from './derive-facts.js';
import { UNLIMITED } from './diagram/build-diagram.js';
import { compileDiagram } from './diagram/compile-diagram.js';
import { diagramSelector } from './diagram/diagram-selector.js';
import { formatFactValue } from './format-facts.js';
import { derivedSelectionOf, selectionOf } from './make-selection.js';
import { naiveHolds, type WrittenCondition } from './naive-condition.fixture.js';
import { decidersOf, type PolicySelector, ruleOf } from './policy-selector.js';
import {
  BUILDS,
  decisionTimes,
  factsOf,
  policySets,
  policyTextsOf,
  type WrittenPolicySet,
  writtenFacts,
} from './policy-set-arbitrary.fixture.js';
import { createRulesEngine, operatorLookup, toRulesEngineCondition } from './rules-engine.js';
import { type ServerRecord, serverId } from './server-record.js';

/** More of them in `npm run test:deep`. */
const POLICY_SETS = Number(process.env['SLUICE_POLICY_SETS'] ?? 600);
/** Only keeps a run that hangs from holding up all others. */
const HANG_MILLIS = 200 * POLICY_SETS;
const MAX_CONNECTIONS_PER_SET = 45;
const DAY = 86_400_000;
const TYPES: Readonly<Record<string, string>> = Object.fromEntries(FACTS.map(({ name, type }) => [name, type]));

interface Connection {
  readonly texts: Record<string, string>;
  /** Whether the derived facts are worked out; else all of them are as told, absent ones included. */
  readonly derives: boolean;
  readonly at: string;
  readonly record: { readonly detectedDaysAgo: number; readonly refusals: number } | undefined;
}

const connections: fc.Arbitrary<Connection> = fc.record({
  texts: writtenFacts,
  derives: fc.boolean(),
  at: decisionTimes,
  record: fc.option(fc.record({ detectedDaysAgo: fc.constantFrom(0, 29, 30, 89, 90), refusals: fc.nat(6) }), {
    nil: undefined,
  }),
});

/** What came out how often, so that the test cannot pass by asking nothing. */
class Tally {
  readonly operators = new Map<string, { true: number; false: number }>();
  readonly actions: Record<Action | 'exempted' | 'unmatched' | 'would refuse', number> = {
    accept: 0,
    throttle: 0,
    block: 0,
    exempted: 0,
    unmatched: 0,
    'would refuse': 0,
  };
  readonly decorators = new Set<string>();
  cases = 0;
  absentFacts = 0;

  countComparison(operator: string, result: boolean): void {
    const words = operator.split(':');
    const name = words.pop() ?? '';
    for (const word of words) this.decorators.add(word);
    const counts = this.operators.get(name) ?? { true: 0, false: 0 };
    counts[`${result}`]++;
    this.operators.set(name, counts);
  }
}

describe('the compiled policies', () => {
  it('decide as json-rules-engine does, and as the texts of the policies say', { timeout: HANG_MILLIS }, async () => {
    const tally = new Tally();
    const oneSet = fc.tuple(
      policySets,
      fc.array(connections, { minLength: 1, maxLength: MAX_CONNECTIONS_PER_SET, size: 'max' }),
    );
    await fc.assert(
      fc.asyncProperty(oneSet, async ([written, met]) => {
        const compiled = compilePolicySet(policySetOf(policyTextsOf(written)));
        const forms = { compiled, selectors: [compiled.selector, exactSelectorOf(compiled)] };
        for (const connection of met) await compareOne(forms, written, connection, tally);
      }),
      { numRuns: POLICY_SETS, interruptAfterTimeLimit: 0.9 * HANG_MILLIS, markInterruptAsFailure: true },
    );
    expect(tally.cases).toBeGreaterThanOrEqual((10_000 * POLICY_SETS) / 600);
    expectVariety(tally);
  });
});

/** The diagram without limits, which splits to the end; small sets come to short lists otherwise. */
function exactSelectorOf({ policySet }: CompiledPolicySet): PolicySelector {
  return diagramSelector(compileDiagram(policySet, operatorLookup(), UNLIMITED), () => {
    throw new Error('The walk was asked');
  });
}

async function compareOne(
  { compiled, selectors }: { readonly compiled: CompiledPolicySet; readonly selectors: readonly PolicySelector[] },
  written: WrittenPolicySet,
  connection: Connection,
  tally: Tally,
): Promise<void> {
  const now = instantOf(connection.at);
  const told = factsOf(connection.texts);
  const record = connection.record === undefined ? undefined : recordOf(connection.record, now);
  const facts = connection.derives ? deriveFacts(compiled, withoutDerived(told), record, now) : told;

  const ours = matchesOf(compiled, facts);
  const theirs = await engineMatches(compiled, facts);
  expect(ours).toEqual(theirs);
  expect(ours).toEqual(naiveMatches(written, facts, tally));

  const reference = { ...compiled, selector: selectorOf(compiled, theirs) };
  const allTold = derivedSelectionOf(facts, now);
  expect(compiled.selector.decider(allTold)).toEqual(reference.selector.decider(allTold));
  if (connection.derives) {
    const selection = selectionOf(compiled, withoutDerived(told), record, now);
    for (const selector of selectors) {
      expect(selector.decider(selection)).toEqual(reference.selector.decider(selection));
      expect(selector.policy(selection)).toBe(reference.selector.policy(selection));
    }
  }

  const decision = decideDerived(compiled, facts, record, now);
  expect(decision).toEqual(decideDerived(reference, facts, record, now));
  if (connection.derives) expect(decide(compiled, withoutDerived(told), record, now)).toEqual(decision);

  tally.cases++;
  if (decision.exemption !== undefined) tally.actions.exempted++;
  else if (decision.policy === undefined) tally.actions.unmatched++;
  else tally.actions[decision.action]++;
  if (decision.wouldBe !== undefined && decision.wouldBe.action !== 'accept') tally.actions['would refuse']++;
}

/** What a gateway tells, and what the diagram takes from a client: version and name of the server, a declared connector. */
function withoutDerived(facts: Facts): Facts {
  const told = FACTS.filter(({ name, origin }) => origin === 'connection' || isTaken(name, facts));
  return Object.fromEntries(
    told.flatMap(({ name }) => (facts[name] === undefined ? [] : [[name, facts[name]]])),
  ) as Facts;
}

function isTaken(name: FactName, facts: Facts): boolean {
  if (name === 'connector.name') return facts[name] !== INTERNET_CONNECTOR_NAME;
  return name === 'server.version' || name === 'server.name';
}

function recordOf({ detectedDaysAgo, refusals }: NonNullable<Connection['record']>, now: EpochMillis): ServerRecord {
  const firstDetected = epochMillis(now - detectedDaysAgo * DAY);
  return {
    id: serverId('on-premises', 'mx'),
    connector: 'on-premises',
    name: 'mx',
    firstSeen: firstDetected,
    lastSeen: now,
    firstDetected,
    versions: [],
    pauses: [],
    refusals: [{ hour: epochMillis(now - (now % 3_600_000)), count: refusals }],
  };
}

/** Names of the policies and exemptions whose conditions hold, in or out of force. */
function matchesOf({ policySet }: CompiledPolicySet, facts: Facts): string[] {
  const context = { conditions: policySet.conditions, operator: operatorLookup() };
  return rulesOf(policySet).flatMap(({ name, when }) => (compileCondition(when, context)(facts) ? [name] : []));
}

function rulesOf({ policies, exemptions }: CompiledPolicySet['policySet']): readonly (Policy | Exemption)[] {
  return [...policies, ...exemptions];
}

/** The same, by a run of json-rules-engine over all of them. */
async function engineMatches({ policySet }: CompiledPolicySet, facts: Facts): Promise<string[]> {
  const engine: Engine = createRulesEngine();
  for (const { name, when } of policySet.conditions.values()) {
    engine.setCondition(name, toRulesEngineCondition(when) as never);
  }
  for (const { name, when } of rulesOf(policySet)) {
    const conditions = toRulesEngineCondition(when) as RuleProperties['conditions'];
    engine.addRule({ name, conditions, event: { type: 'match' } });
  }
  const { results } = await engine.run({ ...facts });
  const matching = new Set(results.map((result) => result.name));
  return rulesOf(policySet).flatMap(({ name }) => (matching.has(name) ? [name] : []));
}

/** The same, from the texts. */
function naiveMatches(written: WrittenPolicySet, facts: Facts, tally: Tally): string[] {
  const texts = FACTS.flatMap(({ name, type }) => {
    const value = facts[name];
    return value === undefined ? [] : [[name, formatFactValue(type, value)]];
  });
  const world = {
    facts: Object.fromEntries(texts) as Record<string, string>,
    types: TYPES,
    conditions: written.conditions,
    builds: BUILDS,
    onComparison: ({ fact, operator }: { fact: string; operator: string }, result: boolean) => {
      if (facts[fact as keyof Facts] === undefined) tally.absentFacts++;
      else tally.countComparison(operator, result);
    },
  };
  const rules: { name: string; condition: WrittenCondition }[] = [
    ...written.policies.map(({ name, when }) => ({ name, condition: when })),
    ...written.exemptions.map(({ name, whom }) => ({ name, condition: whom })),
  ];
  return rules.flatMap(({ name, condition }) => (naiveHolds(condition, world) ? [name] : []));
}

/** DESIGN §3 again: exemptions in force first; then the highest priority among policies that are on, in force and match. */
function selectorOf({ policySet }: CompiledPolicySet, matching: readonly string[]): PolicySelector {
  const holds = (from: number | undefined, until: number | undefined, now: number) =>
    now >= (from ?? Number.NEGATIVE_INFINITY) && now < (until ?? Number.POSITIVE_INFINITY);
  const exemption = (now: number) =>
    policySet.exemptions.filter(({ name, from, until }) => matching.includes(name) && holds(from, until, now))[0];
  const policy = (now: number) =>
    policySet.policies
      .filter(({ name, mode }) => mode !== 'off' && matching.includes(name))
      .filter(({ effective: { from, until } }) => holds(from, until, now))
      .reduce<Policy | undefined>((best, each) => {
        if (best === undefined || each.priority > best.priority) return each;
        return each.priority === best.priority && each.name < best.name ? each : best;
      }, undefined);
  const deciders = decidersOf(policySet);
  const find = ({ now }: { readonly now: number }) => {
    const decided = exemption(now) ?? policy(now);
    return deciders.findIndex((decider) => ruleOf(decider) === decided);
  };
  return {
    deciders,
    find,
    decider: (selection) => deciders[find(selection)],
    policy: ({ now }) => policy(now),
  };
}

function expectVariety(tally: Tally): void {
  for (const { name } of OPERATORS) {
    const counts = tally.operators.get(name) ?? { true: 0, false: 0 };
    expect([name, counts.true > 100, counts.false > (name === 'exists' ? 20 : 100)]).toEqual([name, true, true]);
  }
  expect([...tally.decorators].sort()).toEqual(['everyFact', 'everyValue', 'not', 'someFact', 'someValue']);
  expect(tally.absentFacts).toBeGreaterThan(tally.cases / 4);
  for (const [outcome, count] of Object.entries(tally.actions)) {
    expect([outcome, count > tally.cases / 200]).toEqual([outcome, true]);
  }
}
