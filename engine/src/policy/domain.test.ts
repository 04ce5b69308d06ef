import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isDomain, isInDomain, normalizeDomain } from './domain.js';
import { naiveInDomain } from './naive-operators.fixture.js';

describe('a domain', () => {
  it.each([
    ['Mail.EXAMPLE.org', 'mail.example.org'],
    ['example.org.', 'example.org'],
    ['example.org..', 'example.org.'],
    ['', ''],
  ])('%j is compared as %j', (text, expected) => {
    expect(normalizeDomain(text)).toBe(expected);
  });

  it.each([
    'example.org',
    'localhost',
    'a',
    '_dmarc.example.org',
    'xn--bcher-kva.example',
    '1.2.3',
    `${'a'.repeat(63)}.b`,
  ])('%s is one', (text) => {
    expect(isDomain(text)).toBe(true);
  });

  it.each([
    '',
    '.',
    'example..org',
    '.example.org',
    '*.example.org',
    '-a.org',
    'a-.org',
    'bücher.example',
    'a b',
    'example.org\n',
    `${'a'.repeat(64)}.b`,
    `${'a.'.repeat(127)}a`,
  ])('%j is none', (text) => {
    expect(isDomain(text)).toBe(false);
  });

  it.each([
    ['example.org', 'example.org', true],
    ['mail.example.org', 'example.org', true],
    ['a.b.example.org', 'example.org', true],
    ['badexample.org', 'example.org', false],
    ['example.org', 'mail.example.org', false],
    ['example.com', 'example.org', false],
    ['org', 'example.org', false],
    ['example.org.evil.example', 'example.org', false],
    ['', 'example.org', false],
  ])('%s lies in %s? %s', (name, domain, expected) => {
    expect(isInDomain(name, domain)).toBe(expected);
  });

  it('holds the names whose last labels are its own', () => {
    const names = fc.array(fc.constantFrom('a', 'b', 'ab', 'ba'), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(names, names, (name, domain) => {
        expect(isInDomain(name.join('.'), domain.join('.'))).toBe(naiveInDomain(name.join('.'), [domain.join('.')]));
      }),
      { numRuns: 1000 },
    );
  });
});
