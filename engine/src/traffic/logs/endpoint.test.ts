import { describe, expect, it } from 'vitest';
import { addressOfEndpoint } from './endpoint.js';

describe('the address of an endpoint', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['192.0.2.1:25', '192.0.2.1'],
    ['2001:db8::1', '2001:db8::1'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['[2001:db8::1]:25', '2001:db8::1'],
    ['[IPv6:2001:db8::1]', '2001:db8::1'],
    ['[192.0.2.1]', '192.0.2.1'],
    ['mx.corp.example:25', 'mx.corp.example'],
    ['', ''],
    ['['.repeat(200), '['.repeat(200)],
  ])('of %s is %s', (text, address) => {
    expect(addressOfEndpoint(text)).toBe(address);
  });
});
