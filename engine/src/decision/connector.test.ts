import { describe, expect, it } from 'vitest';
import { policySetOf } from '../policy/policy-text.fixture.js';
import { connectorAt, connectorOf, trustsHeaders } from './connector.js';
import { ConnectorIndex, connectorTables } from './diagram/connector-index.js';
import { factsFrom } from './sample-policies.fixture.js';

const { connectors } = policySetOf({
  'x.connectors.yaml': `
connectors:
  - { name: wide, type: Partner, match: { networks: [192.0.0.0/16, "2001:db8::/32"] } }
  - { name: narrow, type: OnPremises, match: { networks: [192.0.2.0/24] } }
  - { name: named, type: Partner, match: { tlsNames: [mail.example.org] } }
  - { name: below, type: Partner, match: { tlsNames: ["*.example.org"] } }
  - { name: deeper, type: Partner, match: { tlsNames: ["*.eu.example.org"] } }
  - { name: pinned, type: Partner, match: { tlsFingerprints: ["AB:CD"] } }
  - { name: rest, type: Internet }
`,
});
const index = new ConnectorIndex(connectorTables(connectors));

describe('the connector of a connection', () => {
  it.each([
    [{ 'client.address': '192.0.2.9' }, 'narrow'],
    [{ 'client.address': '192.0.3.9' }, 'wide'],
    [{ 'client.address': '::ffff:192.0.2.9' }, 'narrow'],
    [{ 'client.address': '2001:db8::1' }, 'wide'],
    [{ 'client.address': '203.0.113.9' }, 'rest'],
    [{}, 'rest'],
    [{ 'tls.name': 'mail.example.org' }, 'named'],
    [{ 'tls.name': 'MX.Example.org' }, 'below'],
    [{ 'tls.name': 'a.b.example.org' }, 'below'],
    [{ 'tls.name': 'a.eu.example.org' }, 'deeper'],
    [{ 'tls.name': 'eu.example.org' }, 'below'],
    [{ 'tls.name': 'example.org' }, 'rest'],
    [{ 'tls.name': 'badexample.org' }, 'rest'],
    [{ 'tls.name': 'mail.example.org', 'tls.verified': 'true', 'client.address': '192.0.2.9' }, 'named'],
    [{ 'tls.name': 'mail.example.org', 'tls.verified': 'false', 'client.address': '192.0.2.9' }, 'narrow'],
    [{ 'tls.fingerprint': 'AB:CD', 'tls.name': 'mail.example.org', 'client.address': '192.0.2.9' }, 'pinned'],
    [{ 'tls.fingerprint': 'ab:cd' }, 'pinned'],
    [{ 'tls.fingerprint': 'AB:CD:EF', 'client.address': '192.0.2.9' }, 'narrow'],
    [{ 'connector.name': 'wide', 'tls.fingerprint': 'AB:CD' }, 'wide'],
    [{ 'connector.name': 'unheard-of', 'client.address': '192.0.2.9' }, 'narrow'],
    [{ 'connector.type': 'OnPremises' }, 'narrow'],
    [{ 'connector.type': 'Partner', 'client.address': '203.0.113.9' }, 'wide'],
    [{ 'connector.type': 'Partner', 'client.address': '192.0.2.9' }, 'narrow'],
    [{ 'connector.name': 'unheard-of', 'connector.type': 'Internet' }, 'rest'],
  ])('with %j is %s', (facts, expected) => {
    const told = factsFrom(facts);
    expect(connectorOf(connectors, told).name).toBe(expected);
    expect(connectorAt(connectors, index.find(told)).name).toBe(expected);
  });

  it('does not depend on their order', () => {
    const reversed = [...connectors].reverse();
    const names = ['mail.example.org', 'mx.example.org', 'a.eu.example.org'].map((name) => ({ 'tls.name': name }));
    const addresses = ['192.0.2.9', '192.0.3.9', '203.0.113.9'].map((address) => ({ 'client.address': address }));
    for (const told of [...names, ...addresses]) {
      const facts = factsFrom(told);
      expect(connectorOf(reversed, facts).name).toBe(connectorOf(connectors, facts).name);
    }
  });

  it('is the built-in one of type Internet where none is declared for the rest', () => {
    expect(connectorOf([], {})).toMatchObject({ name: 'internet', type: 'Internet', identity: 'address' });
  });
});

describe('a version in a header', () => {
  it('counts only where certificate or network show who the peer is', () => {
    const trusting = connectors.filter(trustsHeaders).map(({ name }) => name);
    expect(trusting).toEqual(['wide', 'narrow', 'named', 'below', 'deeper', 'pinned']);
    expect(trustsHeaders(connectorOf([], {}))).toBe(false);
  });
});
