import { parseVersionRange } from '@sluice/engine/policy/version-range.js';
import { describe, expect, it } from 'vitest';
import { InsertTextFormat, type TextEdit } from 'vscode-languageserver';
import { parse } from 'yaml';
import { propose, typedOf } from './completion.fixture.js';

const HEAD = 'name: x\nmode: enforce\npriority: 1\n';
const CONDITION = `${HEAD}when:\n  all:\n`;
/** A policy with a comparison in the flow style, in the block style, and as JSON. */
const COMPARING = (inside: string) => `${CONDITION}    - { ${inside} }\n`;
const BLOCK = (...lines: readonly string[]) => `${CONDITION}    - ${lines.join('\n      ')}\n`;
const JSON_COMPARING = (inside: string) => `{ "when": { "all": [{ ${inside} }] } }`;

describe('keys', () => {
  it.each([
    ['name: x\n¦\nmode: off\n', 'x.policy.yaml', ['priority', 'when', 'stages'], ['name', 'mode']],
    ['name: x\n¦\r\nmode: off\r\n', 'x.policy.yaml', ['priority', 'when', 'stages'], ['name', 'mode']],
    [`${HEAD}when:\n  ¦\n`, 'x.policy.yaml', ['all', 'any', 'not', 'condition'], ['fact', 'operator', 'comparison']],
    [`${HEAD}when:\n  al¦\n`, 'x.policy.yaml', ['all', 'any'], ['fact']],
    [`${CONDITION}    - ¦\n`, 'x.policy.yaml', ['fact', 'condition', 'comparison'], ['operator', 'value', 'path']],
    [COMPARING('fact: helo, ¦'), 'x.policy.yaml', ['operator', 'value'], ['fact', 'all']],
    [COMPARING('¦ fact: helo'), 'x.policy.yaml', ['operator', 'value'], ['fact', 'all']],
    [COMPARING('fact: helo, operator: equal, value: { ¦ }'), 'x.policy.yaml', ['fact'], ['operator', 'all']],
    [BLOCK('fact: helo', '¦'), 'x.policy.yaml', ['operator', 'value'], ['fact', 'any']],
    [BLOCK('op¦', 'fact: helo'), 'x.policy.yaml', ['operator', 'value'], ['fact', 'any']],
    [`${HEAD}stages:\n  - { name: a, ¦`, 'x.policy.yaml', ['after', 'throttle', 'block'], ['name']],
    [`${HEAD}stages:\n  - { name: a, ¦\n  - { name: b }\nowner: me\n`, 'x.policy.yaml', ['after', 'block'], ['name']],
    [`${HEAD}remediation:\n  relapse:\n    ¦\n`, 'x.policy.yaml', ['restart', 'resume'], []],
    ['{\n  "name": "x",\n  "m¦"\n}\n', 'x.policy.json', ['mode', 'priority'], ['name']],
    ['{\n  "name": "x",\n  "m¦\n}\n', 'x.policy.json', ['mode', 'priority'], ['name']],
    ['{\n\t"name": "x",\n\t¦\n}\n', 'x.policy.json', ['mode', 'priority'], ['name']],
    ['{ "when": { "all": [ { "fact": "helo", ¦', 'x.policy.json', ['operator', 'value'], ['fact']],
    ['connectors:\n  - name: a\n    ¦\n', 'x.connectors.yaml', ['type', 'match', 'identity'], ['name']],
    ['exemptions:\n  - ¦\n', 'x.exemptions.yaml', ['name', 'whom', 'until'], []],
  ])('of %j in %s', (marked, path, expected, others) => {
    const { labels } = propose(marked, path);
    expect(labels).toEqual(expect.arrayContaining(expected));
    for (const other of others) expect(labels).not.toContain(other);
  });

  it.each([
    ['tests:\n  - { name: a, ¦ }\n', ['facts', 'expect', 'timeline'], ['name']],
    ['tests:\n  - { name: a, expect: { policy: ¦ } }\n', ['old', 'other'], ['late']],
    ['tests:\n  - { name: a, expect: { stage: ¦ } }\n', ['report', 'late'], ['old']],
    ['tests:\n  - { name: a, expect: { action: ¦ } }\n', ['accept', 'throttle', 'block'], []],
    ['tests:\n  - { name: a, expect: { wouldBe: ¦ } }\n', ['accept', 'throttle', 'block'], ['null']],
    ['tests:\n  - { name: a, facts: { server.v¦ } }\n', ['server.version'], []],
    ['facts: { connector.name: ¦ }\n', ['partner', 'other'], ['old']],
  ])('and values of tests in %j', (marked, expected, others) => {
    const { labels } = propose(marked, 'x.test.yaml');
    expect(labels).toEqual(expect.arrayContaining(expected));
    for (const other of others) expect(labels).not.toContain(other);
  });

  it.each([
    ['name: x\npri¦\n', 'x.policy.yaml', 'priority', 'name: x\npriority: \n'],
    ['name: x\nmo¦: off\n', 'x.policy.yaml', 'mode', 'name: x\nmode: off\n'],
    ['name: x\n"mo¦": off\n', 'x.policy.yaml', 'mode', 'name: x\n"mode": off\n'],
    ['name: x\nst¦\nmode: off\n', 'x.policy.yaml', 'stages', 'name: x\nstages:\n  - \nmode: off\n'],
    ['when: ¦\n', 'x.policy.yaml', 'all', 'when:\n  all:\n    - \n'],
    [`${CONDITION}    - an¦\n`, 'x.policy.yaml', 'any', `${CONDITION}    - any:\n        - \n`],
    ['when: { ¦ }\n', 'x.policy.yaml', 'any', 'when: { any: [] }\n'],
    ['when: { all: [¦] }\n', 'x.policy.yaml', 'fact', 'when: { all: [{ fact:  }] }\n'],
    ['{ "na¦" }', 'x.policy.json', 'name', '{ "name": "" }'],
    ['{ ¦ }', 'x.policy.json', 'name', '{ "name": "" }'],
    ['{ "mo¦": "off" }', 'x.policy.json', 'mode', '{ "mode": "off" }'],
    ['{\n  "m¦\n  "name": "x"\n}', 'x.policy.json', 'when', '{\n  "when": {},\n  "name": "x"\n}'],
    ['{\n  "name": "x"\n  ¦\n}', 'x.policy.json', 'stages', '{\n  "name": "x",\n  "stages": []\n}'],
    ['{ "stages": [¦] }', 'x.policy.json', 'name', '{ "stages": [{ "name": "" }] }'],
    ['{ "stages": ¦ }', 'x.policy.json', 'name', '{ "stages": [{ "name": "" }] }'],
    ['{ "stages": [{ "name": "a" } ¦] }', 'x.policy.json', 'name', '{ "stages": [{ "name": "a" }, { "name": "" }] }'],
  ])('taken in %j of %s', (marked, path, label, expected) => {
    expect(propose(marked, path).taken(label)).toBe(expected);
  });

  it.each([
    ['stages', 'stages:\n  - $1'],
    ['when', 'when:\n  $1'],
    ['priority', 'priority: $1'],
    ['mode', `mode: \${1|enforce,report,off|}`],
  ])('bring what stands behind them as a snippet: %s', (label, expected) => {
    const item = propose('name: x\n¦\n', 'x.policy.yaml', true).itemOf(label);
    expect((item.textEdit as TextEdit).newText).toBe(expected);
    expect(item.insertTextFormat).toBe(InsertTextFormat.Snippet);
  });

  it.each([
    ['fact: server.version, operator: versionIn, ¦', 'value: "$1"'],
    ['fact: connector.name, operator: in, ¦', 'value: [$1]'],
    ['fact: helo, operator: someValue:equal, ¦', 'value: [$1]'],
    ['fact: helo, operator: exists, ¦', `value: \${1|true,false|}`],
    ['fact: message.size, operator: lessThan, ¦', 'value: $1'],
  ])('bring the kind of value that the operator takes: %s', (inside, expected) => {
    const item = propose(COMPARING(inside), 'x.policy.yaml', true).itemOf('value');
    expect((item.textEdit as TextEdit).newText).toBe(expected);
  });

  it('that are required come first', () => {
    const { items } = propose('name: x\n¦\n');
    const sorted = items.toSorted((a, b) => ((a.sortText ?? '') < (b.sortText ?? '') ? -1 : 1));
    expect(sorted.slice(0, 4).map(({ label }) => label)).toEqual(['mode', 'priority', 'when', 'stages']);
  });
});

