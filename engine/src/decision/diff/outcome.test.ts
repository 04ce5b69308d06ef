import { describe, expect, it } from 'vitest';
import type { Policy } from '../../policy/policy-set.js';
import { instantOf, policySetOf } from '../../policy/policy-text.fixture.js';
import { outdatedPolicy } from '../sample-policies.fixture.js';
import { exemptedFrom, type Outcome, onFirstDay, outcomeOf, reachedBefore } from './outcome.js';

const DAY = 86_400_000;
const FILLED_IN =
  '550 5.7.230 Connecting server version is out-of-date; connection to {gateway} blocked for {block.minutes} mins/hr.';

function outcome(keys: Readonly<Record<string, unknown>> = {}): Outcome {
  const [policy] = policySetOf({ 'a.policy.json': outdatedPolicy(keys) }).policies;
  return outcomeOf(policy as Policy);
}

describe('two policies have one outcome where', () => {
  it.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    ['names, descriptions and owners differ', {}, { name: 'other', description: 'Other.', owner: 'me' }],
    ['priorities differ', {}, { priority: 1 }],
    [
      'stages have other names',
      { stages: [{ name: 'a', after: '0d', block: 'always' }] },
      { stages: [{ name: 'b', after: '0d', block: 'always' }] },
    ],
    [
      'a stage refuses what the one before it refused',
      { stages: [{ name: 'a', after: '0d', throttle: '5m/h' }] },
      {
        stages: [
          { name: 'a', after: '0d', throttle: '5m/h' },
          { name: 'b', after: '9d', throttle: '5m/h' },
        ],
      },
    ],
    [
      'a stage ends when it begins',
      { stages: [{ name: 'a', after: '0d', throttle: '5m/h' }] },
      {
        stages: [
          { name: 'never', after: '0d', block: 'always' },
          { name: 'a', after: '0d', throttle: '5m/h' },
        ],
      },
    ],
    ['a help page is named that no reply tells', {}, { help: 'https://example.org/help' }],
    [
      'nothing is refused in either mode',
      { stages: [{ name: 'a', after: '0d' }] },
      { mode: 'report', effective: { from: '2026-01-01' }, stages: [{ name: 'b', after: '0d' }] },
    ],
    [
      'a threshold asks for more and leads no further than another',
      { thresholds: [{ refusals: 10, within: '24h', advanceTo: 'blocked' }] },
      {
        thresholds: [
          { refusals: 10, within: '24h', advanceTo: 'blocked' },
          { refusals: 20, within: '2h', advanceTo: 'slow' },
        ],
      },
    ],
    ['a reply is the same once it is filled in', {}, { replies: { block: FILLED_IN } }],
  ])('%s', (_name, one, other) => {
    expect(outcome(one)).toStrictEqual(outcome(other));
  });
});

describe('two policies have different outcomes where', () => {
  it.each<[string, Record<string, unknown>]>([
    ['a reply tells the name of the policy', { replies: { throttle: '450 4.7.230 {policy}.' } }],
    ['one only reports', { mode: 'report' }],
    ['one counts from an instant', { effective: { from: '2026-01-01' } }],
    ['one escalates sooner', { thresholds: [{ refusals: 10, within: '24h', advanceTo: 'blocked' }] }],
    ['one lets the clock of a relapsed server go on', { remediation: { relapse: { resume: { within: '90d' } } } }],
  ])('%s', (_name, keys) => {
    expect(outcome(keys)).not.toStrictEqual(outcome());
  });
});

describe('an outcome', () => {
  it('of an exempted server is that of a policy that refuses nothing', () => {
    expect(exemptedFrom(outcome())).toStrictEqual(outcome({ stages: [{ name: 'a', after: '0d' }] }));
  });

  it('on the first day is that of the first stage alone', () => {
    expect(onFirstDay(outcome())).toStrictEqual({ kind: 'accepted', relapse: { kind: 'restart' } });
  });

  it('has no step that a clock does not reach before an instant', () => {
    const from = instantOf('2026-01-01');
    const all = outcome({ effective: { from: '2026-01-01' } });
    const cut = reachedBefore(all, from + 60 * DAY);
    expect(cut.kind === 'enforced' && cut.steps.map((step) => step.after / DAY)).toStrictEqual([0, 30]);
    expect(reachedBefore(all, from + 60 * DAY + 1)).not.toStrictEqual(cut);
    expect(reachedBefore(all, Number.POSITIVE_INFINITY)).toStrictEqual(all);
  });
});
