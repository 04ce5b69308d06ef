import { describe, expect, it } from 'vitest';
import { epochMillis } from '../policy/instant.js';
import { compiledOf, DAY_0, factsFrom, outdatedPolicy } from './sample-policies.fixture.js';

const OLD = factsFrom({ 'server.version': '8.3' });

describe('the policy that is found', () => {
  it('is the first by name of those of one priority, whatever the order of the files', () => {
    const b = { 'a.policy.json': outdatedPolicy({ name: 'b' }) };
    const a = { 'b.policy.json': outdatedPolicy({ name: 'a' }) };
    expect(compiledOf({ ...a, ...b }).selector.policy(OLD, DAY_0)?.name).toBe('a');
    expect(compiledOf({ ...b, ...a }).selector.policy(OLD, DAY_0)?.name).toBe('a');
  });

  it('is none where none matches, or there is none', () => {
    expect(compiledOf({ 'a.policy.json': outdatedPolicy() }).selector.policy({}, DAY_0)).toBeUndefined();
    expect(compiledOf({}).selector.policy(OLD, DAY_0)).toBeUndefined();
  });

  it('is one of lower priority where the higher is not in force', () => {
    const { selector } = compiledOf({
      'a.policy.json': outdatedPolicy({ name: 'a', priority: 2, effective: { from: '2026-06-01' } }),
      'b.policy.json': outdatedPolicy({ name: 'b', priority: 1 }),
    });
    expect(selector.policy(OLD, DAY_0)?.name).toBe('b');
    expect(selector.policy(OLD, epochMillis(Date.UTC(2026, 5, 1)))?.name).toBe('a');
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
    const { selector } = compiledOf({ 'x.exemptions.json': JSON.stringify({ exemptions }) });
    expect(selector.exemption(OLD, DAY_0)?.name).toBe('first');
    expect(selector.exemption(OLD, epochMillis(Date.UTC(2027, 0, 1)))?.name).toBe('second');
    expect(selector.exemption(OLD, epochMillis(Date.UTC(2028, 0, 1)))).toBeUndefined();
    expect(selector.exemption({}, DAY_0)).toBeUndefined();
  });
});
