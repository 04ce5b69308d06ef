import { describe, expect, it } from 'vitest';
import { lines, marked, shown } from './hover.fixture.js';

const RANGE_OF_3 = lines(
  'This range holds **3 of 4 known builds**',
  '',
  '- Mailer 1: all 2, from Mailer 1 RTM (1.0.5.1) to Mailer 1 SU1 (1.0.5.3)',
  '- Mailer 2: 1 of 2, Mailer 2 RTM (2.0.7.1)',
);

/** Texts of a comparison of the version with a range. */
function comparing(range: string): string {
  return `when: { all: [{ fact: server.version, operator: versionIn, value: ${range} }] }`;
}

describe('hovering over a version range', () => {
  it.each([
    ['a build', `'<"Mai¦ler 2 SP1"'`, '"Mailer 2 SP1"', /^\*\*Mailer 2 SP1\*\* \(2\.1\.8\.1\)\n\nIt is the newest/],
    ['a listed version', '<=1.0.5.1¦', '1.0.5.1', /^\*\*Mailer 1 RTM\*\* \(1\.0\.5\.1\), released 2020-01-01, unsup/],
    ['a version between two builds', '<1.0.5.2¦', '1.0.5.2', /no listed build of Mailer 1.*stands for Mailer 1 RTM/],
    ['a version of no product', '<3.0.0.0¦', '3.0.0.0', /^\*\*3\.0\.0\.0\*\* belongs to no product/],
    ['the beginning of versions', '1.¦x || 2.0', '1.x', /^\*\*1\.x\*\*: all versions that begin with `1`/],
  ])('explains %s, and the whole range', (_, range, over, text) => {
    const found = shown('x.policy.yaml', comparing(range));
    expect(found?.over).toBe(over);
    expect(found?.text).toMatch(text);
    expect(found?.text).toMatch(/This range holds \*\*\d of 4 known builds\*\*/);
  });

  it('says which builds of which products it holds', () => {
    expect(shown('x.policy.yaml', comparing(`'¦<"Mailer 2 SP1"'`))).toEqual({
      over: `'<"Mailer 2 SP1"'`,
      text: RANGE_OF_3,
    });
  });

  it('explains a build in JSON, where its quotes are escaped', () => {
    const text = `{ "when": { "all": [{ "fact": "server.version", "operator": "versionIn", "value": "<\\"Mailer¦ 2 SP1\\"" }] } }`;
    const found = shown('x.policy.json', text);
    expect(found?.over).toBe('\\"Mailer 2 SP1\\"');
    expect(found?.text).toContain(RANGE_OF_3);
  });

  it.each([
    ['that ends in a comparator', `'>=1.0 <¦'`],
    ['with an unknown build', `'<"Mailer¦ 9"'`],
  ])('says nothing of one %s', (_, range) => {
    expect(shown('x.policy.yaml', comparing(range))).toBeUndefined();
  });
});

describe('hovering over a value', () => {
  it.each([
    ['a duration', 'old.policy.yaml', '¦24h', '**1 day**'],
    [
      'the time after which a stage comes',
      'old.policy.yaml',
      'after: 45d¦12h',
      '**45 days and 12 hours** (1,092 hours)\n\nA server that was detected when the policy began is at blocked from **2026-02-15T12:00:00Z** on; others later.',
    ],
    ['an instant', 'old.policy.yaml', 'from: ¦2026', '**2026-01-01 00:00:00 UTC**, a Thursday, 250 days ago'],
    [
      'a rate',
      'old.policy.yaml',
      'block: ¦10m',
      '**10m/h**. In every hour of this stage: 5 minutes of 450, then 10 minutes of 550, then 45 minutes in which mail flows. Refused 360 minutes a day.',
    ],
    ['a limit of a rate', 'a.invariants.yaml', '¦20m/h', '**20m/h**: 20 minutes of every hour, 480 minutes a day'],
    [
      'a network',
      'a.connectors.yaml',
      '192¦.0.2.0',
      '**192.0.2.0/24**, IPv4: 256 addresses, `192.0.2.0` to `192.0.2.255`\n\nNetworks of these connectors lie in it, or hold it: `inside`',
    ],
    [
      'a large network',
      'a.connectors.yaml',
      '2001¦:db8',
      '**2001:db8::/32**, IPv6: 2^96 addresses, `2001:db8::` to `2001:db8:ffff:ffff:ffff:ffff:ffff:ffff`\n\nNetworks of these connectors lie in it, or hold it: `inside`',
    ],
    [
      'a version of the catalogue',
      'a.builds.yaml',
      '"2.1¦.8.1"',
      '**Mailer 2 SP1** (2.1.8.1)\n\nIt is the newest known build of its lane.',
    ],
    [
      'a word of the language',
      'old.policy.yaml',
      'mode: ¦enforce',
      '**mode**\n\nenforce: refuse; report: decide and log; off: nothing.\n\nOne of: `enforce`, `report`, `off`',
    ],
    [
      'the code of a reply',
      'old.policy.yaml',
      '4¦50',
      '**450**: not now. The sender keeps the mail and tries again (RFC 5321 §4.2.1).',
    ],
    [
      'the status of a reply',
      'old.policy.yaml',
      '5.7¦.230',
      '**5.7.230**, an enhanced status code (RFC 3463): a failure that lasts; subject: security or policy.',
    ],
    [
      'a placeholder',
      'old.policy.yaml',
      '{buil¦d}',
      '**{build}**: name of its build, or of the nearest known one\n\nAt the stage `slow`, for example: `Mailer 2 RTM`',
    ],
    [
      'the rest of a reply',
      'old.policy.yaml',
      ' ru¦ns ',
      'At the stage `slow` a sender sees, for example:\n\n```text\n450 4.7.230 mail.example.net runs Mailer 2 RTM; 5 mins/hr until 2026-09-24.\n```',
    ],
  ])('explains %s', (_, path, words, text) => {
    expect(shown(path, marked(path, words))?.text).toBe(text);
  });

  it.each([
    ['free text', 'old.policy.yaml', 'description: ¦Mailer'],
    ['an address of a page', 'old.policy.yaml', '¦https'],
    ['a tag', 'a.connectors.yaml', '[¦hybrid'],
  ])('says nothing of %s', (_, path, words) => {
    expect(shown(path, marked(path, words))).toBeUndefined();
  });

  it('explains a placeholder of a reply that is folded over lines', () => {
    const text = 'replies:\n  block: >-\n    550 5.7.230 Ask\n    {gate¦way}.\n';
    expect(shown('x.policy.yaml', text)).toEqual({
      over: '{gateway}',
      text: '**{gateway}**: name of this gateway, from the configuration',
    });
  });
});

