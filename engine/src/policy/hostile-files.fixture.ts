import { MAX_DEPTH, MAX_FILE_OCTETS } from './read-document.js';

/** A policy folder with something broken or made to harm, and what a check has to find in it. */
export interface HostileFolder {
  readonly what: string;
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  /** `line code` of each finding, or `file:line code` where there are several files. */
  readonly findings: readonly string[];
}

const STAGES = 'stages:\n  - { name: report, after: 0d }\n';
const OURS = '{ fact: helo, operator: inDomain, value: contoso.example }';

/** A whole policy of five lines, with another condition in line 4 or more lines from line 7 on. */
function policy({ when = `{ all: [${OURS}] }`, more = '' }: { when?: string; more?: string } = {}): string {
  return `name: example\nmode: enforce\npriority: 100\nwhen: ${when}\n${STAGES}${more}`;
}

/** A shared condition a line, from line 2 on. */
function conditions(count: number, when: (index: number) => string): string {
  return `conditions:\n${each(count, (index) => `  - { name: c${index}, when: ${when(index)} }\n`)}`;
}

function each(count: number, text: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => text(index)).join('');
}

function utf16(text: string): Uint8Array {
  return Buffer.from(`\uFEFF${text}`, 'utf16le');
}

function inPolicy(what: string, text: string | Uint8Array, ...findings: string[]): HostileFolder {
  return { what, files: { 'a.policy.yaml': text }, findings };
}

function inJson(what: string, text: string, ...findings: string[]): HostileFolder {
  return { what, files: { 'a.policy.json': text }, findings };
}

function comparing(what: string, comparison: string, ...findings: string[]): HostileFolder {
  return inPolicy(what, policy({ when: `{ all: [{ ${comparison} }] }` }), ...findings);
}

const MISSING = ['mode', 'priority', 'when', 'stages'].map(() => '1 key-missing');

