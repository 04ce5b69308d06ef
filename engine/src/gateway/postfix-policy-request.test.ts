import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_ATTRIBUTES, PolicyRequestReader, type PolicyRequestResult } from './postfix-policy-request.js';
import type { PolicyRequest } from './usual-policy-request.js';

const HEAD = 'request=smtpd_access_policy\n';

function readAll(parts: readonly (string | Buffer)[], maxOctets = 4096): PolicyRequestResult[] {
  const reader = new PolicyRequestReader(maxOctets);
  return parts.flatMap((part) => [...reader.read(Buffer.from(part))]);
}

function attributesOf(text: string): PolicyRequest | string {
  const [result] = readAll([text]);
  if (result === undefined) return 'nothing';
  return result.ok ? { ...result.request } : result.problem;
}

describe('the reader of policy requests', () => {
  it.each([
    ['an empty value', `${HEAD}sender=\n\n`, { sender: '' }],
    ['a value with =', `${HEAD}sender=a=b==\n\n`, { sender: 'a=b==' }],
    ['CRLF', 'request=smtpd_access_policy\r\nsize=1\r\n\r\n', { size: '1' }],
    ['an attribute that came twice', `${HEAD}a=1\na=2\n\n`, { a: '1' }],
    ['UTF-8', `${HEAD}sender=ü@bücher.example\n\n`, { sender: 'ü@bücher.example' }],
    ['the request type last', 'a=1\nrequest=smtpd_access_policy\n\n', { a: '1' }],
    ['a name like __proto__', `${HEAD}constructor=1\n\n`, { constructor: '1' }],
  ])('reads %s', (_name, text, expected) => {
    expect(attributesOf(text)).toEqual({ request: 'smtpd_access_policy', ...expected });
  });

  it.each([
    ['a line without =', `${HEAD}hello\n\n`, 'a line that is not name=value'],
    ['an empty name', `${HEAD}=x\n\n`, 'a line that is not name=value'],
    ['a NUL in a value', `${HEAD}a=\0\n\n`, 'a line with a NUL octet'],
    ['a NUL in a name', `${HEAD}a\0b=1\n\n`, 'a line with a NUL octet'],
    ['no request type', 'a=1\n\n', 'a request without the attribute request=smtpd_access_policy'],
    ['nothing but an empty line', '\n', 'a request without the attribute request=smtpd_access_policy'],
    ['another request type', 'request=junk\n\n', 'a request of another type than smtpd_access_policy'],
    ['HTTP', 'GET / HTTP/1.1\nHost: x\n\n', 'a line that is not name=value'],
    ['a line without an end', 'a'.repeat(5000), 'a request longer than 4096 octets'],
    ['lines without an end', 'a=b\n'.repeat(1025), `a request of more than ${MAX_ATTRIBUTES} attributes`],
    ['a long value', `${HEAD}a=${'x'.repeat(5000)}\n\n`, 'a request longer than 4096 octets'],
  ])('refuses %s', (_name, text, problem) => {
    expect(attributesOf(text.replaceAll('a=b', () => `a${Math.random()}=b`))).toBe(problem);
  });

  it('yields nothing behind a problem in the same octets', () => {
    expect(readAll([`junk\n\n${HEAD}\n`])).toHaveLength(1);
  });

  it('counts octets of a request, not of a connection', () => {
    const request = `${HEAD}a=${'x'.repeat(100)}\n\n`;
    expect(readAll([request.repeat(100)], 200).every((result) => result.ok)).toBe(true);
  });

  it('knows whether it is within a request', () => {
    const reader = new PolicyRequestReader(4096);
    expect(reader.midRequest).toBe(false);
    expect([...reader.read(Buffer.from(`${HEAD}a`))]).toEqual([]);
    expect(reader.midRequest).toBe(true);
    expect([...reader.read(Buffer.from('=1\n\n'))]).toHaveLength(1);
    expect(reader.midRequest).toBe(false);
  });

  it('reads the same requests however the octets are split', () => {
    const value = fc.string({ maxLength: 20 }).map((text) => text.replace(/[\n\0\r]/g, '='));
    const request = fc
      .dictionary(fc.stringMatching(/^[a-z_]{1,8}$/), value, { maxKeys: 6 })
      .map((attributes) => ({ ...attributes, request: 'smtpd_access_policy' }));
    fc.assert(
      fc.property(fc.array(request, { maxLength: 4 }), fc.array(fc.nat(40), { maxLength: 60 }), (requests, sizes) => {
        const text = requests
          .map(
            (one) =>
              `${Object.entries(one)
                .map((pair) => pair.join('='))
                .join('\n')}\n\n`,
          )
          .join('');
        const octets = Buffer.from(text);
        const parts: Buffer[] = [];
        let start = 0;
        for (const size of sizes) {
          parts.push(octets.subarray(start, start + size));
          start += size;
        }
        parts.push(octets.subarray(start));
        expect(readAll(parts)).toEqual(readAll([octets]));
        expect(readAll(parts).map((result) => result.ok && result.request)).toEqual(requests);
      }),
    );
  });

  it('never throws, and keeps no more than its bound, whatever it is fed', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 10 }), (parts) => {
        const results = readAll(
          parts.map((part) => Buffer.from(part)),
          300,
        );
        expect(results.filter((result) => !result.ok).length).toBeLessThanOrEqual(parts.length);
      }),
    );
  });
});
