import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from './clock.js';
import { inThreadReader } from './policy-reader.js';
import { type LoadOutcome, NoPoliciesError, PolicySource } from './policy-source.js';

let base: string;
let folder: string;
let outcomes: LoadOutcome[];
let source: PolicySource | undefined;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'sluice-policies-'));
  folder = join(base, 'policies');
  outcomes = [];
  source = undefined;
});

afterEach(async () => {
  await source?.close();
  await rm(base, { recursive: true, force: true });
});

function policy(name: string): string {
  return [
    `name: ${name}`,
    'mode: enforce',
    'priority: 1',
    "when: { all: [ { fact: server.version, operator: versionIn, value: '8.x' } ] }",
    'stages: [ { name: blocked, after: 0d, block: always } ]',
    '',
  ].join('\n');
}

async function fill(target: string, names: readonly string[]): Promise<void> {
  await mkdir(target, { recursive: true });
  for (const name of names) await writeFile(join(target, `${name}.policy.yaml`), policy(name));
}

async function open(pollMillis = 600_000): Promise<PolicySource> {
  source = await PolicySource.open({
    folder,
    settings: {},
    clock: systemClock,
    reader: inThreadReader,
    pollMillis,
    onOutcome: (outcome) => outcomes.push(outcome),
    onWatchError: (message) => {
      throw new Error(message);
    },
  });
  return source;
}

function names(): readonly string[] {
  return source?.current.policySet.policies.map((each) => each.name) ?? [];
}

