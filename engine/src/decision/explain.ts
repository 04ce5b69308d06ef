import type { RuleProperties, RuleResult } from 'json-rules-engine';
import { type FactName, type Facts, factNamed } from '../policy/fact.js';
import type { EpochMillis } from '../policy/instant.js';
import type { Comparison, Condition, Exemption, NamedCondition, Policy } from '../policy/policy-set.js';
import { positionOf, type SourcePosition } from '../policy/source.js';
import type { CompiledPolicySet } from './compiled-policy-set.js';
import { deriveFacts } from './derive-facts.js';
import { formatFactValue } from './format-facts.js';
import { isExemptionInForce, isPolicyInForce } from './policy-selector.js';
import { createRulesEngine, toRulesEngineCondition } from './rules-engine.js';
import type { ServerRecord } from './server-record.js';

/** One line of a trace; `result` is absent where json-rules-engine did not come to the line. */
export interface TraceLine {
  readonly text: string;
  readonly result?: boolean;
  /** Value of the fact on the left side, as policies write it; absent where the fact is not known. */
  readonly factValue?: string;
  readonly source: SourcePosition;
  readonly parts: readonly TraceLine[];
}

/** How one policy or exemption came out. */
export interface TracedRule {
  readonly kind: 'exemption' | 'policy';
  readonly name: string;
  /** Why its conditions were not asked. */
  readonly skipped?: 'off' | 'not in force';
  readonly matches: boolean;
  readonly trace?: TraceLine;
}

/** How a decision came about. */
export interface Explanation {
  /** All facts, derived ones included, as text. */
  readonly facts: Readonly<Record<string, string>>;
  readonly rules: readonly TracedRule[];
}

/** The tree that json-rules-engine leaves of a run: booleans nest under their own name. */
interface ResultNode {
  readonly operator?: string;
  readonly result?: boolean;
  readonly factResult?: unknown;
  readonly all?: readonly ResultNode[];
  readonly any?: readonly ResultNode[];
  readonly not?: ResultNode;
}

/** Runs json-rules-engine over all policies and exemptions, and ties what it found to the places in the files. */
export async function explain(
  compiled: CompiledPolicySet,
  told: Facts,
  record: ServerRecord | undefined,
  now: EpochMillis,
): Promise<Explanation> {
  const { policySet } = compiled;
  // json-rules-engine takes no fact that is undefined.
  const facts = knownFacts(deriveFacts(compiled, told, record, now));
  const rules = [
    ...policySet.exemptions.map((rule) =>
      asRule('exemption', rule, isExemptionInForce(rule, now) ? undefined : 'not in force'),
    ),
    ...policySet.policies.map((rule) =>
      asRule('policy', rule, rule.mode === 'off' ? 'off' : isPolicyInForce(rule, now) ? undefined : 'not in force'),
    ),
  ];
  const results = await runRules(rules, policySet.conditions, facts);
  return {
    facts: Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, factText(name, value)])),
    rules: rules.map(({ kind, rule, skipped }, index) => {
      if (skipped !== undefined) return { kind, name: rule.name, skipped, matches: false };
      const result = results.get(String(index));
      const matches = result?.result === true;
      // The root's own result is that of the rule; json-rules-engine does not repeat it there.
      const tree = { ...(result?.conditions as ResultNode | undefined), result: matches };
      return { kind, name: rule.name, matches, trace: traceOf(rule.when, tree, policySet.conditions) };
    }),
  };
}

interface Rule {
  readonly kind: 'exemption' | 'policy';
  readonly rule: Policy | Exemption;
  readonly skipped: TracedRule['skipped'];
}

function asRule(kind: Rule['kind'], rule: Policy | Exemption, skipped: TracedRule['skipped']): Rule {
  return { kind, rule, skipped };
}

async function runRules(
  rules: readonly Rule[],
  conditions: ReadonlyMap<string, NamedCondition>,
  facts: Facts,
): Promise<ReadonlyMap<string, RuleResult>> {
  const engine = createRulesEngine();
  for (const named of conditions.values()) engine.setCondition(named.name, toRulesEngineCondition(named.when) as never);
  for (const [index, { rule, skipped }] of rules.entries()) {
    if (skipped !== undefined) continue;
    const conditionsOfRule = toRulesEngineCondition(rule.when) as RuleProperties['conditions'];
    engine.addRule({ name: String(index), conditions: conditionsOfRule, event: { type: 'match' } });
  }
  const { results, failureResults } = await engine.run({ ...facts });
  return new Map([...results, ...failureResults].map((result) => [result.name, result]));
}

/** Walks our condition and json-rules-engine's result side by side; it shows a reference as what it refers to. */
function traceOf(
  condition: Condition,
  node: ResultNode | undefined,
  conditions: ReadonlyMap<string, NamedCondition>,
): TraceLine {
  const source = positionOf(condition.source);
  const result = node?.result === undefined ? {} : { result: node.result };
  switch (condition.kind) {
    case 'all':
    case 'any': {
      const nodes = node?.[condition.kind] ?? [];
      const parts = condition.conditions.map((each, index) => traceOf(each, nodes[index], conditions));
      return { text: condition.kind, ...result, source, parts };
    }
    case 'not':
      return { text: 'not', ...result, source, parts: [traceOf(condition.condition, node?.not, conditions)] };
    case 'reference': {
      const named = conditions.get(condition.name);
      const parts = named === undefined ? [] : [traceOf(named.when, node, conditions)];
      return { text: `condition ${condition.name}`, ...result, source, parts };
    }
    case 'comparison': {
      const text = `${condition.fact} ${condition.operator} ${operandText(condition)}`;
      const known = node?.factResult === undefined ? {} : { factValue: factText(condition.fact, node.factResult) };
      return { text, ...result, ...known, source, parts: [] };
    }
  }
}

function knownFacts(facts: Facts): Facts {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}

function factText(name: string, value: unknown): string {
  const definition = factNamed(name);
  return definition === undefined
    ? String(value)
    : formatFactValue(definition.type, value as NonNullable<Facts[FactName]>);
}

function operandText({ fact, operand }: Comparison): string {
  return 'fact' in operand ? `{fact: ${operand.fact}}` : textOfOperand(fact, operand.value);
}

function textOfOperand(fact: FactName, value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((each) => textOfOperand(fact, each)).join(', ')}]`;
  const type = factNamed(fact)?.type;
  if (typeof value === 'number' && (type === 'instant' || type === 'duration')) {
    return formatFactValue(type, value as NonNullable<Facts[FactName]>);
  }
  if (typeof value !== 'object' || value === null) return String(value);
  if ('text' in value) return String(value.text);
  return 'source' in value ? `/${String(value.source)}/` : JSON.stringify(value);
}
