import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAPPABLE_FACTS } from './log-mapping.js';
import { readLogMapping } from './read-log-mapping.js';

function problemsOf(text: string, fileName = 'm.yaml'): readonly string[] {
  const result = readLogMapping(text, fileName);
  return result.ok ? [] : result.problems;
}

const CSV = 'format: csv\nat: time\nfacts:\n  client.address: ip\n';

describe('a mapping file', () => {
  it('tells the columns of a CSV', () => {
    const text = `${CSV}  server.version: exchange.build\nseparator: ";"\nid: "7"\noutcome: reply\nmoment: connection\n`;
    expect(readLogMapping(text, 'm.yaml')).toMatchObject({
      ok: true,
      mapping: {
        format: 'csv',
        separator: ';',
        moment: 'connection',
        at: { from: ['time'], format: 'rfc3339' },
        facts: { 'client.address': ['ip'], 'server.version': ['exchange.build'] },
        id: ['7'],
        outcome: { from: ['reply'] },
      },
    });
  });

  it('tells the keys of JSON Lines, nested and with dots of their own', () => {
    const text = `{
      "format": "json-lines",
      "at": { "from": "log.time", "format": "dd.MM.yyyy HH:mm", "zone": "Europe/Berlin" },
      "facts": { "client.address": "client.ip", "helo": ["smtp.helo"] },
      "outcome": { "from": "action", "rejected": ["Drop"] }
    }`;
    expect(readLogMapping(text, 'm.json')).toMatchObject({
      ok: true,
      mapping: {
        at: { from: ['log', 'time'], format: 'dd.MM.yyyy HH:mm', zone: 'Europe/Berlin' },
        facts: { 'client.address': ['client', 'ip'], helo: ['smtp.helo'] },
        outcome: { from: ['action'], accepted: expect.arrayContaining(['accepted']), rejected: ['drop'] },
      },
    });
  });

  it('reads as its page in the docs shows', () => {
    const page = readFileSync(new URL('../../../../docs/log-mapping.md', import.meta.url)).toString();
    const examples = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = '']) => text);
    expect(examples.length).toBeGreaterThan(1);
    for (const text of examples) expect(problemsOf(text)).toEqual([]);
    for (const name of MAPPABLE_FACTS) expect(page).toContain(`\`${name}\``);
  });

  it('takes a tab as separator', () => {
    expect(readLogMapping(`${CSV}separator: tab\n`, 'm.yaml')).toMatchObject({ mapping: { separator: '\t' } });
  });

  it.each<[string, string, RegExp[]]>([
    ['no YAML', 'format: [csv', [/^m\.yaml:\d+:\d+: This is not YAML/]],
    ['nothing', '', [/^m\.yaml:1:1: The file is empty/]],
    ['a list', '- a', [/^m\.yaml:1:1: A map was expected\. For example: format: csv/]],
    [
      'no keys that are needed',
      'id: x',
      [/The key format is missing/, /The key at is missing/, /The key facts is missing/],
    ],
    [
      'a key that is not known',
      `${CSV}seperator: x`,
      [/^m\.yaml:5:1: The key seperator is not known here\. Did you mean separator\?/],
    ],
    ['another format', CSV.replace('csv', 'json'), [/^m\.yaml:1:9: One of csv, json-lines was expected/]],
    [
      'a misspelt fact',
      `${CSV}  client.adress: x`,
      [/^m\.yaml:5:3: There is no fact client\.adress\. Did you mean client\.address\?/],
    ],
    [
      'a fact that is nothing like any',
      `${CSV}  zzzzzzzzzzzzzzzz: x`,
      [/There is no fact zzzzzzzzzzzzzzzz\. One of: client\.address, /],
    ],
    ['the instant as a fact', `${CSV}  time: x`, [/^m\.yaml:5:3: The instant is told by the key at/]],
    ['a fact that is worked out', `${CSV}  server.build: x`, [/server\.build is worked out/]],
    ['no facts', 'format: csv\nat: t\nfacts: {}', [/^m\.yaml:3:8: A map of facts was expected/]],
    ['a list as column', `${CSV}  helo: [a]`, [/^m\.yaml:5:9: The name of a column was expected/]],
    ['a key of nothing', 'format: json-lines\nat: a..b\nfacts: {helo: [1]}', [/^m\.yaml:3:15: A key was expected/]],
    [
      'a wrong pattern',
      'format: csv\nat: {from: t, format: HH:mm}\nfacts: {helo: h}',
      [/^m\.yaml:2:23: The pattern has no year, month and day/],
    ],
    [
      'a misspelt named format',
      'format: csv\nat: {from: t, format: epoch-second}\nfacts: {helo: h}',
      [/Did you mean epoch-seconds\?/],
    ],
    [
      'no such zone',
      'format: csv\nat: {from: t, zone: Mars/X}\nfacts: {helo: h}',
      [/^m\.yaml:2:21: The name of a time zone was expected/],
    ],
    ['a long separator', `${CSV}separator: ab`, [/^m\.yaml:5:12: One ASCII character was expected/]],
    ['a separator of JSON', `${CSV.replace('csv', 'json-lines')}separator: ;`, [/Only a CSV has a separator/]],
    ['no list of words', `${CSV}outcome: {from: r, accepted: yes}`, [/A list of words was expected/]],
    [
      'a value within a value',
      'format: json-lines\nat: a\nfacts: {helo: a.b}',
      [/a cannot be a value where a\.b is one/],
    ],
  ])('with %s is refused, with the place and what to do', (_, text, problems) => {
    const told = problemsOf(text);
    expect(told).toHaveLength(problems.length);
    for (const [index, problem] of problems.entries()) expect(told[index]).toMatch(problem);
  });

  it('of any text gives a mapping or problems', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), (text) => {
        for (const name of ['m.yaml', 'm.json']) {
          const result = readLogMapping(text, name);
          expect(result.ok || result.problems.length > 0).toBe(true);
        }
      }),
    );
  });
});