describe('hovering over a word of a condition', () => {
  it.each([
    [
      'a fact',
      'fact: ¦server.build.age, operator: longerThan, value: 30d',
      '**server.build.age**, a fact of type duration: a duration such as 30d or 1d12h\n\nTime since that build was released. Worked out from the other facts, from what is remembered of the server, and from the policy set.\n\nOperators: `longerThan`, `shorterThan`, `exists`',
    ],
    [
      'a fact on the right side',
      'fact: helo, operator: equal, value: { fact: client¦.name }',
      '**client.name**, a fact of type domain: a host or domain name\n\nName of the SMTP client by reverse DNS, where it is verified. Told by the gateway.\n\nOperators: `inDomain`, `notInDomain`, `equal`, `notEqual`, `in`, `notIn`, `contains`, `doesNotContain`, `matches`, `exists`',
    ],
    [
      'an operator with decorators',
      'fact: helo, operator: not:some¦Value:inDomain, value: [a.example]',
      '**not:someValue:inDomain**, an operator for facts of type domain\n\n- `not:` the comparison does not hold, though both sides are known\n- `someValue:` it holds for one item of the value, a list\n- `inDomain` the name is one of the domains or lies below one\n\nOn its right side: a list, of which each item is a domain, or a list of them.\n\nWhere the fact is not known, the comparison is false.',
    ],
    [
      'an operator whose fact is not written yet',
      'operator: exi¦sts',
      '**exists**, an operator for facts of type version, instant, duration, network, domain, text, enum, list, number and boolean\n\n- `exists` with true: the fact is known; with false: it is not\n\nOn its right side: true or false.',
    ],
    [
      'a value of a fact with few',
      'fact: connector.type, operator: in, value: [¦Partner]',
      '**connector.type**, a fact of type enum: one of OnPremises, Partner, Internet\n\nType of that connector. Worked out from the other facts, from what is remembered of the server, and from the policy set.\n\nOperators: `equal`, `notEqual`, `in`, `notIn`, `exists`',
    ],
  ])('explains %s', (_, comparison, text) => {
    expect(shown('x.policy.yaml', `when: { all: [{ ${comparison} }] }`)?.text).toBe(text);
  });

  it.each(['fact: no.suc¦h', 'fact: helo, operator: equ¦ls', 'fact: helo, operator: always:equ¦al'])(
    'says nothing of a word that is none: %s',
    (comparison) => {
      expect(shown('x.policy.yaml', `when: { all: [{ ${comparison} }] }`)).toBeUndefined();
    },
  );
});

describe('hovering over a key', () => {
  it.each([
    [
      'priority¦: 1',
      '**priority**, required\n\nOf the policies that match, the one of highest priority decides.\n\nA whole number from 1 to 1,000,000',
    ],
    ['wh¦en: {}', '**when**, required\n\nWhich connections: all, any, not or condition.'],
    [
      'stages: [{ aft¦er: 0d }]',
      '**after**, required\n\nTime since the first detection from which the stage holds. A duration: weeks, days, hours, minutes, seconds.\n\nFor example `30d` or `1d12h`',
    ],
    [
      'when: { all: [{ a¦ny: [] }] }',
      '**any**\n\nHolds where at least one of these holds.\n\nA list of at least one item',
    ],
    [
      'remediation: { relapse: { resume: { with¦in: 3d } } }',
      '**within**, required\n\nOnly where it falls back within this time. A duration: weeks, days, hours, minutes, seconds.\n\nFor example `30d` or `1d12h`',
    ],
  ])('explains %s', (text, expected) => {
    expect(shown('x.policy.yaml', text)?.text).toBe(expected);
  });

  it('says nothing of a key that is not known', () => {
    expect(shown('x.policy.yaml', 'prio¦: 1')).toBeUndefined();
  });

  it('explains keys in JSON as well', () => {
    expect(shown('x.policy.json', '{ "mo¦de": "off" ')?.over).toBe('"mode"');
  });
});
