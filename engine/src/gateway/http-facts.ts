import { closest, distance } from 'fastest-levenshtein';
import { FACTS, type FactDefinition, type Facts, factNamed } from '../policy/fact.js';
import { describeFactType, parseFactValue } from '../policy/fact-value.js';
import type { RequestFault } from './http-problem.js';

const NAMES = FACTS.map((definition) => definition.name);

/** Texts in one list fact. */
const MAX_LIST_LENGTH = 1000;

/** Reads facts from a JSON object; each value has the JSON type of its fact. What is wrong goes to `faults`. */
export function readJsonFacts(json: object, pointer: string, faults: RequestFault[]): Facts {
  const facts: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(json)) {
    const at = `${pointer}/${escapePointer(name)}`;
    const definition = factNamed(name);
    if (definition === undefined) {
      faults.push(unknownName('unknown-fact', at, name, NAMES));
      continue;
    }
    const read = readJsonFact(definition, value);
    if (read !== undefined) facts[definition.name] = read;
    else {
      const detail = `The fact ${name} must be ${describeFactType(definition)}, as JSON ${jsonTypeOf(definition)}; it is ${excerptOf(value)}.`;
      faults.push({ code: 'wrong-fact-value', pointer: at, detail });
    }
  }
  return facts as Facts;
}

/** The fault of a name that is not known, with the nearest known one. */
export function unknownName(
  code: 'unknown-fact' | 'unknown-key',
  pointer: string,
  name: string,
  known: readonly string[],
): RequestFault {
  const shown = name.slice(0, 80);
  const what = code === 'unknown-fact' ? 'fact' : 'key';
  const suggestion = closest(shown, [...known]);
  if (distance(shown, suggestion) > Math.max(2, shown.length / 3)) {
    return { code, pointer, detail: `There is no ${what} ${JSON.stringify(shown)}. Known are: ${known.join(', ')}.` };
  }
  const detail = `There is no ${what} ${JSON.stringify(shown)}. Did you mean ${suggestion}?`;
  return { code, pointer, detail, suggestion };
}

/** Writes a key as part of a JSON pointer (RFC 6901 §3), cut to what a message needs. */
export function escapePointer(key: string): string {
  return key.slice(0, 80).replaceAll('~', '~0').replaceAll('/', '~1');
}

function readJsonFact(definition: FactDefinition, value: unknown): unknown {
  switch (definition.type) {
    case 'number':
      return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined;
    case 'list':
      return isListOfText(value) ? value : undefined;
    default:
      return typeof value === 'string' ? parseFactValue(definition, value) : undefined;
  }
}

function isListOfText(value: unknown): value is string[] {
  return Array.isArray(value) && value.length <= MAX_LIST_LENGTH && value.every((item) => typeof item === 'string');
}

function jsonTypeOf(definition: FactDefinition): string {
  switch (definition.type) {
    case 'number':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'list':
      return `array of at most ${MAX_LIST_LENGTH} strings`;
    default:
      return 'string';
  }
}

function excerptOf(value: unknown): string {
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
