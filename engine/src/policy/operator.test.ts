import { describe, expect, it } from 'vitest';
import { FACTS, type FactDefinition, type FactType, factNamed } from './fact.js';
import { parseFactValue } from './fact-value.js';
import { type PlainOperand, readOperand } from './operand.js';
import { OPERATORS, operatorNamed, operatorsFor } from './operator.js';

const BUILDS = { buildNames: [], buildNamed: () => undefined, lists: () => undefined };

/** A fact of each type. */
const FACT_OF = {
  version: 'server.version',
  instant: 'time',
  duration: 'server.build.age',
  network: 'client.address',
  domain: 'helo',
  text: 'tls.protocol',
  enum: 'connector.type',
  list: 'server.tags',
  number: 'message.size',
  boolean: 'tls.verified',
} as const satisfies Record<FactType, string>;

/** Operator, type of fact, the fact as a gateway tells it, the right side as a policy writes it, whether it holds. */
const CASES: readonly [string, FactType, string, PlainOperand, boolean][] = [
  ['versionIn', 'version', '15.1.2507.9', '<15.1.2507.39', true],
  ['versionIn', 'version', '15.01.2507.039', '15.1.2507.39', true],
  ['versionIn', 'version', '15.1.2507.39', '<15.1.2507.39', false],
  ['versionNotIn', 'version', '15.1.2507.39', '<15.1.2507.39', true],
  ['versionNotIn', 'version', '8.3', '8.x', false],
  ['before', 'instant', '2026-09-07T23:59:59.999Z', '2026-09-08', true],
  ['before', 'instant', '2026-09-08', '2026-09-08', false],
  ['after', 'instant', '2026-09-08', '2026-09-08', true],
  ['after', 'instant', '2026-09-07T23:59:59Z', '2026-09-08', false],
  ['longerThan', 'duration', '1d1s', '24h', true],
  ['longerThan', 'duration', '1d', '24h', false],
  ['shorterThan', 'duration', '23h59m59s', '1d', true],
  ['shorterThan', 'duration', '1d', '24h', false],
  ['inNetwork', 'network', '192.0.2.9', '192.0.2.0/24', true],
  ['inNetwork', 'network', '::ffff:192.0.2.9', ['2001:db8::/32', '192.0.2.0/24'], true],
  ['inNetwork', 'network', '192.0.2.9', ['2001:db8::/32', '::/0'], false],
  ['notInNetwork', 'network', '192.0.3.0', ['192.0.2.0/24'], true],
  ['notInNetwork', 'network', '2001:db8::1', ['192.0.2.0/24', '2001:db8::/32'], false],
  ['inDomain', 'domain', 'Mail.Example.org.', 'example.ORG', true],
  ['inDomain', 'domain', 'badexample.org', ['example.com', 'example.org'], false],
  ['notInDomain', 'domain', 'badexample.org', 'example.org', true],
  ['notInDomain', 'domain', 'example.org', ['example.com', 'example.org'], false],
  ['equal', 'text', 'TLSv1.3', 'TLSv1.3', true],
  ['equal', 'text', 'tlsv1.3', 'TLSv1.3', false],
  ['equal', 'domain', 'MX.example.org', 'mx.Example.org.', true],
  ['equal', 'enum', 'Partner', 'Internet', false],
  ['equal', 'number', '10', 10, true],
  ['equal', 'boolean', 'false', false, true],
  ['equal', 'boolean', 'true', false, false],
  ['notEqual', 'text', 'TLSv1', 'TLSv1.3', true],
  ['notEqual', 'domain', 'mx.example.org', 'MX.example.org', false],
  ['notEqual', 'enum', 'Partner', 'Internet', true],
  ['notEqual', 'number', '10', 10, false],
  ['notEqual', 'boolean', 'true', false, true],
  ['in', 'text', 'TLSv1', ['TLSv1.2', 'TLSv1'], true],
  ['in', 'text', 'TLSv1', ['TLSv1.2', 'TLSv1.3'], false],
  ['in', 'domain', 'mx.example.org', ['example.org'], false],
  ['in', 'enum', 'Partner', ['OnPremises', 'Partner'], true],
  ['in', 'number', '2', [1, 2], true],
  ['notIn', 'text', 'TLSv1', ['TLSv1.2'], true],
  ['notIn', 'domain', 'MX.example.org', ['mx.example.org'], false],
  ['notIn', 'enum', 'Partner', ['OnPremises'], true],
  ['notIn', 'number', '2', [1, 2], false],
  ['contains', 'text', 'TLSv1.3', 'v1', true],
  ['contains', 'domain', 'mx.Example.org', 'EXAMPLE', true],
  ['contains', 'list', 'hybrid, edge', 'edge', true],
  ['contains', 'list', 'hybrids', 'hybrid', false],
  ['doesNotContain', 'text', 'TLSv1.3', 'v2', true],
  ['doesNotContain', 'domain', 'mx.example.org', 'mx', false],
  ['doesNotContain', 'list', 'hybrids', 'hybrid', true],
  ['matches', 'text', 'TLSv1.3', '^TLSv1\\.[23]$', true],
  ['matches', 'text', 'TLSv1', 'v1\\.', false],
  ['matches', 'domain', 'mx.example.org', 'example', true],
  ['matches', 'domain', 'MX.example.org', '^MX', false],
  ['lessThan', 'number', '9', 10, true],
  ['lessThan', 'number', '10', 10, false],
  ['lessThanInclusive', 'number', '10', 10, true],
  ['lessThanInclusive', 'number', '11', 10, false],
  ['greaterThan', 'number', '11', 10, true],
  ['greaterThan', 'number', '10', 10, false],
  ['greaterThanInclusive', 'number', '10', 10, true],
  ['greaterThanInclusive', 'number', '9', 10, false],
  ...(Object.keys(FACT_OF) as FactType[]).flatMap((type): [string, FactType, string, PlainOperand, boolean][] => [
    ['exists', type, exampleOf(type), true, true],
    ['exists', type, exampleOf(type), false, false],
  ]),
];

