import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Ajv, type ValidateFunction } from 'ajv';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { fileKindOf } from './file-kind.js';
import { readPolicyFolder } from './read-policy-folder.js';
import { SCHEMA_KINDS, type SchemaKind, schemaOf } from './schema.js';

const SAMPLES = await readPolicyFolder(fileURLToPath(new URL('../../../policies', import.meta.url)));

function published(kind: SchemaKind): string {
  return fileURLToPath(new URL(`../../schemas/${kind}.schema.json`, import.meta.url));
}

/** Compiles a published file as an editor would that knows nothing of Sluice. */
async function validatorOf(kind: SchemaKind): Promise<ValidateFunction> {
  return new Ajv({ strict: false }).compile(JSON.parse(await readFile(published(kind), 'utf8')));
}

const STAGES = [{ name: 'report', after: '0d' }];
const WHEN = { all: [{ fact: 'server.version', operator: 'versionIn', value: '8.x' }] };
const POLICY = { name: 'example', mode: 'enforce', priority: 1, when: WHEN, stages: STAGES };

const REFUSED: readonly { kind: SchemaKind; what: string; document: unknown }[] = [
  { kind: 'policy', what: 'a list', document: [POLICY] },
  { kind: 'policy', what: 'a key that is not known', document: { ...POLICY, ownr: 'me' } },
  { kind: 'policy', what: 'a policy without stages', document: { ...POLICY, stages: [] } },
  { kind: 'policy', what: 'a mode that is not known', document: { ...POLICY, mode: 'enforced' } },
  { kind: 'policy', what: 'a priority in quotes', document: { ...POLICY, priority: '1' } },
  { kind: 'policy', what: 'a name with a blank', document: { ...POLICY, name: 'a policy' } },
  {
    kind: 'policy',
    what: 'a fact that is not known',
    document: { ...POLICY, when: { all: [{ fact: 'x', operator: 'equal', value: 1 }] } },
  },
  { kind: 'policy', what: 'a path', document: { ...POLICY, when: { all: [{ ...WHEN.all[0], path: '$' }] } } },
  { kind: 'policy', what: 'an empty any', document: { ...POLICY, when: { any: [] } } },
  { kind: 'policy', what: 'a relapse that is not known', document: { ...POLICY, remediation: { relapse: 'reset' } } },
  { kind: 'connectors', what: 'no connectors', document: {} },
  { kind: 'connectors', what: 'a type that is not known', document: { connectors: [{ name: 'a', type: 'Public' }] } },
  { kind: 'conditions', what: 'a condition without a name', document: { conditions: [{ when: WHEN }] } },
  {
    kind: 'exemptions',
    what: 'an exemption without an end',
    document: { exemptions: [{ name: 'a', whom: WHEN, reason: 'b', grantedBy: 'c' }] },
  },
  {
    kind: 'invariants',
    what: 'a ladder that may fall',
    document: { invariants: [{ name: 'a', ladder: { severityNeverFalls: false } }] },
  },
  {
    kind: 'invariants',
    what: 'coverage of no connector',
    document: { invariants: [{ name: 'a', covered: { products: ['b'] } }] },
  },
  {
    kind: 'test',
    what: 'a fact that is not known',
    document: { tests: [{ name: 'a', facts: { 'server.verison': '8.3' }, expect: 'report' }] },
  },
  { kind: 'test', what: 'an action that is not known', document: { tests: [{ name: 'a', expect: { action: 'no' } }] } },
  {
    kind: 'builds',
    what: 'a version without quotes',
    document: { products: [{ name: 'a', versions: '8.x', builds: [{ name: 'b', version: 8.3 }] }] },
  },
];

describe.each(SCHEMA_KINDS)('schemas/%s.schema.json', (kind) => {
  test('is the schema that the check uses', async () => {
    await expect(`${JSON.stringify(schemaOf(kind), null, 2)}\n`).toMatchFileSnapshot(published(kind));
  });

  test('is a JSON Schema of draft-07', async () => {
    const schema = JSON.parse(await readFile(published(kind), 'utf8'));
    expect(schema.$schema).toBe('http://json-schema.org/draft-07/schema#');
    expect(new Ajv().validateSchema(schema)).toBe(true);
  });

  test('accepts the files of its kind in the sample policy set', async () => {
    const validate = await validatorOf(kind);
    const samples = SAMPLES.filter(({ path }) => fileKindOf(path) === kind);
    expect(samples.length).toBeGreaterThan(0);
    for (const { path, content } of samples) {
      const document: unknown = parse(new TextDecoder().decode(content as Uint8Array));
      expect({ path, isValid: validate(document), errors: validate.errors }).toMatchObject({ isValid: true });
    }
  });

  test.each(REFUSED.filter((each) => each.kind === kind))('refuses $what', async ({ document }) => {
    expect((await validatorOf(kind))(document)).toBe(false);
  });
});

test('the policy that the refused ones differ from is accepted', async () => {
  expect((await validatorOf('policy'))(POLICY)).toBe(true);
});
