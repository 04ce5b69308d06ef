import { describe, expect, it } from 'vitest';
import { decodeXtext, factsFromText, senderDomain, verifiedClientName } from './facts-from-text.js';

describe('facts from text', () => {
  it('leaves out what is empty, unknown or no value of its type', () => {
    const facts = factsFromText({
      'client.address': 'not an address',
      helo: 'Mail.Example.ORG.',
      'tls.protocol': '',
      'tls.verified': 'perhaps',
      'message.size': '-1',
      'message.recipients': undefined,
    });
    expect(facts).toEqual({ helo: 'mail.example.org' });
  });

  it.each([
    ['user@example.org', 'example.org'],
    ['<user@example.org>', 'example.org'],
    ['<@relay.example,@b.example:user@example.org>', 'example.org'],
    ['"a@b"@example.org', 'example.org'],
    ['user@[192.0.2.1]', '[192.0.2.1]'],
    ['üser@bücher.example', 'bücher.example'],
    ['', undefined],
    ['<>', undefined],
    ['postmaster', undefined],
    ['"a@b"', undefined],
    ['user@', undefined],
    ['user@ example.org', undefined],
  ])('the sender %j has the domain %j', (address, domain) => {
    expect(senderDomain(address)).toBe(domain);
  });

  it.each([
    ['mail.example.org', 'mail.example.org'],
    ['unknown', undefined],
    ['[192.0.2.1]', undefined],
    [undefined, undefined],
  ])('the client name %j is verified as %j', (text, name) => {
    expect(verifiedClientName(text)).toBe(name);
  });

  it.each([
    ['mail.example.org', 'mail.example.org'],
    ['Wietse+20Venema', 'Wietse Venema'],
    ['a+2Bb', 'a+b'],
    ['b+C3+BCcher.example', 'bücher.example'],
    ['+', '+'],
    ['+2', '+2'],
    ['+zz', '+zz'],
    ['ü+2B', 'ü+'],
  ])('the xtext %j is %j', (text, decoded) => {
    expect(decodeXtext(text)).toBe(decoded);
  });
});
