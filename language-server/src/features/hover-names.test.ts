import { finding } from '@sluice/engine/policy/finding.js';
import { describe, expect, it } from 'vitest';
import { lines, marked, shown } from './hover.fixture.js';

describe('hovering over a name', () => {
  it('of a policy says what it decides, when, and for whom', () => {
    expect(shown('old.policy.yaml', marked('old.policy.yaml', 'name: ¦old'))).toEqual({
      over: 'old',
      text: lines(
        '**old**, a policy that enforces, priority 100',
        '',
        'Mailer 1 is \\*out\\* of support.',
        '',
        'In force from `2026-01-01`.',
        '',
        '- `report` from day 0 (2026-01-01 at the earliest): nothing is refused',
        '- `slow` from day 30 (2026-01-31 at the earliest): 5 minutes of 450, then 10 minutes of 550, then 45 minutes in which mail flows',
        '- `blocked` from 45 days and 12 hours (2026-02-15T12:00:00Z at the earliest): everything is refused with 550',
        '',
        'Whoever is refused 1000 times within `24h` is at `blocked` at once.',
        '',
        'It decides for connections with',
        '',
        '```yaml',
        'all:',
        '  - condition: ours',
        `  - { fact: server.version, operator: versionIn, value: '<"Mailer 2 SP1"' }`,
        '```',
        '',
        '**3 of 4 known builds** can match today, from Mailer 1 RTM (1.0.5.1) to Mailer 2 RTM (2.0.7.1).',
      ),
    });
  });

  it('of a policy tells what the exact analysis found about it, at itself or at another policy', () => {
    const start = { line: 1, column: 1 };
    const at = (file: string) => ({ file, range: { start, end: start } });
    const related = [{ ...at('old.policy.yaml'), message: 'the other one' }];
    const findings = [
      finding('policy-shadowed', at('old.policy.yaml'), 'It never decides.'),
      { ...finding('policy-conflict', at('new.policy.yaml'), 'Both match.'), related },
      finding('policy-shadowed', at('new.policy.yaml'), 'Not about this one.'),
      finding('severity-falls', at('old.policy.yaml'), 'Not about others.'),
    ];
    const value = shown('old.policy.yaml', marked('old.policy.yaml', 'name: ¦old'), findings)?.text;
    expect(value).toContain('⚠ It never decides.\n\n⚠ Both match.');
    expect(value).not.toContain('Not about');
  });

  it.each([
    ['where it is declared', 'name: ¦slow', 'slow'],
    ['with the reply to those blocked only', 'name: ¦blocked', 'blocked'],
    ['where it is referred to', 'advanceTo: ¦blocked', 'blocked'],
  ])('of a stage says when it is and what a sender sees, %s', (_, words, name) => {
    const texts: Readonly<Record<string, string>> = {
      slow: lines(
        '**slow**, a stage of `old`',
        '',
        "On a server's clock from day 30 until 45 days and 12 hours. For servers detected when the policy began: from 2026-01-31 until 2026-02-15T12:00:00Z.",
        '',
        'In every hour of this stage: 5 minutes of 450, then 10 minutes of 550, then 45 minutes in which mail flows. Refused 360 minutes a day.',
        '',
        'A sender sees, for example:',
        '',
        '```text',
        '450 4.7.230 mail.example.net runs Mailer 2 RTM; 5 mins/hr until 2026-09-24.',
        '550 5.7.230 mail.example.net at inside: see https://example.org/old.',
        '```',
      ),
      blocked: lines(
        '**blocked**, a stage of `old`',
        '',
        "On a server's clock from 45 days and 12 hours on. For servers detected when the policy began: from 2026-02-15T12:00:00Z.",
        '',
        'In every hour of this stage: everything is refused with 550. Refused all day.',
        '',
        'A sender sees, for example:',
        '',
        '```text',
        '550 5.7.230 mail.example.net at inside: see https://example.org/old.',
        '```',
      ),
    };
    expect(shown('old.policy.yaml', marked('old.policy.yaml', words))).toEqual({ over: name, text: texts[name] });
  });

  it('of a stage does so without its reply where the policy cannot be read', () => {
    const text =
      'name: half\nstages:\n  - { name: report, after: 0d }\n  - { name: ¦slow, after: 30d, throttle: 5m/h }\nwhen: {';
    expect(shown('half.policy.yaml', text)?.text).toBe(
      lines(
        '**slow**, a stage of `half`',
        '',
        "On a server's clock from day 30 on.",
        '',
        'In every hour of this stage: 5 minutes of 450, then 55 minutes in which mail flows. Refused 120 minutes a day.',
      ),
    );
  });

  it.each([
    [
      'a connector',
      'a.connectors.yaml',
      'name: ¦inside',
      lines(
        '**inside**, a connector of type OnPremises',
        '',
        'Our own servers.',
        '',
        '- Networks: `192.0.2.0/24`, `2001:db8::/32`',
        '- Certificate names: `*.example.org`',
        '',
        'Servers are told apart by `received-by`. Versions in headers are believed here.',
        '',
        'Tags: `hybrid`',
      ),
    ],
    [
      'a shared condition, from where it is referred to',
      'old.policy.yaml',
      'condition: ¦ours',
      lines(
        '**ours**, a shared condition',
        '',
        'A server of ours.',
        '',
        '```yaml',
        'any:',
        '  - { fact: connector.type, operator: equal, value: OnPremises }',
        '```',
      ),
    ],
    [
      'an exemption',
      'a.exemptions.yaml',
      'name: ¦fax',
      lines(
        '**fax**, an exemption, ends 2026-12-31 (in 114 days)',
        '',
        'Ordered.',
        '',
        'Granted by ciso@example.org.',
        '',
        'It lets connections through with',
        '',
        '```yaml',
        '{ condition: ours }',
        '```',
      ),
    ],
    [
      'an invariant',
      'a.invariants.yaml',
      'name: ¦gentle',
      lines(
        '**gentle**, an invariant: what must hold for every connection and on every day',
        '',
        'No shock.',
        '',
        '```yaml',
        'name: gentle',
        'description: No shock.',
        'ladder: { policies: [old], neverBlockedBefore: 30d, atMostMore: 20m/h }',
        '```',
      ),
    ],
    [
      'a product',
      'a.builds.yaml',
      'name: ¦Mailer 1',
      lines(
        '**Mailer 1**, versions `1.x`: 2 known builds, from Mailer 1 RTM (1.0.5.1) to Mailer 1 SU1 (1.0.5.3)',
        '',
        'Its support ended 2025-10-14 (329 days ago). Builds whose versions share three parts (cumulative updates) form a lane, in which each replaces the one before.',
      ),
    ],
    [
      'a build',
      'a.builds.yaml',
      'Mailer 1 ¦RTM',
      lines(
        '**Mailer 1 RTM** (1.0.5.1), released 2020-01-01, unsupported since 2025-10-14',
        '',
        'The newest of its lane is Mailer 1 SU1 (1.0.5.3), released 2021-02-03.',
      ),
    ],
  ])('of %s says what it stands for', (_, path, words, text) => {
    expect(shown(path, marked(path, words))?.text).toBe(text);
  });

  it('of a policy that an invariant mentions explains the policy', () => {
    expect(shown('a.invariants.yaml', marked('a.invariants.yaml', '[¦old]'))?.text).toMatch(/^\*\*old\*\*, a policy/);
  });

  it('of the connector for everyone else explains it, though none declares it', () => {
    const when = 'when: { all: [{ fact: connector.name, operator: equal, value: ¦internet }] }';
    expect(shown('x.policy.yaml', when)?.text).toMatch(
      /^\*\*internet\*\*, a connector of type Internet, there without/,
    );
  });
});
