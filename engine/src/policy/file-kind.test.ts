import { describe, expect, it } from 'vitest';
import { FILE_KINDS, fileKindOf, nearestFileKind } from './file-kind.js';

describe('the kind of a file', () => {
  it.each([
    ['exchange-2007.policy.yaml', 'policy'],
    ['a.b.connectors.yml', 'connectors'],
    ['deep/er/x.conditions.json', 'conditions'],
    ['x.exemptions.yaml', 'exemptions'],
    ['x.invariants.yaml', 'invariants'],
    ['x.builds.yaml', 'builds'],
    ['x.test.yaml', 'test'],
  ])('of %s is %s', (path, kind) => {
    expect(fileKindOf(path)).toBe(kind);
  });

  it.each([
    'README.md',
    'policy.txt',
    'a.policy.yaml.bak',
    'a.policy',
    'a.policy.toml',
    'my-policy.yaml',
    'mypolicy.yaml',
    'a.Policy.yaml',
    'a.policies.yaml',
    'a.policy.yaml/x.txt',
    'package.json',
    'docker-compose.yml',
  ])('is not told by the name %s', (path) => {
    expect(fileKindOf(path)).toBeUndefined();
  });

  it.each([
    ['a.polcy.yaml', 'policy'],
    ['a.policies.yml', 'policy'],
    ['a.POLICY.YAML', 'policy'],
    ['my-policy.yaml', 'policy'],
    ['my_policy.yaml', 'policy'],
    ['a.connector.yaml', 'connectors'],
    ['a.condition.json', 'conditions'],
    ['a.exemption.yaml', 'exemptions'],
    ['a.invariant.yaml', 'invariants'],
    ['a.build.yaml', 'builds'],
    ['a.tests.yaml', 'test'],
    ['package.json', undefined],
    ['a.values.yaml', undefined],
    ['README.md', undefined],
  ])('was probably meant by %s: %s', (path, kind) => {
    expect(nearestFileKind(path)).toBe(kind);
  });

  it('is told by the name of its own file kind in each format', () => {
    for (const kind of FILE_KINDS) {
      for (const format of ['yaml', 'yml', 'json']) expect(fileKindOf(`x.${kind}.${format}`)).toBe(kind);
    }
  });
});