function exampleOf(type: FactType): string {
  const examples: Partial<Record<FactType, string>> = {
    version: '8',
    instant: '2026-09-08',
    duration: '1d',
    network: '::1',
    enum: 'Partner',
    boolean: 'false',
    number: '0',
  };
  return examples[type] ?? 'text';
}

function definitionOf(type: FactType): FactDefinition {
  const definition = factNamed(FACT_OF[type]);
  if (definition === undefined) throw new Error(`no fact of type ${type}`);
  return definition;
}

describe('an operator', () => {
  it.each(CASES)('%s on a fact of type %s: %s, %j? %s', (name, type, told, written, expected) => {
    const operator = operatorNamed(name);
    const kind = operator?.fits[type];
    if (operator === undefined || kind === undefined) throw new Error(`${name} does not fit ${type}`);
    const definition = definitionOf(type);
    const result = readOperand(kind, definition, written, BUILDS);
    if (!result.ok) throw new Error(result.problem.message);
    const fact = parseFactValue(definition, told);
    expect(fact).toBeDefined();
    expect(operator.evaluate(fact as never, result.operand as never)).toBe(expected);
  });

  it('has a case here, with each type of fact that it fits', () => {
    const covered = new Set(CASES.map(([name, type]) => `${name} ${type}`));
    const wanted = OPERATORS.flatMap(({ name, fits }) => Object.keys(fits).map((type) => `${name} ${type}`));
    expect(wanted.filter((each) => !covered.has(each))).toEqual([]);
  });

  it('has cases here that hold and cases that do not', () => {
    for (const { name } of OPERATORS) {
      const outcomes = new Set(CASES.filter(([each]) => each === name).map(([, , , , expected]) => expected));
      expect([name, outcomes.size]).toEqual([name, 2]);
    }
  });

  it('has a name of its own', () => {
    expect(new Set(OPERATORS.map(({ name }) => name)).size).toBe(OPERATORS.length);
    expect(operatorNamed('toString')).toBeUndefined();
    expect(operatorNamed('not:equal')).toBeUndefined();
  });

  it('never compares a version as text or as a number', () => {
    expect(operatorsFor('version')).toEqual(['versionIn', 'versionNotIn', 'exists']);
  });

  it('is there for every type of fact', () => {
    for (const { type } of FACTS) expect(operatorsFor(type).length).toBeGreaterThan(1);
  });
});
