import { describe, expect, it } from 'vitest';
import { findingsOf, policySetOf } from './policy-text.fixture.js';
import { isForTheRest } from './read-connectors.js';

function connectorsOf(text: string) {
  return policySetOf({ 'x.connectors.yaml': text }).connectors;
}

describe('the connectors of a file', () => {
  it('are read with all that they have', () => {
    const [connector] = connectorsOf(`
connectors:
  - name: on-premises
    description: Our own servers.
    type: OnPremises
    match:
      networks: [192.0.2.0/24, "2001:DB8::/32"]
      tlsNames: [Mail.Example.ORG, "*.Example.org."]
      tlsFingerprints: ["ab:cd:ef"]
    identity: helo
    tags: [hybrid]
`);
    expect(connector).toMatchObject({
      name: 'on-premises',
      type: 'OnPremises',
      networks: [{ text: '192.0.2.0/24' }, { text: '2001:db8::/32' }],
      tlsNames: ['mail.example.org', '*.example.org'],
      tlsFingerprints: ['AB:CD:EF'],
      identity: 'helo',
      tags: ['hybrid'],
      source: { file: 'x.connectors.yaml', range: { start: { line: 3, column: 5 } } },
    });
  });

  it('tell servers apart by their Received fields, and strangers by their addresses', () => {
    const [known, rest] = connectorsOf(`
connectors:
  - { name: a, type: Partner, match: { networks: [192.0.2.0/24] } }
  - { name: internet, type: Internet }
`);
    expect([known?.identity, rest?.identity]).toEqual(['received-by', 'address']);
  });

  it('has one for all the rest: of type Internet, with nothing to match', () => {
    const connectors = connectorsOf(`
connectors:
  - { name: known, type: Internet, match: { networks: [192.0.2.0/24] } }
  - { name: rest, type: Internet, match: {} }
`);
    expect(connectors.filter(isForTheRest).map(({ name }) => name)).toEqual(['rest']);
  });

  it.each([
    ['{ name: a, type: OnPremises }', ['connector-open']],
    ['{ name: a, type: Partner, match: {} }', ['connector-open']],
    ['{ name: a, type: Partner, match: { networks: [192.0.2.1/24] } }', ['network-syntax']],
    ['{ name: a, type: Partner, match: { networks: [example.org] } }', ['network-syntax']],
    ['{ name: a, type: Partner, match: { tlsNames: ["a b"] } }', ['domain-syntax']],
    ['{ name: a, type: Partner, match: { tlsNames: ["*"] } }', ['domain-syntax']],
    ['{ name: a, type: Partner, match: { tlsNames: ["mail.*.example"] } }', ['domain-syntax']],
    ['{ name: a, type: partner, match: { networks: [192.0.2.0/24] } }', ['value-unknown']],
    ['{ name: a, type: Partner, match: { networks: [192.0.2.0/24] }, identity: ip }', ['value-unknown']],
    ['{ name: A, type: Internet }', ['name-syntax']],
    ['{ type: Internet }', ['key-missing']],
  ])('%s is refused', (connector, codes) => {
    const found = findingsOf({ 'x.connectors.yaml': `connectors: [ ${connector} ]\n` });
    expect(found.map((each) => each.split(' ')[1])).toEqual(expect.arrayContaining(codes));
  });

  it.each([
    ['networks: [192.0.2.0/24]', 'networks: ["::ffff:192.0.2.0/120"]'],
    ['tlsNames: [a.example]', 'tlsNames: [A.example.]'],
    ['tlsFingerprints: ["ab"]', 'tlsFingerprints: ["AB"]'],
  ])('%s and %s are one claim of two connectors', (one, other) => {
    const found = findingsOf({
      'x.connectors.yaml': `connectors:\n  - { name: a, type: Partner, match: { ${one} } }\n  - { name: b, type: Partner, match: { ${other} } }\n`,
    });
    expect(found).toEqual(['x.connectors.yaml:3:5 connector-overlap']);
  });

  it('may be nested: the longest network decides', () => {
    const found = findingsOf({
      'x.connectors.yaml':
        'connectors:\n  - { name: a, type: Partner, match: { networks: [192.0.2.0/24] } }\n  - { name: b, type: Partner, match: { networks: [192.0.2.0/25] } }\n',
    });
    expect(found).toEqual([]);
  });

  it('cannot be two for all the rest, nor two of one name', () => {
    const texts = {
      'a.connectors.yaml': 'connectors:\n  - { name: a, type: Internet }\n',
      'b.connectors.yaml':
        'connectors:\n  - { name: b, type: Internet }\n  - { name: a, type: Partner, match: { tlsNames: [a.example] } }\n',
    };
    expect(findingsOf(texts)).toEqual([
      'b.connectors.yaml:2:5 connector-overlap',
      'b.connectors.yaml:3:13 name-duplicate',
    ]);
  });
});
