import { describe, expect, it } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { inSet, withCaret } from '../workspace/document.fixture.js';
import { linkedEditingRanges } from './linked-editing.js';
import { NAMES } from './names.fixture.js';
import { prepareRename, rename } from './rename.js';

function at(path: string, found: string) {
  const { position } = withCaret((NAMES[path] ?? '').replace(found, `${found}¦`));
  return { context: inSet(NAMES, path), position };
}

/** The lines that a rename changes, as they are after it. */
function changedLines(path: string, found: string, newName: string): string[] {
  const { context, position } = at(path, found);
  const { changes = {} } = rename(context, position, newName);
  return Object.entries(changes).flatMap(([uri, edits]) => {
    const file = uri.slice(uri.lastIndexOf('/') + 1);
    const before = NAMES[file] ?? '';
    const after = TextDocument.applyEdits(TextDocument.create(uri, 'yaml', 1, before), edits).split('\n');
    return after.filter((line, index) => line !== before.split('\n')[index]).map((line) => `${file}: ${line.trim()}`);
  });
}

describe('renaming', () => {
  it('a connector changes all files', () => {
    expect(changedLines('a.policy.yaml', '[partner', 'supplier')).toEqual([
      'd.connectors.yaml: - name: supplier',
      'a.policy.yaml: - { fact: connector.name, operator: in, value: [supplier, "internet"] }',
      'e.invariants.yaml: covered: { connectors: [supplier], products: [Mailer] }',
    ]);
  });

  it.each([
    ['a policy', 'a.policy.yaml', 'name: old', 'outdated', 'expect: { policy: outdated }, '],
    ['a connector', 'd.connectors.yaml', 'name: partner', 'supplier', 'facts: { connector.name: supplier }, '],
  ])('%s changes the tests that mention it', (_what, path, found, newName, changed) => {
    const text = `tests:
  - name: it
    cases: [{ facts: { connector.name: partner }, expect: { policy: old }, at: 2026-10-01 }]
`;
    const { position } = withCaret((NAMES[path] ?? '').replace(found, `${found}¦`));
    const { changes = {} } = rename(inSet({ ...NAMES, 'g.test.yaml': text }, path), position, newName);
    const [, edits = []] = Object.entries(changes).find(([uri]) => uri.endsWith('/g.test.yaml')) ?? [];
    expect(TextDocument.applyEdits(TextDocument.create('g', 'yaml', 1, text), edits)).toContain(changed);
  });

  it('a shared condition changes YAML and JSON', () => {
    expect(changedLines('c.conditions.yaml', 'name: outdated', 'old-ones')).toEqual([
      'c.conditions.yaml: - name: old-ones',
      'a.policy.yaml: - condition: old-ones',
      'b.policy.json: "when": { "condition": "old-ones" },',
    ]);
  });

  it('a stage changes its policy only', () => {
    expect(changedLines('a.policy.yaml', 'advanceTo: late', 'blocked')).toEqual([
      'a.policy.yaml: - { name: blocked, after: 30d, block: always }',
      'a.policy.yaml: - { refusals: 10, within: 24h, advanceTo: blocked }',
    ]);
  });

  it('keeps quotes, and adds them where YAML would read a number', () => {
    expect(changedLines('d.connectors.yaml', 'name: internet', '2016')).toEqual([
      'd.connectors.yaml: - name: "2016"',
      'a.policy.yaml: - { fact: connector.name, operator: in, value: [partner, "2016"] }',
    ]);
  });

  it('a build changes the ranges that name it', () => {
    expect(changedLines('f.builds.yaml', 'name: Mailer 2', 'Mailer 2 Update 1')).toEqual([
      'f.builds.yaml: - { name: Mailer 2 Update 1, version: "2.1" }',
      `a.policy.yaml: - { fact: server.version, operator: versionIn, value: '< "Mailer 2 Update 1"' }`,
    ]);
  });

  it.each([
    ['a name that is none', 'c.conditions.yaml', 'name: outdated', 'Old Ones', /lower-case letters/],
    ['a name that is taken', 'd.connectors.yaml', 'name: partner', 'internet', /Another connector is named internet/],
    ['what has no name', 'a.policy.yaml', 'mode: enforce', 'x', /Nothing that has a name/],
    ['a build to one with quotes', 'f.builds.yaml', 'name: Mailer 2', 'a "b"', /without quotes/],
  ])('refuses %s', (_what, path, found, newName, message) => {
    const { context, position } = at(path, found);
    expect(() => rename(context, position, newName)).toThrow(message);
  });

  it('begins with the name as it is', () => {
    const { context, position } = at('a.policy.yaml', '"internet');
    const { range, placeholder } = prepareRename(context, position);
    expect([placeholder, context.document.text.getText(range)]).toEqual(['internet', 'internet']);
  });
});

describe('linked editing', () => {
  it('is offered for names that live in one file', () => {
    const { context, position } = at('a.policy.yaml', 'advanceTo: late');
    const texts = linkedEditingRanges(context, position)?.ranges.map((range) => context.document.text.getText(range));
    expect(texts).toEqual(['late', 'late']);
  });

  it('is not offered for names that other files mention', () => {
    const { context, position } = at('c.conditions.yaml', 'name: outdated');
    expect(linkedEditingRanges(context, position)).toBeUndefined();
  });
});
