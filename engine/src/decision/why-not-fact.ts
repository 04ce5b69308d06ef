import { FACTS, type FactDefinition, type FactName, type Facts } from '../policy/fact.js';
import type { Operand } from '../policy/operand.js';
import type { Comparison } from '../policy/policy-set.js';
import { deriveFacts } from './derive-facts.js';
import { comparisonsIn } from './diagram/compile-diagram.js';
import { numberAbove } from './diagram/ordered-values.js';
import { BUILD_FACTS, CONNECTOR_FACTS } from './diagram/variables.js';
import { formatFactValue } from './format-facts.js';
import { type Change, type Question, without } from './why-not-question.js';

/** Values of one fact that are told, at most. */
const MAX_VALUES = 3;

/** Other values of the facts that conditions or connectors ask for, in the order of the facts. */
export function otherFactChanges(question: Question): Change[] {
  const comparisons = comparisonsIn(question.compiled.policySet);
  const asked = new Set(
    comparisons.flatMap(({ fact, operand }) => ('fact' in operand ? [fact, operand.fact] : [fact])),
  );
  const all = deriveFacts(question.compiled, question.facts, question.record, question.now);
  return FACTS.flatMap((definition) => {
    const isAsked = asked.has(definition.name) || CERTIFICATE_FACTS.has(definition.name);
    if (!isAsked || !isPlain(definition, question.facts)) return [];
    return changesOf(definition, candidates(definition, comparisons, all, question), all, question);
  });
}

/** Connectors ask for them, whatever conditions do. */
const CERTIFICATE_FACTS: ReadonlySet<FactName> = new Set(['tls.verified', 'tls.name', 'tls.fingerprint']);

/** Whether the fact is told by itself; what follows from version, time and connector is changed with these, unless told. */
function isPlain({ name, type }: FactDefinition & { readonly name: FactName }, facts: Facts): boolean {
  if (name === 'server.version' || name === 'client.address' || type === 'list') return false;
  if (name === 'time' || CONNECTOR_FACTS.has(name)) return false;
  return !BUILD_FACTS.has(name) || facts[name] !== undefined;
}

function changesOf(
  { name, type }: FactDefinition & { readonly name: FactName },
  values: readonly unknown[],
  all: Facts,
  question: Question,
): Change[] {
  const { facts } = question;
  const changes: Change[] = [];
  for (const value of new Set(values)) {
    if (changes.length >= MAX_VALUES) return changes;
    if (value === all[name]) continue;
    const text = `${name} ${formatFactValue(type, value as never)}`;
    const change = question.withFacts(name, text, { ...facts, [name]: value });
    if (change !== undefined) changes.push(change);
  }
  const missing =
    facts[name] === undefined ? undefined : question.withFacts(name, `${name} not known`, without(facts, name));
  return missing === undefined ? changes : [...changes, missing];
}

/** Values that comparisons can tell apart: those that they name, those beside them, and one that none names. */
function candidates(
  { name, type, values }: FactDefinition & { readonly name: FactName },
  comparisons: readonly Comparison[],
  all: Facts,
  question: Question,
): readonly unknown[] {
  const operands = comparisons.flatMap(({ fact, operand }) =>
    fact === name && 'value' in operand ? ([operand.value].flat(4) as Operand[]) : [],
  );
  // A comparison with another fact comes out by the values of facts of the same type.
  const compared = FACTS.flatMap((each) => (each.type === type && each.name !== name ? (all[each.name] ?? []) : []));
  switch (type) {
    case 'boolean':
      return [true, false];
    case 'enum':
      return values ?? [];
    case 'number':
    case 'duration':
    case 'instant':
      return nearestNumbers(operands, compared, all[name] as number | undefined);
    default: {
      const texts = [...operands, ...compared, ...certificates(name, question)].filter(
        (each) => typeof each === 'string',
      );
      const below = type === 'domain' ? texts.map((each) => `host.${each}`) : [];
      return [...texts, ...below, otherThan(texts)];
    }
  }
}

function nearestNumbers(operands: readonly Operand[], compared: readonly unknown[], current = 0): number[] {
  const numbers = operands.filter((each) => typeof each === 'number');
  const others = compared.filter((each) => typeof each === 'number');
  const edges = [
    0,
    ...[...numbers, ...others].flatMap((each) => [each - 1, each, each + 1]),
    ...numbers.map(numberAbove),
  ];
  return edges.filter((each) => each >= 0).sort((a, b) => Math.abs(a - current) - Math.abs(b - current));
}

function certificates(name: FactName, { compiled }: Question): readonly string[] {
  const { connectors } = compiled.policySet;
  if (name === 'tls.name') return connectors.flatMap((each) => each.tlsNames.map((text) => text.replace(/^\*/, 'any')));
  return name === 'tls.fingerprint' ? connectors.flatMap((each) => each.tlsFingerprints) : [];
}

function otherThan(texts: readonly string[]): string {
  let other = 'other.invalid';
  while (texts.some((text) => other === text || other.endsWith(`.${text}`))) other += 'x';
  return other;
}
