import { describe, expect, it } from 'vitest';
import type { Facts } from '../policy/fact.js';
import { type EpochMillis, epochMillis } from '../policy/instant.js';
import type { CompiledPolicySet } from './compiled-policy-set.js';
import { derivedSelectionOf, selectionOf } from './make-selection.js';
import { compiledOf, DAY_0, factsFrom, outdatedPolicy } from './sample-policies.fixture.js';

const OLD = factsFrom({ 'server.version': '8.3' });

/** Asks twice, by the diagram and by the walk for facts that were all told, and expects one answer. */
function deciderOf(compiled: CompiledPolicySet, facts: Facts, now: EpochMillis): string | undefined {
  const { selector } = compiled;
  const selections = [selectionOf(compiled, facts, undefined, now), derivedSelectionOf(facts, now)];
  const [name, byWalk] = selections.map((selection) => {
    const decider = selector.decider(selection);
    return decider === undefined ? undefined : 'policy' in decider ? decider.policy.name : decider.exemption.name;
  });
  expect(byWalk).toBe(name);
  return name;
}

describe('the policy that is found', () => {
  it('is the first by name of those of one priority, whatever the order of the files', () => {
    const b = { 'a.policy.json': outdatedPolicy({ name: 'b' }) };
    const a = { 'b.policy.json': outdatedPolicy({ name: 'a' }) };
    expect(deciderOf(compiledOf({ ...a, ...b }), OLD, DAY_0)).toBe('a');
    expect(deciderOf(compiledOf({ ...b, ...a }), OLD, DAY_0)).toBe('a');
  });

  it('is none where none matches, or there is none', () => {
    expect(deciderOf(compiledOf({ 'a.policy.json': outdatedPolicy() }), {}, DAY_0)).toBeUndefined();
    expect(deciderOf(compiledOf({}), OLD, DAY_0)).toBeUndefined();
  });

  it('is one of lower priority where the higher is not in force', () => {
    const compiled = compiledOf({
      'a.policy.json': outdatedPolicy({ name: 'a', priority: 2, effective: { from: '2026-06-01' } }),
      'b.policy.json': outdatedPolicy({ name: 'b', priority: 1 }),
    });
    expect(deciderOf(compiled, OLD, DAY_0)).toBe('b');
    expect(deciderOf(compiled, OLD, epochMillis(Date.UTC(2026, 5, 1)))).toBe('a');
  });
});

describe('the exemption that is found', () => {
  it('is the first in the file that covers the connection and is in force', () => {
    const whom = { all: [{ fact: 'server.version', operator: 'versionIn', value: '8.x' }] };
    const granted = { whom, reason: 'Old.', grantedBy: 'ciso' };
    const exemptions = [
      { name: 'over', ...granted, until: '2026-01-01' },
      { name: 'first', ...granted, until: '2027-01-01' },
      { name: 'second', ...granted, until: '2028-01-01' },
    ];
    const compiled = compiledOf({ 'x.exemptions.json': JSON.stringify({ exemptions }) });
    expect(deciderOf(compiled, OLD, DAY_0)).toBe('first');
    expect(deciderOf(compiled, OLD, epochMillis(Date.UTC(2027, 0, 1)))).toBe('second');
    expect(deciderOf(compiled, OLD, epochMillis(Date.UTC(2028, 0, 1)))).toBeUndefined();
    expect(deciderOf(compiled, {}, DAY_0)).toBeUndefined();
  });
});
