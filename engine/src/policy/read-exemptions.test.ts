import { describe, expect, it } from 'vitest';
import { findingsOf, instantOf, policySetOf } from './policy-text.fixture.js';

const NOW = instantOf('2026-09-08');

function exemption(...lines: string[]): string {
  const whom = '    whom: { all: [ { fact: helo, operator: equal, value: fax.example } ] }';
  return ['exemptions:', '  - name: fax', whom, '    reason: Old.', '    grantedBy: ciso', ...lines, ''].join('\n');
}

describe('an exemption', () => {
  it('has whom, why, who and until when', () => {
    const { exemptions } = policySetOf({
      'x.exemptions.yaml': exemption('    from: 2026-01-01', '    until: 2027-01-01'),
    });
    expect(exemptions).toMatchObject([
      {
        name: 'fax',
        when: { kind: 'all', conditions: [{ fact: 'helo', operator: 'equal', operand: { value: 'fax.example' } }] },
        reason: 'Old.',
        grantedBy: 'ciso',
        from: instantOf('2026-01-01'),
        until: instantOf('2027-01-01'),
      },
    ]);
  });

  it.each([
    [[], ['x.exemptions.yaml:2:5 key-missing']],
    [['    until: soon'], ['x.exemptions.yaml:6:12 instant-syntax']],
    [['    until: 2027-02-30'], ['x.exemptions.yaml:6:12 instant-syntax']],
    [['    from: 2027-01-01', '    until: 2027-01-01'], ['x.exemptions.yaml:7:12 interval-empty']],
    [['    from: 2027-06-01', '    until: 2027-01-01'], ['x.exemptions.yaml:7:12 interval-empty']],
    [['    until: 2026-09-08'], ['x.exemptions.yaml:6:12 exemption-expired']],
    [['    until: 2026-09-08T00:00:01Z'], ['x.exemptions.yaml:6:12 exemption-expires-soon']],
    [['    until: 2026-10-08'], ['x.exemptions.yaml:6:12 exemption-expires-soon']],
    [['    until: 2026-10-08T00:00:01Z'], []],
    [['    until: 2027-01-01', '    for: ever'], ['x.exemptions.yaml:7:5 key-unknown']],
  ])('with %j gives %j', (lines, expected) => {
    expect(findingsOf({ 'x.exemptions.yaml': exemption(...lines) }, NOW)).toEqual(expected);
  });

  it('that has expired does not keep the policy set from being read', () => {
    expect(policySetOf({ 'x.exemptions.yaml': exemption('    until: 2020-01-01') }, NOW).exemptions).toHaveLength(1);
  });
});

describe('a shared condition', () => {
  it('is found by its name', () => {
    const text =
      'conditions:\n  - { name: ours, when: { not: { fact: helo, operator: inDomain, value: example.org } } }\n';
    const { conditions } = policySetOf({ 'x.conditions.yaml': text });
    expect(conditions.get('ours')).toMatchObject({ name: 'ours', when: { kind: 'not' } });
  });

  it('has a name of its own in all files', () => {
    const text =
      'conditions:\n  - { name: ours, when: { not: { fact: helo, operator: inDomain, value: example.org } } }\n';
    expect(findingsOf({ 'a.conditions.yaml': text, 'b.conditions.yaml': text })).toEqual([
      'b.conditions.yaml:2:13 name-duplicate',
    ]);
  });

  it('is no bare comparison', () => {
    const text = 'conditions:\n  - { name: ours, when: { fact: helo, operator: inDomain, value: example.org } }\n';
    expect(findingsOf({ 'a.conditions.yaml': text })).toEqual(['a.conditions.yaml:2:25 condition-shape']);
  });
});
