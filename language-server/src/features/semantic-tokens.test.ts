import { describe, expect, it } from 'vitest';
import type { Range } from 'vscode-languageserver';
import { inSet } from '../workspace/document.fixture.js';
import { MAILER } from './mailer.fixture.js';
import { decodeTokens } from './semantic-tokens.fixture.js';
import { semanticTokens } from './semantic-tokens.js';

/** `text type` for each token, with `+` and the modifiers; keys are left out. */
function tokens(path: string, text: string, range?: Range): string[] {
  const context = inSet({ ...MAILER, [path]: text }, path);
  return decodeTokens(semanticTokens(context, range))
    .filter(({ type }) => type !== 'property')
    .map(({ range: at, type, modifiers }) =>
      [context.document.text.getText(at), type, ...modifiers.map((each) => `+${each}`)].join(' '),
    );
}

describe('semantic tokens', () => {
  it('tell names, values and their parts apart', () => {
    expect(tokens('old.policy.yaml', MAILER['old.policy.yaml'] ?? '')).toEqual([
      'old class +declaration',
      'enforce enumMember',
      '2026-01-01 number',
      'ours function',
      'server.version variable +readonly',
      'versionIn operator',
      '< operator',
      '"Mailer 2 SP1" type',
      'report enumMember +declaration',
      '0d number',
      'slow enumMember +declaration',
      '30d number',
      '5m/h number',
      '10m/h number',
      'blocked enumMember +declaration',
      '45d12h number',
      'always number',
      '24h number',
      'blocked enumMember',
      '450 number',
      '4.7.230 number',
      '{server} parameter',
      '{build} parameter',
      '{throttle.minutes} parameter',
      '{next.date} parameter',
      '550 number',
      '5.7.230 number',
      '{server} parameter',
      '{connector} parameter',
      '{help} parameter',
    ]);
  });

  it('are keys where these are known, and only there', () => {
    const context = inSet({ 'x.policy.yaml': 'name: a\nnam: b\nwhen: { al: [] }\n' }, 'x.policy.yaml');
    const keys = decodeTokens(semanticTokens(context)).filter(({ type }) => type === 'property');
    expect(keys.map(({ range }) => context.document.text.getText(range))).toEqual(['name', 'when']);
  });

  it.each([
    [
      'a.connectors.yaml',
      ['inside interface +declaration', 'OnPremises enumMember', '192.0.2.0/24 number', '"2001:db8::/32" number'],
    ],
    ['a.exemptions.yaml', ['fax event +declaration', 'ours function', '2026-12-31 number']],
    ['a.invariants.yaml', ['gentle struct +declaration', 'old class', '30d number', '20m/h number']],
  ])('of %s', (path, expected) => {
    expect(tokens(path, MAILER[path] ?? '')).toEqual(expected);
  });

  it.each([
    [
      'decorators',
      'x.policy.yaml',
      'when: { all: [{ fact: helo, operator: not:someValue:equal, value: [a] }] }',
      ['helo variable +readonly', 'not decorator', 'someValue decorator', 'equal operator'],
    ],
    [
      'a range in JSON',
      'x.policy.json',
      '{ "when": { "all": [{ "fact": "server.version", "operator": "versionIn", "value": ">=1.x || \\"Mailer 2 SP1\\"" }] } }',
      [
        '"server.version" variable +readonly',
        'versionIn operator',
        '>= operator',
        '1.x number',
        '|| operator',
        '\\"Mailer 2 SP1\\" type',
      ],
    ],
    [
      'a regular expression',
      'x.policy.yaml',
      'when: { all: [{ fact: helo, operator: matches, value: "^a" }] }',
      ['helo variable +readonly', 'matches operator', '"^a" regexp'],
    ],
    [
      'a reply that is folded over lines, in CRLF',
      'x.policy.yaml',
      'replies:\r\n  block: >-\r\n    550 5.7.230 ä 😀\r\n    {gateway} {nothing}\r\n',
      ['550 number', '5.7.230 number', '{gateway} parameter'],
    ],
    [
      'a text over several lines, line by line',
      'x.policy.yaml',
      'when:\n  all:\n    - fact: helo\n      operator: matches\n      value: "a\n\n        b"\n',
      ['helo variable +readonly', 'matches operator', '"a regexp', 'b" regexp'],
    ],
    ['words that are not known', 'x.policy.yaml', 'when: { all: [{ fact: nothing, operator: equals, value: 1 }] }', []],
    [
      'an anchor',
      'a.connectors.yaml',
      'connectors: [{ match: &m {} }, { match: *m }]',
      ['m macro +declaration', 'm macro'],
    ],
  ])('of %s', (_, path, text, expected) => {
    expect(tokens(path, text)).toEqual(expected);
  });

  it('are those of the lines that are asked for', () => {
    const range = { start: { line: 10, character: 30 }, end: { line: 11, character: 0 } };
    expect(tokens('old.policy.yaml', MAILER['old.policy.yaml'] ?? '', range)).toEqual([
      'report enumMember +declaration',
      '0d number',
      'slow enumMember +declaration',
      '30d number',
      '5m/h number',
      '10m/h number',
    ]);
  });
});
