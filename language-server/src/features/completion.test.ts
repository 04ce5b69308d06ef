import { describe, expect, it } from 'vitest';
import type { CompletionItem, TextEdit } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { inSet, withCaret } from '../workspace/document.fixture.js';
import { completion } from './completion.js';
import { NAMES } from './names.fixture.js';

/** What is proposed at the caret `¦` in a file of a set that declares names. */
function propose(marked: string, path = 'x.policy.yaml', hasSnippets = false) {
  const { text, position } = withCaret(marked);
  const context = inSet({ ...NAMES, [path]: text }, path);
  const items = completion(context, position, hasSnippets);
  return {
    labels: items.map(({ label }) => label),
    /** The text once an item is taken. */
    taken: (label: string) =>
      applied(
        text,
        items.find((each) => each.label === label),
      ),
    items,
  };
}

function applied(text: string, item: CompletionItem | undefined): string {
  if (item === undefined) throw new Error('there is no such item');
  return TextDocument.applyEdits(TextDocument.create('file:///x', 'yaml', 1, text), [item.textEdit as TextEdit]);
}

const HEAD = 'name: x\nmode: enforce\npriority: 1\n';

describe('keys', () => {
  it.each([
    ['name: x\n¦\nmode: off\n', 'x.policy.yaml', ['priority', 'when', 'stages'], ['name', 'mode']],
    [`${HEAD}when:\n  ¦\n`, 'x.policy.yaml', ['all', 'any', 'not', 'condition', 'fact'], ['operator', 'value', 'path']],
    [`${HEAD}when:\n  all:\n    - ¦\n`, 'x.policy.yaml', ['fact', 'condition'], ['operator']],
    [`${HEAD}when:\n  all:\n    - { fact: helo, ¦ }\n`, 'x.policy.yaml', ['operator', 'value'], ['fact', 'all']],
    [`${HEAD}when:\n  all:\n    - fact: helo\n      ¦\n`, 'x.policy.yaml', ['operator', 'value'], ['fact', 'any']],
    [`${HEAD}stages:\n  - { name: a, ¦`, 'x.policy.yaml', ['after', 'throttle', 'block'], ['name']],
    ['{\n  "name": "x",\n  "m¦"\n}\n', 'x.policy.json', ['mode', 'priority'], ['name']],
    ['{\n  "name": "x",\n  ¦\n}\n', 'x.policy.json', ['mode', 'priority'], ['name']],
    ['{ "when": { "all": [ { "fact": "helo", ¦', 'x.policy.json', ['operator', 'value'], ['fact']],
    ['connectors:\n  - name: a\n    ¦\n', 'x.connectors.yaml', ['type', 'match', 'identity'], ['name']],
    ['exemptions:\n  - ¦\n', 'x.exemptions.yaml', ['name', 'whom', 'until'], []],
  ])('of %j in %s', (marked, path, expected, others) => {
    const { labels } = propose(marked, path);
    expect(labels).toEqual(expect.arrayContaining(expected));
    for (const other of others) expect(labels).not.toContain(other);
  });

  it.each([
    ['name: x\npri¦\n', 'x.policy.yaml', 'priority', 'name: x\npriority: \n'],
    ['{ "na¦" }', 'x.policy.json', 'name', '{ "name" }'],
    ['{ ¦ }', 'x.policy.json', 'name', '{ "name":  }'],
    ['name: x\nmo¦: off\n', 'x.policy.yaml', 'mode', 'name: x\nmode: off\n'],
  ])('taken in %j', (marked, path, label, expected) => {
    expect(propose(marked, path).taken(label)).toBe(expected);
  });

  it('bring what stands behind them as a snippet', () => {
    const { items } = propose('name: x\n¦\n', 'x.policy.yaml', true);
    const textOf = (label: string) =>
      (items.find((each) => each.label === label)?.textEdit as TextEdit | undefined)?.newText;
    expect(textOf('stages')).toBe('stages:\n  - $0');
    expect(textOf('when')).toBe('when:\n  $0');
    expect(textOf('priority')).toBe('priority: ');
  });
});

const COMPARING = (inside: string) => `${HEAD}when:\n  all:\n    - { ${inside} }\n`;

