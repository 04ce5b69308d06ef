import { describe, expect, it } from 'vitest';
import { comparedType, type DecoratedOperator, parseOperator, valueListDepth } from './decorator.js';

function decorated(text: string): DecoratedOperator {
  const parsed = parseOperator(text);
  if ('code' in parsed) throw new Error(parsed.message);
  return parsed;
}

describe('an operator with decorators', () => {
  it.each([
    ['equal', [], 'equal'],
    ['not:equal', ['not'], 'equal'],
    ['not:someValue:inNetwork', ['not', 'someValue'], 'inNetwork'],
    ['not:not:someFact:everyValue:contains', ['not', 'not', 'someFact', 'everyValue'], 'contains'],
  ])('%s has the decorators %j before %s', (text, decorators, name) => {
    const parsed = decorated(text);
    expect([parsed.decorators, parsed.operator.name]).toEqual([decorators, name]);
  });

  it.each([
    ['equals', 'operator-unknown', 'equals'],
    ['', 'operator-unknown', ''],
    ['not:', 'operator-unknown', ''],
    ['not', 'operator-unknown', 'not'],
    ['nto:equal', 'operator-unknown', 'nto'],
    ['swap:in', 'operator-unknown', 'swap'],
    ['constructor:equal', 'operator-unknown', 'constructor'],
    ['__proto__:equal', 'operator-unknown', '__proto__'],
    ['not:exists', 'operator-misfit', 'not:exists'],
    ['not:not:not:not:not:equal', 'operator-misfit', 'not:not:not:not:not:equal'],
  ])('%j is refused as %s for %j', (text, code, word) => {
    expect(parseOperator(text)).toMatchObject({ code, word });
  });

  it('names what could have been meant', () => {
    expect(parseOperator('equals')).toMatchObject({ candidates: expect.arrayContaining(['equal', 'versionIn']) });
    expect(parseOperator('nto:equal')).toMatchObject({ candidates: expect.arrayContaining(['not']) });
  });

  it.each([
    ['contains', 'list', 'list'],
    ['someFact:equal', 'list', 'text'],
    ['not:everyFact:equal', 'list', 'text'],
    ['someFact:someFact:equal', 'list', 'no list'],
    ['someFact:equal', 'text', 'no list'],
    ['someValue:equal', 'text', 'text'],
  ] as const)('%s on a fact of type %s compares %s', (text, type, expected) => {
    expect(comparedType(decorated(text), type)).toBe(expected);
  });

  it.each([
    ['equal', 0],
    ['someFact:equal', 0],
    ['someValue:equal', 1],
    ['everyValue:not:someValue:in', 2],
  ])('%s stands before %d lists', (text, depth) => {
    expect(valueListDepth(decorated(text))).toBe(depth);
  });
});
