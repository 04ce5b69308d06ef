import { describe, expect, it } from 'vitest';
import type { ServerIdentity } from '../policy/policy-set.js';
import { connectorOf } from './connector.js';
import { factsFrom } from './sample-policies.fixture.js';
import { serverNameOf } from './server-identity.js';

const FACTS = {
  'client.address': '192.0.2.9',
  helo: 'EX01.example.org',
  'tls.name': 'mail.example.org',
  'tls.fingerprint': 'AB:CD',
};

function connector(identity: ServerIdentity) {
  return { ...connectorOf([], {}), identity };
}

describe('the name of a server', () => {
  it.each([
    ['received-by', 'after-headers', 'ex02.example.org', 'ex02.example.org'],
    ['received-by', 'after-headers', undefined, '192.0.2.9'],
    ['received-by', 'before-headers', undefined, undefined],
    ['helo', 'before-headers', undefined, 'ex01.example.org'],
    ['helo', 'after-headers', 'ex02.example.org', 'ex01.example.org'],
    ['tls-name', 'before-headers', undefined, 'mail.example.org'],
    ['tls-fingerprint', 'before-headers', undefined, 'AB:CD'],
    ['address', 'after-headers', 'ex02.example.org', '192.0.2.9'],
  ] as const)('by %s, %s, with %s in the header, is %s', (identity, stage, header, expected) => {
    expect(serverNameOf(connector(identity), factsFrom(FACTS), stage, header)).toBe(expected);
  });

  it.each(['helo', 'tls-name', 'tls-fingerprint'] as const)('by %s falls back to the address', (identity) => {
    const facts = factsFrom({ 'client.address': '::ffff:192.0.2.9' });
    expect(serverNameOf(connector(identity), facts, 'before-headers')).toBe('192.0.2.9');
  });

  it('is the HELO where there is no address, and unknown where there is nothing', () => {
    expect(serverNameOf(connector('address'), factsFrom({ helo: 'a.example' }), 'before-headers')).toBe('a.example');
    expect(serverNameOf(connector('address'), {}, 'before-headers')).toBe('unknown');
  });

  it('is what a gateway told, before all else', () => {
    const facts = factsFrom({ ...FACTS, 'server.name': 'told.example' });
    expect(serverNameOf(connector('received-by'), facts, 'before-headers', 'ex02.example.org')).toBe('told.example');
  });
});