const DOCUMENTS: readonly HostileFolder[] = [
  inPolicy(
    'an alias bomb (billion laughs)',
    `a: &a0 [x, x]\n${each(60, (index) => `a${index}: &a${index + 1} [*a${index}, *a${index}]\n`)}`,
    '16 document-limits',
  ),
  inPolicy('an alias inside what it names', 'name: &a [x, *a]\n', '1 document-limits'),
  inPolicy('an alias that names nothing', 'name: *a\n', '1 yaml-syntax'),
  inPolicy('250,000 open brackets', `name:\n  ${'['.repeat(250_000)}`, '2 document-limits'),
  inPolicy('10,000 maps in each other', `name: ${'{ a: '.repeat(10_000)}`, '1 document-limits'),
  inPolicy(
    'block maps as deep as a file can hold',
    each(1000, (index) => `${' '.repeat(index)}a:\n`),
    '136 document-limits',
  ),
  inPolicy('250,000 lists in one line', `${'- '.repeat(250_000)}x`, '1 document-limits'),
  inPolicy('250,000 keys inside keys', `${'? '.repeat(250_000)}x`, '1 document-limits'),
  inPolicy(
    '8,000 lines in brackets that are not indented',
    policy({ when: `{ any: [\n${each(8_000, () => '{fact: helo, operator: equal, value: a},\n')}] }` }),
    '5 yaml-syntax',
  ),
  inPolicy('a condition nested to the limit', policy({ when: nested(MAX_DEPTH - 4) })),
  inPolicy('a condition nested deeper', policy({ when: nested(MAX_DEPTH + 4) }), '4 document-limits'),
  inPolicy('one octet too many', new Uint8Array(MAX_FILE_OCTETS + 1).fill(0x23), '1 document-limits'),
  inPolicy(
    'a line of 500,000 characters',
    policy({ more: `description: ${'x'.repeat(500_000)}\n` }),
    '7 value-out-of-range',
  ),
  inPolicy(
    '45,000 unknown keys',
    policy({ more: each(45_000, (index) => `k${index}: 1\n`) }),
    ...lines(7, 'key-unknown'),
  ),
  inPolicy('45,000 times one key', policy({ more: each(45_000, () => 'mode: off\n') }), ...lines(7, 'key-duplicate')),
  inPolicy('NUL', 'name: a\0b\n', '1 yaml-syntax'),
  inPolicy('nothing but NUL', '\0'.repeat(10_000), '1 yaml-syntax'),
  inPolicy('carriage returns alone', policy().replaceAll('\n', '\r'), '1 yaml-syntax'),
  inPolicy('UTF-16', utf16(policy()), '1 file-encoding'),
  inPolicy('a UTF-8 byte order mark', `\uFEFF${policy()}`),
  inPolicy('CRLF', policy({ more: 'ownr: x\n' }).replaceAll('\n', '\r\n'), '7 key-unknown'),
  inPolicy('a tab', 'name: a\n\tmode: enforce\n', '2 yaml-syntax'),
  inPolicy('nothing', '', '1 yaml-syntax'),
  inPolicy('only comments', '# a\n\n# b\n', '1 yaml-syntax'),
  inPolicy('two documents', `${policy()}---\n${policy()}`, '7 yaml-syntax'),
  inPolicy('a list', '- name: a\n', '1 type-wrong'),
  inPolicy('a list as a key', `? [a, b]\n: c\n${policy()}`, '1 yaml-syntax'),
  inPolicy('a script in a tag', 'name: !!js/function "function () {}"\n', '1 yaml-syntax'),
  inPolicy('a tag for octets', 'name: !!binary aGVsbG8=\n', '1 yaml-syntax'),
  inPolicy('merge keys', `effective: &e { from: 2026-09-07 }\n<<: *e\n${policy()}`, '2 key-unknown'),
  inJson('JSON with a comment', '{\n  // a comment\n  "name": "a"\n}\n', '2 yaml-syntax'),
  inJson('JSON with a comma too many', '{\n  "name": "a",\n}\n', '3 yaml-syntax'),
  inJson('JSON without an end', '{ "name": ', '1 yaml-syntax'),
  inJson('JSON with __proto__', '{\n"__proto__": { "name": "a" },\n"name": "a" }', ...MISSING, '2 key-unknown'),
];

const VALUES: readonly HostileFolder[] = [
  inPolicy(
    'keys of JavaScript objects',
    policy({ more: '__proto__: { name: b }\nconstructor: 1\ntoString: 2\n' }),
    '7 key-unknown',
    '8 key-unknown',
    '9 key-unknown',
  ),
  inPolicy(
    'null everywhere',
    'name:\nmode: ~\npriority: null\nwhen:\nstages:\n',
    ...[1, 2, 3, 4, 5].map((line) => `${line} type-wrong`),
  ),
  inPolicy('the number 1e999', policy().replace('100', '1e999'), '3 type-wrong'),
  inPolicy('a number of 400 digits', policy().replace('100', `1${'0'.repeat(400)}`), '3 type-wrong'),
  inPolicy('not a number', policy().replace('100', '.nan'), '3 type-wrong'),
  inPolicy(
    'yes, off and 010, which YAML 1.1 reads otherwise',
    policy().replace('example', 'yes').replace('enforce', 'off').replace('100', '010'),
  ),
  inPolicy(
    'dates, which YAML 1.1 reads otherwise',
    policy({ more: 'effective: { from: 2026-09-07, until: 2027-09-07T08:00:00Z }\n' }),
  ),
  inPolicy(
    'a version without quotes',
    policy({ when: '{ all: [{ fact: server.version, operator: versionIn, value: 15.10 }] }' }),
    '4 version-unquoted',
  ),
  {
    what: 'versions of builds without quotes',
    files: {
      'a.builds.yaml': 'products:\n  - name: a\n    versions: 15.1\n    builds:\n      - { name: b, version: 15.10 }\n',
    },
    findings: ['3 version-unquoted', '5 version-unquoted'],
  },
  inPolicy(
    '100,000 open braces in a reply',
    policy({ more: `replies: { block: "550 5.7.230 ${'{'.repeat(100_000)}" }\n` }),
    ...lines(7, 'reply-placeholder', 0),
  ),
  inPolicy(
    '10,000 stages of one name',
    policy({ more: each(10_000, () => '  - { name: report, after: 0d }\n') }),
    ...lines(7, 'name-duplicate'),
  ),
];

