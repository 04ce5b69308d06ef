import { describe, expect, it } from 'vitest';
import { FACTS, type FactDefinition, factNamed } from './fact.js';
import { describeFactType, MAX_FACT_TEXT_LENGTH, parseFactValue } from './fact-value.js';

function parse(fact: string, text: string) {
  return parseFactValue(factNamed(fact) as FactDefinition, text);
}

describe('the value of a fact', () => {
  it.each([
    ['server.version', '15.01.2507.039', [15, 1, 2507, 39]],
    ['time', '2026-09-08', Date.UTC(2026, 8, 8)],
    ['server.build.age', '1d', 86_400_000],
    ['helo', 'MX.Example.org.', 'mx.example.org'],
    ['tls.protocol', 'TLSv1.3', 'TLSv1.3'],
    ['connector.type', 'Partner', 'Partner'],
    ['server.tags', 'hybrid, edge', ['hybrid', 'edge']],
    ['server.tags', '', []],
    ['message.size', '0', 0],
    ['message.size', '999999999999999', 999_999_999_999_999],
    ['tls.verified', 'true', true],
    ['tls.verified', 'false', false],
  ])('%s told as %j is %j', (fact, text, expected) => {
    expect(parse(fact, text)).toEqual(expected);
  });

  it.each([
    ['server.version', '15.1a'],
    ['time', 'now'],
    ['server.build.age', '30'],
    ['client.address', 'unknown'],
    ['helo', ''],
    ['connector.type', 'partner'],
    ['message.size', '-1'],
    ['message.size', '1.5'],
    ['message.size', '1e9'],
    ['message.size', '9999999999999999'],
    ['message.size', ''],
    ['tls.verified', 'yes'],
    ['tls.verified', ''],
  ])('%s cannot be told as %j', (fact, text) => {
    expect(parse(fact, text)).toBeUndefined();
  });

  it('is cut where its text is too long', () => {
    expect(parse('helo', 'A'.repeat(5000))).toBe('a'.repeat(MAX_FACT_TEXT_LENGTH));
  });

  it('is described for every type', () => {
    for (const fact of FACTS) expect(describeFactType(fact)).toMatch(/\w/);
  });
});