describe('values', () => {
  it.each([
    ['a fact', COMPARING('fact: ser¦'), ['server.version', 'helo'], []],
    ['a fact in block style', `${HEAD}when:\n  all:\n    - fact: ¦\n`, ['server.version'], []],
    [
      'an operator that fits',
      COMPARING('fact: server.version, operator: ¦'),
      ['versionIn', 'exists', 'not:'],
      ['equal', 'inDomain', 'someFact:'],
    ],
    ['an operator of a list', COMPARING('fact: server.tags, operator: ¦'), ['contains', 'someFact:'], ['equal']],
    ['a connector', COMPARING('fact: connector.name, operator: equal, value: ¦'), ['partner', 'internet'], ['old']],
    ['a connector in a list', COMPARING('fact: connector.name, operator: in, value: [partner, ¦]'), ['internet'], []],
    ['a connector type', COMPARING('fact: connector.type, operator: equal, value: ¦'), ['OnPremises', 'Partner'], []],
    ['a product', COMPARING('fact: server.product, operator: equal, value: ¦'), ['Mailer'], []],
    ['a boolean', COMPARING('fact: tls.verified, operator: equal, value: ¦'), ['true', 'false'], []],
    ['a date', COMPARING('fact: time, operator: after, value: ¦'), ['2026-09-08'], []],
    ['whether it exists', COMPARING('fact: helo, operator: exists, value: ¦'), ['true', 'false'], []],
    ['a shared condition', COMPARING('condition: ¦'), ['outdated'], ['partner']],
    ['a mode', 'mode: ¦\n', ['enforce', 'report', 'off'], []],
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
  ])('%s', (_what, marked, expected, others) => {
    const { labels } = propose(marked);
    expect(labels).toEqual(expect.arrayContaining(expected));
    for (const other of others) expect(labels).not.toContain(other);
  });

  it.each([
    ['x.policy.json', '{ "mode": "en¦" }', 'enforce', '{ "mode": "enforce" }'],
    [
      'x.policy.json',
      '{ "when": { "all": [{ "fact": "server.su¦" }] } }',
      'server.supported',
      '{ "when": { "all": [{ "fact": "server.supported" }] } }',
    ],
    [
      'x.policy.yaml',
      COMPARING('fact: server.version, operator: versionIn, value: "< ¦"'),
      'Mailer 2 SP1',
      COMPARING(`fact: server.version, operator: versionIn, value: "< 'Mailer 2 SP1'"`),
    ],
    [
      'x.policy.yaml',
      COMPARING(`fact: server.version, operator: versionIn, value: '< "Mai¦"'`),
      'Mailer 2 SP1',
      COMPARING(`fact: server.version, operator: versionIn, value: '< "Mailer 2 SP1"'`),
    ],
    [
      'x.policy.yaml',
      COMPARING('fact: server.version, operator: versionIn, value: ">=1.0 <2.¦"'),
      '2.1.0.0',
      COMPARING('fact: server.version, operator: versionIn, value: ">=1.0 <2.1.0.0"'),
    ],
    [
      'x.policy.yaml',
      `${HEAD}replies:\n  throttle: "450 4.7.230 at {ga¦} now"\n`,
      '{gateway}',
      `${HEAD}replies:\n  throttle: "450 4.7.230 at {gateway} now"\n`,
    ],
    [
      'x.policy.yaml',
      `${HEAD}replies:\n  throttle: "450 4.7.230 at ¦"\n`,
      '{gateway}',
      `${HEAD}replies:\n  throttle: "450 4.7.230 at {gateway}"\n`,
    ],
    [
      'x.policy.yaml',
      COMPARING('fact: server.version, operator: not:ver¦'),
      'versionIn',
      COMPARING('fact: server.version, operator: not:versionIn'),
    ],
    [
      'x.invariants.yaml',
      'invariants:\n  - name: a\n    covered: { connectors: [par¦] }\n',
      'partner',
      'invariants:\n  - name: a\n    covered: { connectors: [partner] }\n',
    ],
  ])('taken in %s: %j', (path, marked, label, expected) => {
    expect(propose(marked, path).taken(label)).toBe(expected);
  });

  it('are not proposed in comments', () => {
    expect(propose('# mode: ¦\nname: x\n').labels).toEqual([]);
  });

  it('are all explained', () => {
    for (const marked of [
      '¦',
      'mode: ¦\n',
      COMPARING('fact: ¦'),
      COMPARING('fact: server.version, operator: versionIn, value: "¦"'),
    ]) {
      for (const { documentation } of propose(marked).items)
        expect(documentation).toMatchObject({ kind: 'markdown', value: expect.stringMatching(/./) });
    }
  });
});

describe('snippets', () => {
  it('make a whole policy in an empty file, without errors', () => {
    const text = propose('¦').taken('policy');
    const { snapshot } = inSet({ ...NAMES, 'x.policy.yaml': text }, 'x.policy.yaml');
    const findings = snapshot.reading.findings.filter(
      ({ file, severity }) => file === 'x.policy.yaml' && severity === 'error',
    );
    expect(findings).toEqual([]);
  });

  it.each(['connectors', 'conditions', 'exemptions', 'invariants', 'builds'])('make a whole %s file', (kind) => {
    const path = `x.${kind}.yaml`;
    const text = propose('¦', path).taken(kind);
    const { snapshot } = inSet({ [path]: text }, path);
    expect(snapshot.reading.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  it('make a ladder of stages behind a dash', () => {
    const text = propose(`${HEAD}when: { condition: outdated }\nstages:\n- ¦\n`).taken('ladder of stages');
    const { snapshot } = inSet({ ...NAMES, 'x.policy.yaml': text }, 'x.policy.yaml');
    expect(snapshot.reading.sound.policies.find(({ name }) => name === 'x')).toMatchObject({ stages: { length: 8 } });
  });
});

describe('at every place', () => {
  it.each(Object.keys(NAMES))('of %s, whole or cut off, something or nothing is proposed', (path) => {
    const text = NAMES[path] ?? '';
    for (let at = 0; at <= text.length; at++) {
      for (const marked of [`${text.slice(0, at)}¦${text.slice(at)}`, `${text.slice(0, at)}¦`]) {
        for (const { textEdit, label } of propose(marked, path).items) {
          expect(label).not.toBe('');
          const { range } = textEdit as TextEdit;
          expect(range.start.line).toBe(range.end.line);
        }
      }
    }
  });
});