const CONDITIONS: readonly HostileFolder[] = [
  comparing(
    'a fact and an operator of JavaScript objects',
    'fact: __proto__, operator: constructor, value: x',
    '4 fact-unknown',
    '4 operator-unknown',
  ),
  inPolicy('a reference to __proto__', policy({ when: '{ condition: __proto__ }' }), '4 condition-unknown'),
  comparing(
    'a path with a script',
    'fact: helo, operator: equal, value: a, path: "$..[?(@.constructor.constructor(1)())]"',
    '4 condition-path',
  ),
  comparing('a regular expression made to backtrack', 'fact: helo, operator: matches, value: "^(a+)+$"'),
  comparing(
    'repetitions in repetitions',
    'fact: helo, operator: matches, value: "(((a{30}){30}){30}){30}"',
    '4 regex-syntax',
  ),
  comparing(
    'a regular expression of 400,000 characters',
    `fact: helo, operator: matches, value: "${'a?'.repeat(200_000)}"`,
    '4 regex-syntax',
  ),
  comparing(
    'a regular expression of 400 groups in each other',
    `fact: helo, operator: matches, value: "${'('.repeat(400)}a${')'.repeat(400)}"`,
  ),
  comparing(
    'ten thousand decorators',
    `fact: helo, operator: "${'not:'.repeat(10_000)}equal", value: a`,
    '4 operator-misfit',
  ),
  comparing('a list of 45,000 names', `fact: helo, operator: in, value: [${each(45_000, (index) => `a${index},`)}]`),
  comparing(
    'a list of 45,000 numbers for names',
    `fact: helo, operator: in, value: [${each(45_000, (index) => `${index},`)}]`,
    '4 condition-value',
  ),
  comparing(
    'a list of 45,000 names that excludes another comparison',
    `fact: helo, operator: in, value: [${each(60_000, (index) => `a${index},`)}] }, { fact: helo, operator: equal, value: b`,
    '1 policy-unmatchable',
  ),
  inPolicy(
    '8,000 comparisons',
    policy({ when: `{ any: [${each(8_000, (index) => `{fact: helo, operator: equal, value: a${index}},`)}] }` }),
  ),
  inPolicy(
    '8,000 wrong comparisons',
    policy({ when: `{ any: [\n${each(8_000, () => ' {fact: hilo, operator: eqal, value: a},\n')} ] }` }),
    ...lines(5, 'fact-unknown', 1, 100),
    ...lines(5, 'operator-unknown', 1, 100),
  ),
  {
    what: 'a circle of 1,000 conditions',
    files: { 'a.conditions.yaml': conditions(1000, (index) => `{ not: { condition: c${(index + 1) % 1000} } }`) },
    findings: ['2 condition-cycle'],
  },
  {
    what: 'a chain of 6,000 conditions',
    files: {
      'a.conditions.yaml': `${conditions(6_000, (index) => `{ not: { condition: c${index + 1} } }`)}  - { name: c6000, when: { all: [${OURS}] } }\n`,
      'a.policy.yaml': policy({ when: '{ condition: c0 }' }),
    },
    findings: ['a.conditions.yaml:5874 document-limits'],
  },
  {
    what: 'conditions that double 60 times',
    files: {
      'a.conditions.yaml': conditions(60, (index) =>
        index === 0 ? `{ all: [${OURS}] }` : `{ all: [{ condition: c${index - 1} }, { condition: c${index - 1} }] }`,
      ),
      'a.policy.yaml': policy({ when: '{ condition: c59 }' }),
    },
    findings: ['a.conditions.yaml:17 document-limits'],
  },
  {
    what: 'conditions that double 12 times',
    files: {
      'a.conditions.yaml': conditions(12, (index) =>
        index === 0 ? `{ all: [${OURS}] }` : `{ all: [{ condition: c${index - 1} }, { condition: c${index - 1} }] }`,
      ),
      'a.policy.yaml': policy({ when: '{ condition: c11 }' }),
    },
    findings: [],
  },
];

