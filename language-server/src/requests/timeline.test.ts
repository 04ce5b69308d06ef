import { describe, expect, it } from 'vitest';
import { inSet } from '../workspace/document.fixture.js';
import { timelineOf } from './timeline.js';

const POLICY = `name: old
description: Too old.
mode: report
priority: 1
effective: { from: 2026-01-01, until: 2027-01-01 }
when:
  all:
    - { fact: server.version, operator: versionIn, value: 8.x }
stages:
  - { name: report, after: 0d }
  - { name: slow, after: 36h, throttle: 20m/h, block: 5m/h }
  - { name: blocked, after: 90d, block: always }
replies:
  throttle: "450 4.7.230 Slow for {throttle.minutes} minutes."
  block: "550 5.7.230 Blocked for {block.minutes} minutes."
`;

describe('the timeline of a policy set', () => {
  it('has days, minutes, replies and lines of each stage', () => {
    const { now, policies } = timelineOf(inSet({ 'a.policy.yaml': POLICY }, 'a.policy.yaml'));
    expect(now).toBe('2026-09-08T12:00:00Z');
    expect(policies).toMatchObject([
      {
        name: 'old',
        description: 'Too old.',
        mode: 'report',
        effectiveFrom: '2026-01-01T00:00:00Z',
        effectiveUntil: '2027-01-01T00:00:00Z',
      },
    ]);
    const [report, slow, blocked] = policies[0]?.stages ?? [];
    expect(report).toEqual({
      name: 'report',
      fromDay: 0,
      untilDay: 1.5,
      throttleMinutes: 0,
      blockMinutes: 0,
      location: expect.objectContaining({ uri: 'file:///policies/a.policy.yaml' }),
    });
    expect(slow).toMatchObject({
      fromDay: 1.5,
      untilDay: 90,
      throttleMinutes: 20,
      blockMinutes: 5,
      throttleReply: '450 4.7.230 Slow for 20 minutes.',
      blockReply: '550 5.7.230 Blocked for 5 minutes.',
      location: { range: { start: { line: 10 } } },
    });
    expect(blocked).toMatchObject({ fromDay: 90, throttleMinutes: 0, blockMinutes: 60 });
    expect(blocked).not.toHaveProperty('untilDay');
    expect(blocked).not.toHaveProperty('throttleReply');
  });

  it.each([
    ['2026-09-09', false],
    ['2026-09-08', true],
  ])('tells whether an exemption until %s has ended', (until, hasEnded) => {
    const exemption = `exemptions:
  - name: fax
    reason: It moves.
    grantedBy: ciso@example.org
    from: 2026-02-01
    until: ${until}
    whom: { all: [{ fact: server.version, operator: versionIn, value: 8.x }] }
`;
    const { exemptions } = timelineOf(
      inSet({ 'a.policy.yaml': POLICY, 'b.exemptions.yaml': exemption }, 'a.policy.yaml'),
    );
    expect(exemptions).toMatchObject([
      { name: 'fax', reason: 'It moves.', grantedBy: 'ciso@example.org', from: '2026-02-01T00:00:00Z', hasEnded },
    ]);
  });

  it('leaves out a policy that cannot be read yet', () => {
    const texts = { 'a.policy.yaml': POLICY, 'b.policy.yaml': 'name: half\nmode: enf' };
    const names = timelineOf(inSet(texts, 'b.policy.yaml')).policies.map(({ name }) => name);
    expect(names).toEqual(['old']);
  });
});
