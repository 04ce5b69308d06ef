import { describe, expect, it } from 'vitest';
import { inSet, withCaret } from '../workspace/document.fixture.js';
import { NAMES } from './names.fixture.js';
import { signatureHelp } from './signature-help.js';

function help(marked: string, path = 'x.policy.yaml') {
  const { text, position } = withCaret(marked);
  return signatureHelp(inSet({ ...NAMES, [path]: text }, path), position);
}

/** The form that is becoming, and the part of it that is being typed. */
function typed(marked: string, path?: string) {
  const { signatures = [], activeSignature = 0, activeParameter = 0 } = help(marked, path) ?? {};
  const { label, parameters } = signatures[activeSignature] ?? {};
  return [label, parameters?.[activeParameter ?? 0]?.label];
}

const IN_RANGE = (text: string) => `when: { all: [{ fact: server.version, operator: versionIn, value: "${text}" }] }\n`;
const IN_JSON = (text: string) =>
  `{ "when": { "all": [{ "fact": "server.version", "operator": "versionIn", "value": "${text}" }] } }\n`;

describe('a version range', () => {
  it.each([
    ['¦', 'MAJOR.MINOR.x', 'MAJOR'],
    ['8¦', 'MAJOR.MINOR.x', 'MAJOR'],
    ['8.¦', 'MAJOR.MINOR.x', 'MINOR'],
    ['<¦', '< VERSION', 'VERSION'],
    ['<15.1¦', '< VERSION', 'VERSION'],
    ['>=15.0 ¦', '>=FROM <TO', 'TO'],
    ['>=15.0 <15.1¦', '>=FROM <TO', 'TO'],
    ['14.3.123 ¦', 'FROM - TO', 'FROM'],
    ['14.3.123 - ¦', 'FROM - TO', 'TO'],
    ['8.x |¦', 'RANGE || OTHER', 'OTHER'],
    ['8.x || ¦', 'RANGE || OTHER', 'OTHER'],
    ['8.x || <¦', '< VERSION', 'VERSION'],
    [`< 'Mailer 2¦`, '< "BUILD"', 'BUILD'],
  ])('%j is becoming %s', (text, label, part) => {
    expect(typed(IN_RANGE(text))).toEqual([label, part]);
    expect(typed(IN_JSON(text), 'x.policy.json')).toEqual([label, part]);
  });

  it('tells how many known builds it holds', () => {
    const { signatures = [], activeSignature = 0 } = help(IN_RANGE('<3¦')) ?? {};
    expect(signatures[activeSignature]?.documentation).toMatchObject({
      value: expect.stringContaining('1 of 1 known'),
    });
  });

  it('is explained half typed, in the block style and with CRLF', () => {
    const lines = ['when:', '  all:', '    - fact: server.version', '      operator: versionIn', '      value: "<1¦'];
    expect(typed(lines.join('\r\n'))).toEqual(['< VERSION', 'VERSION']);
    expect(typed([...lines.slice(0, -1), '      value: >=1.0 <¦', 'stages: []'].join('\n'))).toEqual([
      '>=FROM <TO',
      'TO',
    ]);
  });
});

describe('other texts with a grammar', () => {
  it.each([
    ['stages: [{ after: ¦ }]\n', '1w2d3h4m5s', '2d'],
    ['stages: [{ after: 30d¦ }]\n', '1w2d3h4m5s', '2d'],
    ['stages: [{ after: 1d12¦ }]\n', '1w2d3h4m5s', '3h'],
    ['stages: [{ throttle: 5¦ }]\n', 'MINUTESm/h', 'MINUTES'],
    ['stages: [{ block: al¦ }]\n', 'always', 'always'],
    ['effective: { from: 2026-0¦ }\n', 'YYYY-MM-DD', 'MM'],
    ['effective: { from: "2026-09-08T14¦" }\n', 'YYYY-MM-DDThh:mm:ssZ', 'hh:mm:ss'],
    ['replies: { throttle: "4¦" }\n', '4yz 4.SUBJECT.DETAIL TEXT', '4yz'],
    ['replies: { throttle: "450 4¦" }\n', '4yz 4.SUBJECT.DETAIL TEXT', '4.SUBJECT.DETAIL'],
    ['replies: { block: "550 5.7.230 Too {¦" }\n', '5yz 5.SUBJECT.DETAIL TEXT', 'TEXT'],
    ['when: { all: [{ fact: client.address, operator: inNetwork, value: [192.0.2.0/¦] }] }\n', 'ADDRESS/BITS', 'BITS'],
  ])('%j is becoming %s', (marked, label, part) => {
    expect(typed(marked)).toEqual([label, part]);
  });

  it.each(['na¦me: x\n', 'name: ¦\n', 'mode: enf¦\n', '# after: ¦\n', '¦'])('there is none in %j', (marked) => {
    expect(help(marked)).toBeUndefined();
  });
});
