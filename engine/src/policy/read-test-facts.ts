import { type DocumentNode, entryOf, textItems } from './document-node.js';
import { FACTS, type Facts } from './fact.js';
import { describeFactType, parseFactValue } from './fact-value.js';
import type { Report } from './report.js';

/** Reads the facts under `facts` of a test; those of a wrong type are left to the check of the shape. */
export function readTestFacts(parent: DocumentNode, report: Report): Facts {
  const told: Record<string, unknown> = {};
  const facts = entryOf(parent, 'facts');
  for (const definition of FACTS) {
    const node = entryOf(facts, definition.name);
    if (node === undefined) continue;
    if (definition.type === 'list') {
      told[definition.name] = textItems(node).map(({ text }) => text);
      continue;
    }
    if (node.kind !== 'scalar' || typeof node.value !== TYPES[definition.type]) continue;
    const text = String(node.value);
    const value = parseFactValue(definition, text);
    if (value !== undefined) told[definition.name] = value;
    else if (definition.type !== 'enum' && text !== '') {
      const message = `The fact ${definition.name} cannot be ${JSON.stringify(text)}; ${describeFactType(definition)} was expected.`;
      report.add('test-fact', node, message);
    }
  }
  return told as Facts;
}

const TYPES = {
  version: 'string',
  instant: 'string',
  duration: 'string',
  network: 'string',
  domain: 'string',
  text: 'string',
  enum: 'string',
  number: 'number',
  boolean: 'boolean',
} as const;