describe('values', () => {
  it.each([
    ['a fact', COMPARING('fact: ser¦'), ['server.version', 'helo'], []],
    ['a fact in block style', BLOCK('fact: ¦'), ['server.version'], []],
    ['a fact before its operator', BLOCK('fact: ¦', 'operator: equal'), ['server.version'], []],
    ['a fact to compare with', COMPARING('fact: helo, operator: equal, value: { fact: ¦ }'), ['client.name'], ['time']],
    [
      'an operator that fits',
      COMPARING('fact: server.version, operator: ¦'),
      ['versionIn', 'exists', 'not:'],
      ['equal', 'inDomain', 'someFact:'],
    ],
    ['an operator of a list', COMPARING('fact: server.tags, operator: ¦'), ['contains', 'someFact:'], ['equal']],
    [
      'an operator of its items',
      COMPARING('fact: server.tags, operator: someFact:¦'),
      ['equal'],
      ['exists', 'someFact:'],
    ],
    ['an operator behind a decorator', COMPARING('fact: helo, operator: not:¦'), ['inDomain'], ['exists', 'versionIn']],
    ['a connector', COMPARING('fact: connector.name, operator: equal, value: ¦'), ['partner', 'internet'], ['old']],
    [
      'one more connector',
      COMPARING('fact: connector.name, operator: in, value: [partner, ¦]'),
      ['internet'],
      ['partner'],
    ],
    ['a connector type', COMPARING('fact: connector.type, operator: equal, value: ¦'), ['OnPremises', 'Partner'], []],
    ['a product', COMPARING('fact: server.product, operator: equal, value: ¦'), ['Mailer'], []],
    ['a build', COMPARING('fact: server.build, operator: equal, value: Mailer 2 ¦'), ['Mailer 2 SP1'], []],
    ['a tag', COMPARING('fact: server.tags, operator: contains, value: ¦'), ['known'], []],
    ['a TLS version', COMPARING('fact: tls.protocol, operator: equal, value: ¦'), ['TLSv1.2'], []],
    ['a network', COMPARING('fact: client.address, operator: inNetwork, value: ¦'), ['192.0.2.0/24'], []],
    ['a boolean', COMPARING('fact: tls.verified, operator: equal, value: ¦'), ['true', 'false'], []],
    ['a date', COMPARING('fact: time, operator: after, value: ¦'), ['2026-09-08', '2026-10-08'], []],
    ['a duration', COMPARING('fact: server.build.age, operator: longerThan, value: ¦'), ['90d'], []],
    ['whether it exists', COMPARING('fact: helo, operator: exists, value: ¦'), ['true', 'false'], []],
    ['a shared condition', COMPARING('condition: ¦'), ['outdated'], ['partner']],
    ['a mode', 'mode: ¦\n', ['enforce', 'report', 'off'], []],
    ['a rate', `${HEAD}stages:\n  - { name: a, after: 0d, block: ¦ }\n`, ['5m/h', 'always'], []],
    ['the first stage', `${HEAD}stages:\n  - { name: a, after: ¦ }\n`, ['0d', '30d'], ['24h']],
    ['a short time', `${HEAD}thresholds:\n  - { within: ¦ }\n`, ['24h'], ['30d']],
    [
      'a stage',
      `${HEAD}stages:\n  - { name: late, after: 0d }\nthresholds:\n  - { advanceTo: ¦ }\n`,
      ['late'],
      ['report'],
    ],
    [
      'a version',
      COMPARING('fact: server.version, operator: versionIn, value: "<¦"'),
      ['2.1.0.0', 'Mailer 2 SP1', '2.x'],
      [],
    ],
    [
      'only a name in quotes',
      COMPARING(`fact: server.version, operator: versionIn, value: "< 'M¦"`),
      ['Mailer 2 SP1'],
      ['2.1.0.0'],
    ],
  ])('%s', (_what, marked, expected, others) => {
    const { labels } = propose(marked);
    expect(labels).toEqual(expect.arrayContaining(expected));
    for (const other of others) expect(labels).not.toContain(other);
  });

  it.each([
    ['ladder: { policies: [¦', ['old', 'other'], ['partner']],
    ['ladder:\n      policies:\n        - ¦\n', ['old', 'other'], ['partner']],
    ['covered: { connectors: [¦] }', ['partner'], ['old']],
    ['covered: { connectors: ¦ }', ['partner'], ['old']],
    ['newerIsNeverWorse: { products: [¦] }', ['Mailer'], ['old']],
  ])('names in an invariant: %j', (inside, expected, others) => {
    const { labels } = propose(`invariants:\n  - name: a\n    ${inside}`, 'x.invariants.yaml');
    expect(labels).toEqual(expect.arrayContaining(expected));
    for (const other of others) expect(labels).not.toContain(other);
  });

  it.each([
    ['{ "mode": "en¦" }', 'enforce', '{ "mode": "enforce" }'],
    ['{ "mode": ¦ }', 'enforce', '{ "mode": "enforce" }'],
    ['{ "mode": en¦ }', 'enforce', '{ "mode": "enforce" }'],
    ['{ "mode": "¦', 'enforce', '{ "mode": "enforce"'],
    ['{\n  "mode": "en¦\n  "name": "x"\n}', 'enforce', '{\n  "mode": "enforce",\n  "name": "x"\n}'],
    ['{\n  "mode": ¦\n  "name": "x"\n}', 'enforce', '{\n  "mode": "enforce",\n  "name": "x"\n}'],
    [JSON_COMPARING('"fact": "server.su¦"'), 'server.supported', JSON_COMPARING('"fact": "server.supported"')],
    [
      JSON_COMPARING('"fact": "tls.verified", "operator": "equal", "value": "¦"'),
      'true',
      JSON_COMPARING('"fact": "tls.verified", "operator": "equal", "value": true'),
    ],
    [
      JSON_COMPARING('"fact": "connector.name", "operator": "in", "value": ["partner" ¦]'),
      'internet',
      JSON_COMPARING('"fact": "connector.name", "operator": "in", "value": ["partner", "internet"]'),
    ],
    [JSON_COMPARING('"fact": "helo", "operator": ¦'), 'not:', JSON_COMPARING('"fact": "helo", "operator": "not:"')],
  ])('taken in JSON: %j', (marked, label, expected) => {
    expect(propose(marked, 'x.policy.json').taken(label)).toBe(expected);
  });

  it.each([
    [COMPARING('fact: helo, operator: not:in¦'), 'inDomain', COMPARING('fact: helo, operator: not:inDomain')],
    [COMPARING('fact: helo, operator: n¦'), 'not:', COMPARING('fact: helo, operator: not:')],
    [
      COMPARING('fact: connector.name, operator: in, value: ¦'),
      'partner',
      COMPARING('fact: connector.name, operator: in, value: [partner]'),
    ],
    ['name: x\nmode: ¦enforce\n', 'report', 'name: x\nmode: report\n'],
    [
      'invariants:\n  - name: a\n    covered: { connectors: [par¦] }\n',
      'partner',
      'invariants:\n  - name: a\n    covered: { connectors: [partner] }\n',
    ],
  ])('taken in YAML: %j', (marked, label, expected) => {
    const path = marked.startsWith('invariants') ? 'x.invariants.yaml' : 'x.policy.yaml';
    expect(propose(marked, path).taken(label)).toBe(expected);
  });

  it('are not proposed in comments', () => {
    expect(propose('# mode: ¦\nname: x\n').labels).toEqual([]);
    expect(propose('name: x # ¦\n').labels).toEqual([]);
  });

  it('are all explained', () => {
    const range = COMPARING('fact: server.version, operator: versionIn, value: "¦"');
    for (const marked of ['¦', 'mode: ¦\n', COMPARING('fact: ¦'), range, `${HEAD}stages:\n  - { after: ¦ }\n`]) {
      for (const { documentation } of propose(marked).items)
        expect(documentation).toMatchObject({ kind: 'markdown', value: expect.stringMatching(/./) });
    }
  });
});

