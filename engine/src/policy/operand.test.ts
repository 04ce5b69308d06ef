import { describe, expect, it } from 'vitest';
import { type FactDefinition, factNamed } from './fact.js';
import { type OperandKind, type Pattern, type PlainOperand, readList, readOperand } from './operand.js';
import { version } from './version.js';

const BUILDS = {
  buildNames: ['CU23 Aug24SU'],
  buildNamed: (name: string) => (name === 'CU23 Aug24SU' ? { version: version(15, 1, 2507, 42) } : undefined),
  lists: () => undefined,
};

function read(kind: OperandKind, fact: string, plain: PlainOperand) {
  return readOperand(kind, factNamed(fact) as FactDefinition, plain, BUILDS);
}

describe('the right side of a comparison', () => {
  it.each<[OperandKind, string, PlainOperand, unknown]>([
    ['instant', 'time', '2026-09-08', Date.UTC(2026, 8, 8)],
    ['duration', 'server.build.age', '1d12h', 129_600_000],
    ['domains', 'helo', 'Example.ORG.', ['example.org']],
    ['domains', 'helo', ['a.example', 'b.example'], ['a.example', 'b.example']],
    ['text', 'tls.protocol', 'TLSv1', 'TLSv1'],
    ['text', 'helo', 'MX', 'mx'],
    ['value', 'connector.type', 'Partner', 'Partner'],
    ['value', 'helo', 'MX.example.', 'mx.example'],
    ['values', 'connector.type', ['Partner', 'Internet'], ['Partner', 'Internet']],
    ['values', 'message.size', [1, 2], [1, 2]],
    ['number', 'message.size', 0, 0],
    ['boolean', 'tls.verified', false, false],
  ])('%s for %s: %j is %j', (kind, fact, plain, expected) => {
    expect(read(kind, fact, plain)).toEqual({ ok: true, operand: expected });
  });

  it('names a build of the catalogue', () => {
    expect(read('version-range', 'server.version', '<"CU23 Aug24SU"')).toMatchObject({
      operand: { intervals: [{ to: [15, 1, 2507, 42] }] },
    });
  });

  it('is a list of networks, also where one is written', () => {
    expect(read('networks', 'client.address', '192.0.2.0/24')).toMatchObject({ operand: [{ text: '192.0.2.0/24' }] });
  });

  it.each<[OperandKind, string, PlainOperand, string, readonly number[]]>([
    ['version-range', 'server.version', 15.1, 'version-unquoted', []],
    ['version-range', 'server.version', null, 'condition-value', []],
    ['version-range', 'server.version', ['8.x'], 'condition-value', []],
    ['version-range', 'server.version', '>=16 <15', 'version-range-empty', []],
    ['version-range', 'server.version', '< "CU23 Aug24S"', 'build-unknown', []],
    ['instant', 'time', 'tomorrow', 'instant-syntax', []],
    ['instant', 'time', 20260908, 'instant-syntax', []],
    ['duration', 'server.build.age', '30 days', 'duration-syntax', []],
    ['networks', 'client.address', '192.0.2.1/24', 'network-syntax', []],
    ['networks', 'client.address', ['192.0.2.0/24', 'x'], 'network-syntax', [1]],
    ['networks', 'client.address', [], 'condition-value', []],
    ['networks', 'client.address', 7, 'condition-value', []],
    ['domains', 'helo', '*.example.org', 'domain-syntax', []],
    ['domains', 'helo', ['example.org', 'a b'], 'domain-syntax', [1]],
    ['pattern', 'helo', '(a', 'regex-syntax', []],
    ['pattern', 'helo', '(?=a)', 'regex-syntax', []],
    ['pattern', 'helo', '(a)\\1', 'regex-syntax', []],
    ['pattern', 'helo', 'a{1001}', 'regex-syntax', []],
    ['pattern', 'helo', 5, 'condition-value', []],
    ['text', 'helo', 5, 'condition-value', []],
    ['value', 'connector.type', 'onpremises', 'condition-value', []],
    ['value', 'tls.protocol', true, 'condition-value', []],
    ['values', 'tls.protocol', 'TLSv1', 'condition-value', []],
    ['values', 'tls.protocol', [], 'condition-value', []],
    ['values', 'tls.protocol', ['TLSv1', ['TLSv1.2']], 'condition-value', [1]],
    ['number', 'message.size', '10', 'condition-value', []],
    ['number', 'message.size', Number.POSITIVE_INFINITY, 'condition-value', []],
    ['number', 'message.size', Number.NaN, 'condition-value', []],
    ['boolean', 'tls.verified', 'true', 'condition-value', []],
    ['boolean', 'tls.verified', { a: 1 }, 'condition-value', []],
  ])('%s for %s: %j is refused as %s at %j', (kind, fact, plain, code, path) => {
    expect(read(kind, fact, plain)).toMatchObject({ ok: false, problem: { code, path } });
  });

  it.each<[OperandKind, string, PlainOperand, RegExp]>([
    ['version-range', 'server.version', '< "CU23 Aug24S"', /Did you mean CU23 Aug24SU\?/],
    ['value', 'connector.type', 'onpremises', /Did you mean OnPremises\?/],
    ['domains', 'helo', '*.example.org', /Write example\.org/],
    ['networks', 'client.address', '192.0.2.1/24', /first address/],
    ['pattern', 'helo', '(?=a)', /RE2/],
  ])('%s for %s: %j gets a hint', (kind, fact, plain, hint) => {
    expect(read(kind, fact, plain)).toMatchObject({ problem: { hint: expect.stringMatching(hint) } });
  });

  it('leads to the item of a nested list that is wrong', () => {
    const nested = (item: PlainOperand) =>
      readList(item as PlainOperand[], (each) => read('number', 'message.size', each));
    expect(readList([[1], [2, 'x']], nested)).toMatchObject({ ok: false, problem: { path: [1, 1] } });
  });

  it('finds an expression anywhere in a text, in time that grows with the text only', () => {
    const result = read('pattern', 'helo', '(a+)+$');
    const pattern = (result.ok ? result.operand : undefined) as Pattern;
    expect(pattern.test('xa')).toBe(true);
    expect(pattern.test(`${'a'.repeat(1024)}x`)).toBe(false);
  });
});