const SETS: readonly HostileFolder[] = [
  {
    what: '10,000 networks and 10,000 certificate names',
    files: {
      'a.connectors.yaml': `connectors:\n  - name: a\n    type: Partner\n    match:\n      networks: [${each(10_000, (index) => `10.${index >> 8}.${index & 255}.0/24,`)}]\n      tlsNames: [${each(10_000, (index) => `a${index}.example,`)}]\n`,
      'a.policy.yaml': policy({
        when: '{ all: [{ fact: connector.name, operator: equal, value: a }, { fact: connector.type, operator: equal, value: Internet }] }',
      }),
    },
    findings: ['a.policy.yaml:1 policy-unmatchable'],
  },
  {
    what: '300 policies of one priority that do not conflict',
    files: Object.fromEntries(
      Array.from({ length: 300 }, (_, index) => [
        `p${index}.policy.yaml`,
        policy({
          when: `{ all: [{ fact: helo, operator: equal, value: p${index}.example }, { fact: client.name, operator: matches, value: a }] }`,
          more: `help: https://p${index}.example\n`,
        }).replace('example', `p${index}`),
      ]),
    ),
    findings: [],
  },
];

const INVARIANTS: readonly HostileFolder[] = [
  {
    what: '4,000 invariants over 60 policies that overlap',
    files: {
      'a.invariants.yaml': `invariants:\n${each(4_000, (index) => `  - { name: i${index}, ${index % 2 === 0 ? 'newerIsNeverWorse: {}' : 'ladder: { severityNeverFalls: true }'} }\n`)}`,
      'a.builds.yaml': `products:\n  - { name: a, versions: 15.x, builds: [${each(200, (index) => `{ name: b${index}, version: 15.1.${index >> 3}.${index} },`)}] }\n`,
      ...Object.fromEntries(
        Array.from({ length: 60 }, (_, index) => [
          `p${index}.policy.yaml`,
          policy({
            when: `{ all: [{ fact: server.version, operator: versionIn, value: '<15.1.${index >> 1}' }, { fact: client.address, operator: inNetwork, value: 10.${index}.0.0/16 }] }`,
          })
            .replace('example', `p${index}`)
            .replace('priority: 100', `priority: ${index + 1}`)
            .replace(STAGES, 'stages: [{ name: blocked, after: 0d, block: always }]\n'),
        ]),
      ),
    },
    findings: [],
  },
  {
    what: 'keys of JavaScript objects in an invariant',
    files: {
      'a.invariants.yaml':
        'invariants:\n  - { name: a, ladder: { policies: [__proto__, constructor], severityNeverFalls: true } }\n  - { name: b, __proto__: {} }\n',
    },
    findings: ['2 value-unknown', '2 value-unknown', '3 key-unknown', '3 invariant-shape'],
  },
];

export const HOSTILE_FOLDERS: readonly HostileFolder[] = [
  ...DOCUMENTS,
  ...VALUES,
  ...CONDITIONS,
  ...SETS,
  ...INVARIANTS,
];

function nested(levels: number): string {
  return `${'{ not: '.repeat(levels - 2)}{ all: [${OURS}] }${' }'.repeat(levels - 2)}`;
}

/** As many findings of one code as are told of a file, from a line on. */
function lines(first: number, code: string, step = 1, count = 200): string[] {
  return Array.from({ length: count }, (_, index) => `${first + index * step} ${code}`);
}
