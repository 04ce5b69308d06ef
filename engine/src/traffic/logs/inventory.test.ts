import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { epochMillis } from '../../policy/instant.js';
import { parseVersion } from '../../policy/version.js';
import type { Detection } from '../detection.js';
import { type FactTexts, factsFromText } from '../facts-from-text.js';
import { readInventory, withInventory } from './inventory.js';
import { type LogRecord, logRecord } from './log-record.js';

const CSV = `# from the asset database
Server,Version,Connector
EX1.corp.example.,15.1.2507.39,
ex2,15.2.1118.7,
192.0.2.3,15.0.1497.48,
2001:DB8:0::3,14.3.123.3,
shared,15.1.1.1,Branch A
shared,15.1.2.2,Branch B
branch,15.1.3.3,Branch A
`;

function inventoryOf(text: string) {
  const result = readInventory(Buffer.from(text), 'inventory.csv');
  if (!result.ok) throw new Error(result.problems.join('\n'));
  return result.inventory;
}

function problemsOf(text: string | Buffer): readonly string[] {
  const result = readInventory(Buffer.from(text), 'inventory.csv');
  return result.ok ? [] : result.problems;
}

/** The version that a record has once it has gone through the inventory. */
function versionOf(facts: FactTexts, detection?: Detection): string | undefined {
  const records: LogRecord[] = [];
  const sink = withInventory((record) => records.push(record), inventoryOf(CSV));
  const known = { at: epochMillis(0), moment: 'message', facts: factsFromText(facts), file: 'log', line: 1 } as const;
  sink(logRecord({ ...known, detection }));
  return records[0]?.facts['server.version']?.join('.');
}

describe('an inventory', () => {
  it.each<[string, FactTexts, string | undefined]>([
    ['the name of the server', { 'server.name': 'ex1.corp.example' }, '15.1.2507.39'],
    ['the name in HELO', { helo: 'EX2' }, '15.2.1118.7'],
    ['the name of the client', { 'client.name': 'ex1.corp.example' }, '15.1.2507.39'],
    ['the address', { 'client.address': '::ffff:192.0.2.3' }, '15.0.1497.48'],
    ['the IPv6 address', { 'client.address': '2001:db8::0003' }, '14.3.123.3'],
    ['the server before HELO', { helo: 'ex2', 'server.name': 'ex1.corp.example' }, '15.1.2507.39'],
    ['HELO before the client', { 'client.name': 'ex1.corp.example', helo: 'ex2' }, '15.2.1118.7'],
    ['what is listed, where the first is not', { helo: 'other', 'client.address': '192.0.2.3' }, '15.0.1497.48'],
    ['nothing', { helo: 'ex3.corp.example', 'client.address': '192.0.2.4' }, undefined],
    ['the connector', { helo: 'shared', 'connector.name': 'Branch B' }, '15.1.2.2'],
    ['no other connector', { helo: 'shared', 'connector.name': 'Branch C' }, undefined],
    ['no connector where there are two', { helo: 'shared' }, undefined],
    ['the only connector', { helo: 'branch' }, '15.1.3.3'],
  ])('tells versions by %s', (_, facts, expected) => {
    expect(versionOf(facts)).toBe(expected);
  });

  it('leaves a version alone that the log told', () => {
    expect(versionOf({ helo: 'ex2', 'server.version': '15.2.1.1' })).toBe('15.2.1.1');
    const version = parseVersion('15.2.1.1');
    if (version === undefined) throw new Error('no version');
    const stamped = { version, id: '15.2.1.1', hop: 0, header: '' };
    expect(versionOf({ helo: 'ex2' }, { found: true, server: 'ex2', stamped })).toBeUndefined();
  });

  it('tells the version of a server that the headers name, but not its version', () => {
    expect(versionOf({ helo: 'ex2' }, { found: true, server: 'ex1.corp.example' })).toBe('15.1.2507.39');
  });

  it('may have a byte order mark, CRLF, semicolons, and its columns in any order', () => {
    const { servers } = inventoryOf('\uFEFFversion;note;server\r\n15.1.1.1;"a;b";ex1\r\n\r\n');
    expect([...servers]).toMatchObject([['ex1', [{ version: [15, 1, 1, 1], line: 2 }]]]);
  });

  it.each<[string, string | Buffer, RegExp[]]>([
    ['nothing', '', [/^inventory\.csv:1: The file is empty\. For example: server,version/]],
    ['no column of the server', 'host,version\nex1,15.1.1.1', [/^inventory\.csv:1: The header has no column server/]],
    ['a misspelt column', 'server,verson\n', [/no column version\. Is it verson\?/]],
    ['no version', 'server,version\nex1,CU23\nex2,15.1.1.1', [/^inventory\.csv:2: "CU23" is no version; one such as/]],
    ['no server', 'server,version\n,15.1.1.1', [/^inventory\.csv:2: The line names no server/]],
    [
      'a server twice',
      'server,version\nex1,15.1.1.1\nEX1.,15.1.1.2',
      [/^inventory\.csv:3: EX1\. stands in line 2 already/],
    ],
    ['an open quote', 'server,version\n"ex1,15.1.1.1', [/^inventory\.csv:2: The line has a quote that is not closed/]],
    ['another encoding', Buffer.from([0xff, 0xfe, 0x41]), [/^inventory\.csv is not UTF-8/]],
  ])('with %s is refused, with the line', (_, text, problems) => {
    const told = problemsOf(text);
    expect(told).toHaveLength(problems.length);
    for (const [index, problem] of problems.entries()) expect(told[index]).toMatch(problem);
  });

  it('tells a bounded number of problems', () => {
    expect(problemsOf(`server,version\n${'ex1,none\n'.repeat(1000)}`)).toHaveLength(20);
  });

  it('of any octets is read or refused', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.boolean(), (octets, hasHeader) => {
        const text = Buffer.concat([Buffer.from(hasHeader ? 'server,version\n' : ''), octets]);
        const result = readInventory(text, 'inventory.csv');
        expect(result.ok || result.problems.length > 0).toBe(true);
      }),
    );
  });
});
