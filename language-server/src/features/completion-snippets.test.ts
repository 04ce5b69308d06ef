import { describe, expect, it } from 'vitest';
import { inSet } from '../workspace/document.fixture.js';
import { propose } from './completion.fixture.js';
import { NAMES } from './names.fixture.js';

const HEAD = 'name: x\nmode: enforce\npriority: 1\nwhen: { condition: outdated }\n';
const KINDS = ['policy', 'connectors', 'conditions', 'exemptions', 'invariants', 'builds'];
const BEGINNINGS = [
  ...KINDS.map((kind) => [kind, `x.${kind}.yaml`, '¦'] as const),
  ...KINDS.map((kind) => [kind, `x.${kind}.yaml`, `# A file.\n${kind.slice(0, 2)}¦\n`] as const),
  ...KINDS.map((kind) => [kind, `x.${kind}.json`, '¦'] as const),
  ...KINDS.map((kind) => [kind, `x.${kind}.json`, '{\n  ¦\n}\n'] as const),
];

/** What is wrong in a file, beside what its examples name. */
function errorsIn(path: string, text: string) {
  const { snapshot } = inSet({ [path]: text }, path);
  return snapshot.reading.findings.filter(({ severity }) => severity === 'error');
}

describe('snippets', () => {
  it.each(BEGINNINGS)('make a whole %s file of %s from %j, without errors', (kind, path, marked) => {
    expect(errorsIn(path, propose(marked, path).taken(kind))).toEqual([]);
  });

  it.each([
    ['x.policy.yaml', `${HEAD}stages:\n- ¦\n`],
    ['x.policy.yaml', `${HEAD}stages:\n  - ¦\n`],
    ['x.policy.yaml', `${HEAD}stages:\n  ¦\n`],
    ['x.policy.yaml', `${HEAD}stages: ¦\n`],
    ['x.policy.yaml', `${HEAD}stages: [¦]\n`],
    ['x.policy.yaml', `${HEAD.replaceAll('\n', '\r\n')}stages:\r\n  - la¦\r\n`],
    [
      'x.policy.json',
      `{ "name": "x", "mode": "off", "priority": 1, "when": { "condition": "outdated" }, "stages": [¦] }`,
    ],
    [
      'x.policy.json',
      `{ "name": "x", "mode": "off", "priority": 1, "when": { "condition": "outdated" }, "stages": ¦ }`,
    ],
  ])('make a ladder of stages in %s: %j', (path, marked) => {
    const text = propose(marked, path).taken('ladder of stages');
    const { snapshot } = inSet({ ...NAMES, [path]: text }, path);
    expect(snapshot.reading.sound.policies.find(({ name }) => name === 'x')).toMatchObject({ stages: { length: 8 } });
  });

  it.each([
    ['x.connectors.yaml', 'connectors:\n  - ¦\n', 'connector'],
    ['x.connectors.yaml', 'connectors:\n  - { name: internet, type: Internet }\n  - c¦\n', 'connector'],
    ['x.exemptions.yaml', 'exemptions:\n  - ¦\n', 'exemption'],
    ['x.exemptions.json', '{ "exemptions": [¦] }', 'exemption'],
    ['x.conditions.yaml', 'conditions:\n  - ¦\n', 'shared condition'],
    ['x.invariants.yaml', 'invariants:\n  - ¦\n', 'ladder invariant'],
    ['x.invariants.yaml', 'invariants:\n  - ¦\n', 'protected invariant'],
    ['x.builds.yaml', 'products:\n  - ¦\n', 'product'],
    ['x.builds.yaml', 'products:\n  - name: P\n    versions: "1.x"\n    builds:\n      - ¦\n', 'build'],
  ])('make an item in %s: %j, %s', (path, marked, label) => {
    expect(errorsIn(path, propose(marked, path).taken(label))).toEqual([]);
  });

  it('are offered with places to fill in only to editors that have these', () => {
    expect(propose('¦', 'x.policy.yaml', true).itemOf('policy').textEdit).toMatchObject({
      newText: expect.stringMatching(/^name: \$\{1:x\}\n/),
    });
    for (const { textEdit } of propose('¦').items)
      expect(textEdit).toMatchObject({ newText: expect.not.stringMatching(/\$/) });
  });

  it('are offered no more once a file has begun', () => {
    expect(propose('name: x\n¦\n').labels).not.toContain('policy');
  });
});