describe('version ranges', () => {
  const range = (value: string) => COMPARING(`fact: server.version, operator: versionIn, value: ${value}`);
  const block = (value: string) => BLOCK('fact: server.version', 'operator: versionIn', `value: ${value}`);
  it.each([
    [range('"< ¦"'), 'Mailer 2 SP1', `< 'Mailer 2 SP1'`],
    [range(`'< "Mai¦"'`), 'Mailer 2 SP1', '< "Mailer 2 SP1"'],
    [range(`'< "Mailer 2¦'`), 'Mailer 2 SP1', '< "Mailer 2 SP1"'],
    [range('"< \\"Mai¦\\""'), 'Mailer 2 SP1', '< "Mailer 2 SP1"'],
    [range('">=1.0 <2.¦"'), '2.1.0.0', '>=1.0 <2.1.0.0'],
    [range('">=1.¦ <2.2"'), '2.1.0.0', '>=2.1.0.0 <2.2'],
    [range('¦'), 'Mailer 2 SP1', '"Mailer 2 SP1"'],
    [range('>=¦'), '2.1.0.0', '>=2.1.0.0'],
    [block('¦'), '2.1.0.0', '2.1.0.0'],
    [block('>=1.0 <¦'), '2.1.0.0', '>=1.0 <2.1.0.0'],
    [block('>=1.0 <2 || ¦'), 'Mailer 2 SP1', '>=1.0 <2 || "Mailer 2 SP1"'],
    [block(`'< "Mailer¦`), 'Mailer 2 SP1', '< "Mailer 2 SP1"'],
    [block('"<¦'), '2.x', '<2.x'],
  ])('taken in %j stand in the quotes that they need', (marked, label, expected) => {
    const { value } = (parse(propose(marked).taken(label)) as Parsed).when.all[0];
    expect(value).toBe(expected);
    expect(parseVersionRange(value, () => 1 as never).ok).toBe(true);
  });

  it('taken in JSON stand in the quotes that they need', () => {
    for (const typed of ['¦', '"¦"', '"< ¦"', '"< \\"¦"', '"< \\"Mai¦\\""', '"<¦']) {
      const marked = JSON_COMPARING(`"fact": "server.version", "operator": "versionIn", "value": ${typed}`);
      const { value } = (JSON.parse(propose(marked, 'x.policy.json').taken('Mailer 2 SP1')) as Parsed).when.all[0];
      expect(value).toMatch(/^(?:< ?)?["']Mailer 2 SP1["']$/);
    }
  });

  interface Parsed {
    readonly when: { readonly all: readonly [{ readonly value: string }] };
  }
});

describe('replies', () => {
  const reply = (text: string) => `${HEAD}replies:\n  throttle: ${text}\n`;
  it.each([
    [reply('"450 4.7.230 at {ga¦} now"'), '{gateway}', reply('"450 4.7.230 at {gateway} now"')],
    [reply('"450 4.7.230 at {thr¦ottle.minutes} now"'), '{gateway}', reply('"450 4.7.230 at {gateway} now"')],
    [reply('"450 4.7.230 at ¦"'), '{gateway}', reply('"450 4.7.230 at {gateway}"')],
    [reply('"450 4.7.230 at ¦ now'), '{gateway}', reply('"450 4.7.230 at {gateway} now')],
    [reply('"450 4.7.230 é😀 {ga¦'), '{gateway}', reply('"450 4.7.230 é😀 {gateway}"')],
    [reply('450 4.7.230 at {ga¦'), '{gateway}', reply('"450 4.7.230 at {gateway}"')],
    [reply('>-\n    450 4.7.230\n    at {ga¦ now'), '{gateway}', reply('>-\n    450 4.7.230\n    at {gateway} now')],
    ['{ "replies": { "block": "550 5.7.230 {¦" } }', '{server}', '{ "replies": { "block": "550 5.7.230 {server}" } }'],
  ])('take placeholders in %j', (marked, label, expected) => {
    const path = marked.startsWith('{') ? 'x.policy.json' : 'x.policy.yaml';
    expect(propose(marked, path).taken(label)).toBe(expected);
  });

  it('are proposed whole where nothing is typed', () => {
    const { labels, taken } = propose(reply('¦'));
    const whole = labels.find((label) => label.startsWith('450 4.7.230')) ?? '';
    expect(parse(taken(whole))).toMatchObject({ replies: { throttle: whole } });
    expect(propose(reply('"450 ¦"')).labels).not.toContain(whole);
  });
});

describe('an item', () => {
  it.each([
    ['mode: en¦\n', 'x.policy.yaml', 'enforce'],
    ['{ "mode": "en¦" }', 'x.policy.json', 'enforce'],
    ['{ "mo¦" }', 'x.policy.json', 'mode'],
    [COMPARING('fact: helo, operator: not:in¦'), 'x.policy.yaml', 'inDomain'],
    [COMPARING('fact: server.version, operator: versionIn, value: <2.¦'), 'x.policy.yaml', '2.1.0.0'],
    [COMPARING(`fact: server.version, operator: versionIn, value: '< "Mailer 2¦"'`), 'x.policy.yaml', 'Mailer 2 SP1'],
    [COMPARING('fact: server.build, operator: equal, value: Mailer 2¦'), 'x.policy.yaml', 'Mailer 2 SP1'],
    [`${HEAD}replies:\n  throttle: "450 4.7.230 {ga¦"\n`, 'x.policy.yaml', '{gateway}'],
    [`${HEAD}replies:\n  throttle: 450 4.7.230 {ga¦\n`, 'x.policy.yaml', '{gateway}'],
  ])('is found by what is typed in %j of %s', (marked, path, label) => {
    const item = propose(marked, path).itemOf(label);
    expect(item.filterText?.startsWith(typedOf(marked, item))).toBe(true);
  });
});