/** Waits until the condition holds; the test's own time limit ends it. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await delay(10);
}

describe('a policy folder', () => {
  it('is loaded once at the start', async () => {
    await fill(folder, ['a', 'b']);
    await open();
    expect(names()).toEqual(['a', 'b']);
    expect(outcomes).toMatchObject([{ kind: 'loaded' }]);
  });

  it('that holds errors cannot be opened, and says which', async () => {
    await mkdir(folder);
    await writeFile(join(folder, 'a.policy.yaml'), 'name: a\nmode: enfroce\n');
    const error = await open().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(NoPoliciesError);
    expect((error as NoPoliciesError).findings.map((each) => each.code)).toContain('value-unknown');
  });

  it('that is missing or holds no policy cannot be opened', async () => {
    await expect(open()).rejects.toThrow('ENOENT');
    await mkdir(folder);
    await expect(open()).rejects.toThrow('holds no policy file');
  });
});

describe('an invariant that is violated', () => {
  const invariant = [
    'invariants:',
    '  - name: nobody-is-refused',
    "    protected: { all: [ { fact: server.version, operator: versionIn, value: '8.x' } ] }",
    '',
  ].join('\n');

  it('is told at the start, and does not keep the service from starting', async () => {
    await fill(folder, ['a']);
    await writeFile(join(folder, 'a.invariants.yaml'), invariant);
    await open();
    expect(names()).toEqual(['a']);
    expect(outcomes).toMatchObject([{ kind: 'loaded', findings: [{ code: 'invariant-violated' }] }]);
  });

  it('keeps a change from taking effect', async () => {
    await fill(folder, ['a']);
    await open();
    await writeFile(join(folder, 'a.invariants.yaml'), invariant);
    await until(() => outcomes.length === 2);
    expect(outcomes[1]).toMatchObject({ kind: 'refused', findings: [{ code: 'invariant-violated' }] });
  });
});

describe('a change on disk', () => {
  const changes: readonly (readonly [string, () => Promise<void>])[] = [
    ['an in-place write', () => writeFile(join(folder, 'a.policy.yaml'), policy('changed'))],
    [
      'an atomic rename',
      async () => {
        await writeFile(join(base, 'new'), policy('changed'));
        await rename(join(base, 'new'), join(folder, 'a.policy.yaml'));
      },
    ],
    [
      'two writes 30 ms apart, of which watchers report only the first',
      async () => {
        await writeFile(join(folder, 'a.policy.yaml'), policy('first'));
        await delay(30);
        await writeFile(join(folder, 'a.policy.yaml'), policy('changed'));
      },
    ],
    [
      'a file in a folder that is new',
      async () => {
        await rm(join(folder, 'a.policy.yaml'));
        await fill(join(folder, 'below'), ['changed']);
      },
    ],
    [
      'the folder removed and made anew',
      async () => {
        await rm(folder, { recursive: true });
        await fill(folder, ['changed']);
      },
    ],
  ];

  it.each(changes)('takes effect: %s', async (_what, change) => {
    await fill(folder, ['a']);
    await open();
    await change();
    await until(() => names().join() === 'changed');
  });

  it('takes effect again after the folder was removed and made anew', async () => {
    await fill(folder, ['a']);
    await open();
    await rm(folder, { recursive: true });
    await fill(folder, ['b']);
    await until(() => names().join() === 'b');
    await writeFile(join(folder, 'b.policy.yaml'), policy('c'));
    await until(() => names().join() === 'c');
  });

  it('takes effect where the folder is a symlink that is swapped, as a mounted ConfigMap does', async () => {
    await fill(join(base, 'one'), ['a']);
    await fill(join(base, 'two'), ['b']);
    await symlink('one', folder);
    await open();
    await symlink('two', join(base, 'next'));
    await rename(join(base, 'next'), folder);
    await until(() => names().join() === 'b');
  });

  it('takes effect where files are symlinks through ..data, as in a ConfigMap', async () => {
    await fill(join(folder, '..one'), ['a']);
    await symlink('..one', join(folder, '..data'));
    await symlink('..data/a.policy.yaml', join(folder, 'a.policy.yaml'));
    await open();
    expect(names()).toEqual(['a']);
    await fill(join(folder, '..two'), ['a']);
    await writeFile(join(folder, '..two', 'a.policy.yaml'), policy('b'));
    await symlink('..two', join(folder, '..next'));
    await rename(join(folder, '..next'), join(folder, '..data'));
    await rm(join(folder, '..one'), { recursive: true });
    await until(() => names().join() === 'b');
  });

  it('is found by the check of contents where no event tells of it: a link swapped outside the folder', async () => {
    await fill(join(base, 'one'), ['a']);
    await fill(join(base, 'two'), ['a']);
    await writeFile(join(base, 'two', 'a.policy.yaml'), policy('b'));
    await mkdir(folder);
    await mkdir(join(base, 'outside'));
    await symlink('../one', join(base, 'outside', 'current'));
    await symlink('../outside/current/a.policy.yaml', join(folder, 'a.policy.yaml'));
    await open(50);
    await symlink('../two', join(base, 'outside', 'next'));
    await rename(join(base, 'outside', 'next'), join(base, 'outside', 'current'));
    await until(() => names().join() === 'b');
  });
});

describe('a change that is wrong', () => {
  it('changes nothing, is told with its place, and the repair takes effect', async () => {
    await fill(folder, ['a']);
    const { current } = await open();
    await writeFile(join(folder, 'a.policy.yaml'), policy('a').replace('enforce', 'enfroce'));
    await until(() => outcomes.length === 2);
    expect(source?.current).toBe(current);
    expect(outcomes[1]).toMatchObject({
      kind: 'refused',
      findings: [{ file: 'a.policy.yaml', code: 'value-unknown', range: { start: { line: 2, column: 7 } } }],
    });
    await writeFile(join(folder, 'a.policy.yaml'), policy('repaired'));
    await until(() => names().join() === 'repaired');
    expect(source?.lastOutcome.kind).toBe('loaded');
  });

  it('that empties the folder changes nothing: it would let everything pass', async () => {
    await fill(folder, ['a']);
    await open();
    await rm(join(folder, 'a.policy.yaml'));
    await until(() => outcomes.length === 2);
    expect(outcomes[1]).toMatchObject({ kind: 'unreadable' });
    expect(names()).toEqual(['a']);
  });

  it('that is taken back leaves the same revision running and is told as loaded', async () => {
    await fill(folder, ['a']);
    const { current } = await open();
    await writeFile(join(folder, 'a.policy.yaml'), 'name: [');
    await until(() => source?.lastOutcome.kind === 'refused');
    await writeFile(join(folder, 'a.policy.yaml'), policy('a'));
    await until(() => source?.lastOutcome.kind === 'loaded');
    expect(source?.current.policySet.revision).toBe(current.policySet.revision);
  });
});
