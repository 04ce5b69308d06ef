import { describe, expect, it } from 'vitest';
import { DECORATORS } from '../policy/decorator.js';
import { EXISTS, OPERATORS } from '../policy/operator.js';
import { createRulesEngine, operatorLookup } from './rules-engine.js';

const lookup = operatorLookup();
const NAMES = OPERATORS.map(({ name }) => name).filter((name) => name !== EXISTS);
const DECORATED = NAMES.flatMap((name) => [
  name,
  `not:${name}`,
  `not:not:${name}`,
  ...Object.keys(DECORATORS).flatMap((outer) => [`${outer}:${name}`, `${outer}:not:${name}`, `not:${outer}:${name}`]),
]);

describe('an operator as json-rules-engine runs it', () => {
  it('is false where the fact is absent, whatever stands before it', () => {
    for (const name of DECORATED) {
      for (const operand of [undefined, 1, 'x', ['x'], [['x']]]) {
        expect([name, operand, lookup(name).evaluate(undefined, operand)]).toEqual([name, operand, false]);
      }
    }
  });

  it('is false where the other fact is absent, whatever stands before it', () => {
    for (const name of DECORATED) {
      for (const value of [1, 'x', ['x'], []]) {
        expect([name, value, lookup(name).evaluate(value, undefined)]).toEqual([name, value, false]);
      }
    }
  });

  it('exists is asked for absent facts too', () => {
    expect(lookup('exists').evaluate(undefined, false)).toBe(true);
    expect(lookup('exists').evaluate(undefined, true)).toBe(false);
    expect(lookup('exists').evaluate(0, true)).toBe(true);
    expect(lookup('exists').evaluate('', false)).toBe(false);
  });

  it.each([
    ['not:equal', 'a', 'b', true],
    ['not:equal', 'a', 'a', false],
    ['someFact:equal', ['a', 'b'], 'b', true],
    ['someFact:equal', [], 'b', false],
    ['someFact:not:equal', ['b'], 'b', false],
    ['not:someFact:equal', ['a'], 'b', true],
    ['everyFact:equal', ['b', 'b'], 'b', true],
    ['everyFact:equal', ['a', 'b'], 'b', false],
    ['everyFact:equal', [], 'b', true],
    ['someFact:equal', 'no list', 'b', false],
    ['everyFact:equal', 'no list', 'b', false],
    ['someValue:equal', 'a', ['b', 'a'], true],
    ['someValue:equal', 'a', 'a', false],
    ['everyValue:notEqual', 'a', ['b', 'c'], true],
    ['everyValue:notEqual', 'a', ['b', 'a'], false],
    ['everyValue:notEqual', 'a', 'b', false],
    ['someFact:someValue:equal', ['a', 'b'], ['c', 'b'], true],
    ['everyValue:someFact:equal', ['a', 'b'], ['b', 'a'], true],
    ['not:not:equal', 'a', 'a', true],
  ])('%s of %j and %j is %s', (name, value, operand, expected) => {
    expect(lookup(name).evaluate(value, operand)).toBe(expected);
  });

  it('is ours: nothing of the library is left that would compare otherwise', () => {
    expect(lookup('lessThan').evaluate(9, 10)).toBe(true);
    expect(lookup('in').evaluate('a', ['ab'])).toBe(false);
    expect(() => lookup('swap:equal')).toThrow();
    expect(() => lookup('constructor')).toThrow(/knows no operator constructor/);
    expect(() => lookup('equals')).toThrow(/knows no operator equals/);
  });
});

describe('a run of json-rules-engine', () => {
  it('is not disturbed by another one: each engine is of its own', async () => {
    const engines = Array.from({ length: 50 }, createRulesEngine);
    const conditions = { all: [{ fact: 'helo', operator: 'exists', value: true }] };
    for (const engine of engines) engine.addRule({ name: 'r', conditions, event: { type: 'match' } });
    const runs = await Promise.all(engines.map((engine) => engine.run({ helo: 'a.example' })));
    expect(runs.map(({ results }) => results.length)).toEqual(Array(50).fill(1));
  });
});
