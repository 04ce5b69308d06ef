import type { FindingCode } from '@sluice/engine/policy/finding.js';
import type { Texts } from './apply-fix.fixture.js';

/** A policy without findings. */
export const POLICY = `name: old
mode: enforce
priority: 100
when:
  all:
    - fact: helo
      operator: inDomain
      value: a.example
stages:
  - { name: report, after: 0d }
`;

const BUILDS = {
  'm.builds.yaml': `products:
  - { name: Mail, versions: 1.x, builds: [{ name: Mail 1 SP1, version: 1.1.0.39 }] }
`,
};

/** A text with a finding, and what its fixes make of it. */
export interface FixCase {
  readonly code: FindingCode;
  readonly of: string;
  readonly file: string;
  readonly text: string;
  readonly others?: Texts;
  /** The title of each fix, with what becomes of the text. */
  readonly fixes: Readonly<Record<string, string>>;
}

export const FIX_CASES: readonly FixCase[] = [
  {
    code: 'key-missing',
    of: 'a key in the middle of a map without brackets',
    file: 'a.policy.yaml',
    text: POLICY.replace('mode: enforce\n', ''),
    fixes: { 'Add mode: report': POLICY.replace('enforce', 'report') },
  },
  {
    code: 'key-missing',
    of: 'the first key of an item, and one behind it',
    file: 'a.exemptions.yaml',
    text: 'exemptions:\n  - reason: Ordered. # soon\n    grantedBy: ciso\n    until: 2027-01-01\n',
    fixes: {
      'Add name: exemption':
        'exemptions:\n  - name: exemption\n    reason: Ordered. # soon\n    grantedBy: ciso\n    until: 2027-01-01\n',
      'Add whom: { all: [{ fact: client.name, operator: equal, value: server.example.org }] }':
        'exemptions:\n  - whom: { all: [{ fact: client.name, operator: equal, value: server.example.org }] }\n    reason: Ordered. # soon\n    grantedBy: ciso\n    until: 2027-01-01\n',
    },
  },
  {
    code: 'key-missing',
    of: 'a key behind a block scalar and without a line break at the end',
    file: 'a.exemptions.yaml',
    text: 'exemptions:\n  - name: fax\n    whom: { all: [{ fact: helo, operator: equal, value: a }] }\n    grantedBy: ciso\n    reason: |\n      Ordered.\n      Soon.',
    fixes: {
      'Add until: 2027-09-08':
        'exemptions:\n  - name: fax\n    whom: { all: [{ fact: helo, operator: equal, value: a }] }\n    grantedBy: ciso\n    until: 2027-09-08\n    reason: |\n      Ordered.\n      Soon.',
    },
  },
  {
    code: 'key-missing',
    of: 'the operator that takes the value',
    file: 'a.policy.yaml',
    text: POLICY.replace('      operator: inDomain\n', '')
      .replace('helo', 'server.version')
      .replace('a.example', '8.x'),
    fixes: {
      'Add operator: versionIn': POLICY.replace('inDomain', 'versionIn')
        .replace('helo', 'server.version')
        .replace('a.example', '8.x'),
    },
  },
  {
    code: 'key-missing',
    of: 'the value in brackets',
    file: 'a.policy.json',
    text: '{"name":"old","mode":"off","priority":1,"when":{"all":[{"fact":"tls.verified","operator":"equal"}]},"stages":[{"name":"r","after":"0d"}]}',
    fixes: {
      'Add value: true':
        '{"name":"old","mode":"off","priority":1,"when":{"all":[{"fact":"tls.verified","operator":"equal", "value": true}]},"stages":[{"name":"r","after":"0d"}]}',
    },
  },
  {
    code: 'type-wrong',
    of: 'a key without a value',
    file: 'a.policy.yaml',
    text: POLICY.replace('mode: enforce', 'mode:'),
    fixes: { 'Fill in report': POLICY.replace('enforce', 'report') },
  },
  {
    code: 'type-wrong',
    of: 'a number, a number in quotes and a text instead of a list',
    file: 'a.connectors.yaml',
    text: 'connectors:\n  - { name: a, description: 2007, type: Partner, match: { tlsNames: a.example }, tags: [1] }\n',
    fixes: {
      'Replace with "2007"':
        'connectors:\n  - { name: a, description: "2007", type: Partner, match: { tlsNames: a.example }, tags: [1] }\n',
      'Replace with [a.example]':
        'connectors:\n  - { name: a, description: 2007, type: Partner, match: { tlsNames: [a.example] }, tags: [1] }\n',
      'Replace with "1"':
        'connectors:\n  - { name: a, description: 2007, type: Partner, match: { tlsNames: a.example }, tags: ["1"] }\n',
    },
  },
  {
    code: 'key-unknown',
    of: 'a key in quotes that is near to one',
    file: 'a.policy.json',
    text: '{"name":"old","mode":"off","priority":1,"ownr":"x","when":{"condition":"c"},"stages":[{"name":"r","after":"0d"}]}',
    others: {
      'a.conditions.yaml': 'conditions: [{ name: c, when: { all: [{ fact: helo, operator: equal, value: a }] } }]',
    },
    fixes: {
      'Replace with "owner"':
        '{"name":"old","mode":"off","priority":1,"owner":"x","when":{"condition":"c"},"stages":[{"name":"r","after":"0d"}]}',
      'Remove ownr':
        '{"name":"old","mode":"off","priority":1,"when":{"condition":"c"},"stages":[{"name":"r","after":"0d"}]}',
    },
  },
  {
    code: 'key-unknown',
    of: 'a key whose nearest one is there already',
    file: 'a.policy.yaml',
    text: POLICY.replace('priority', 'mod: off\npriority'),
    fixes: { 'Remove mod': POLICY },
  },
  {
    code: 'key-unknown',
    of: 'a key without its colon',
    file: 'a.policy.yaml',
    text: POLICY.replace('after: 0d', 'after 0d'),
    fixes: {
      'Replace with after: 0d': POLICY,
      'Remove after 0d': POLICY.replace(', after: 0d', ''),
    },
  },
  {
    code: 'key-duplicate',
    of: 'a key of an item, with another value',
    file: 'a.policy.yaml',
    text: POLICY.replace('after: 0d }', 'after: 0d, name: other }'),
    fixes: { 'Remove the second name': POLICY },
  },
  {
    code: 'condition-shape',
    of: 'a comparison alone, without brackets',
    file: 'a.policy.yaml',
    text: POLICY.replace(
      '  all:\n    - fact: helo\n      operator: inDomain\n      value: a.example',
      '  fact: helo # its name\n  operator: inDomain\n  value: a.example',
    ),
    fixes: { 'Put the comparison below all': POLICY.replace('fact: helo', 'fact: helo # its name') },
  },
  {
    code: 'condition-shape',
    of: 'a comparison alone, in brackets',
    file: 'a.exemptions.yaml',
    text: 'exemptions: [{ name: a, whom: { fact: helo, operator: equal, value: a }, reason: b, grantedBy: c, until: 2027-01-01 }]',
    fixes: {
      'Put the comparison below all':
        'exemptions: [{ name: a, whom: { all: [{ fact: helo, operator: equal, value: a }] }, reason: b, grantedBy: c, until: 2027-01-01 }]',
    },
  },
  ...(
    [
      ['condition-value', 'tls.verified', 'equal "true"', 'true', 'equal true'],
      ['condition-value', 'message.size', 'lessThan "1000"', '1000', 'lessThan 1000'],
      ['condition-value', 'tls.protocol', 'equal 1.2', '"1.2"', 'equal "1.2"'],
      ['condition-value', 'tls.protocol', 'in TLSv1.2', '[TLSv1.2]', 'in [TLSv1.2]'],
      ['condition-value', 'connector.type', 'equal OnPremise', 'OnPremises', 'equal OnPremises'],
      ['operator-misfit', 'server.version', 'equal 8.x', 'versionIn', 'versionIn 8.x'],
      ['operator-misfit', 'client.address', 'notIn [192.0.2.0/24]', 'notInNetwork', 'notInNetwork [192.0.2.0/24]'],
      ['operator-misfit', 'server.build.age', 'greaterThan 30d', 'longerThan', 'longerThan 30d'],
      ['operator-misfit', 'connector.type', 'inDomain Partner', 'equal', 'equal Partner'],
      ['operator-unknown', 'helo', 'not:inDomian a.example', 'inDomain', 'not:inDomain a.example'],
      ['operator-unknown', 'helo', 'nott:inDomain a.example', 'not', 'not:inDomain a.example'],
      ['network-syntax', 'client.address', 'inNetwork [192.0.2.9/25]', '192.0.2.0/25', 'inNetwork [192.0.2.0/25]'],
      ['build-unknown', 'server.version', `versionIn '<"Mail 1 SP2"'`, 'Mail 1 SP1', `versionIn '<"Mail 1 SP1"'`],
      ['build-unlisted', 'server.version', 'versionIn <1.1.0.93', '1.1.0.39', 'versionIn <1.1.0.39'],
    ] as const
  ).map(([code, fact, wrong, shown, right]): FixCase => {
    const [text, after] = [comparing(fact, wrong), comparing(fact, right)];
    const file = 'a.policy.yaml';
    return { code, of: `${fact} ${wrong}`, file, text, others: BUILDS, fixes: { [`Replace with ${shown}`]: after } };
  }),
  {
    code: 'name-duplicate',
    of: 'two connectors in two files',
    file: 'b.connectors.yaml',
    text: 'connectors: [{ name: a, type: Partner, match: { tlsNames: [b.example] } }]\n',
    others: {
      'a.connectors.yaml':
        'connectors: [{ name: a, type: Internet }, { name: a-2, type: Partner, match: { tlsNames: [a.example] } }]\n',
    },
    fixes: {
      'Rename to a-3': 'connectors: [{ name: a-3, type: Partner, match: { tlsNames: [b.example] } }]\n',
    },
  },
  {
    code: 'stage-first',
    of: 'stages without brackets',
    file: 'a.policy.yaml',
    text: POLICY.replace('- { name: report, after: 0d }', '- name: report\n    after: 30d # a month'),
    fixes: {
      'Insert the stage report-2 at 0d': POLICY.replace(
        '- { name: report, after: 0d }',
        '- { name: report-2, after: 0d }\n  - name: report\n    after: 30d # a month',
      ),
      'Let the stage begin at 0d': POLICY.replace(
        '- { name: report, after: 0d }',
        '- name: report\n    after: 0d # a month',
      ),
    },
  },
  {
    code: 'stage-order',
    of: 'stages with comments',
    file: 'a.policy.yaml',
    text: POLICY.replace(
      '  - { name: report, after: 0d }\n',
      '  # The end.\n  - { name: blocked, after: 9d, block: always } # for good\n\n  - name: report\n    after: 0d\n  - { name: slow, after: 3d, throttle: 5m/h }',
    ),
    fixes: {
      'Put the stages in the order of time': POLICY.replace(
        '  - { name: report, after: 0d }\n',
        '  - name: report\n    after: 0d\n\n  - { name: slow, after: 3d, throttle: 5m/h }\n  # The end.\n  - { name: blocked, after: 9d, block: always } # for good',
      ),
    },
  },
  {
    code: 'exemption-expired',
    of: 'one of two exemptions',
    file: 'a.exemptions.yaml',
    text: `exemptions:
  - { name: one, whom: { all: [{ fact: helo, operator: equal, value: a }] }, reason: b, grantedBy: c, until: 2027-01-01 }
  # It was ordered.
  - name: two
    whom: { all: [{ fact: helo, operator: equal, value: a }] }
    reason: b
    grantedBy: c
    until: 2020-02-29
`,
    fixes: {
      'Extend the exemption until 2027-09-08': `exemptions:
  - { name: one, whom: { all: [{ fact: helo, operator: equal, value: a }] }, reason: b, grantedBy: c, until: 2027-01-01 }
  # It was ordered.
  - name: two
    whom: { all: [{ fact: helo, operator: equal, value: a }] }
    reason: b
    grantedBy: c
    until: 2027-09-08
`,
      'Remove the exemption two': `exemptions:
  - { name: one, whom: { all: [{ fact: helo, operator: equal, value: a }] }, reason: b, grantedBy: c, until: 2027-01-01 }
`,
    },
  },
  {
    code: 'build-duplicate',
    of: 'a build that is listed twice',
    file: 'a.builds.json',
    text: '{"products":[{"name":"M","versions":"1.x","builds":[{"name":"M 1","version":"1.0"},{"name":"M 1","version":"1.0"}]}]}',
    fixes: {
      'Remove this build': '{"products":[{"name":"M","versions":"1.x","builds":[{"name":"M 1","version":"1.0"}]}]}',
    },
  },
  {
    code: 'yaml-syntax',
    of: 'a comma too many in JSON',
    file: 'a.connectors.json',
    text: '{ "connectors": [{ "name": "a", "type": "Internet", }\n] }',
    fixes: { 'Remove ,': '{ "connectors": [{ "name": "a", "type": "Internet" }\n] }' },
  },
  {
    code: 'yaml-syntax',
    of: 'a tag',
    file: 'a.connectors.yaml',
    text: 'connectors: [{ name: !name a, type: Internet }]',
    fixes: { 'Remove !name': 'connectors: [{ name: a, type: Internet }]' },
  },
  {
    code: 'yaml-syntax',
    of: 'a control character',
    file: 'a.connectors.yaml',
    text: 'connectors: [{ name: a\u0000, type: Internet }]',
    fixes: { 'Remove this character': 'connectors: [{ name: a, type: Internet }]' },
  },
  {
    code: 'reply-placeholder',
    of: 'a word that is near to one',
    file: 'a.policy.yaml',
    text: `${POLICY}replies: { block: "550 5.7.1 {servr} is old." }\n`,
    fixes: { 'Replace with {server}': `${POLICY}replies: { block: "550 5.7.1 {server} is old." }\n` },
  },
];

/** The policy with another comparison, given as operator and value. */
function comparing(fact: string, written: string): string {
  const [operator = '', ...value] = written.split(' ');
  return POLICY.replace('helo', fact).replace('inDomain', operator).replace('a.example', value.join(' '));
}
