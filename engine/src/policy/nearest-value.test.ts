import { describe, expect, it } from 'vitest';
import {
  nearestDomain,
  nearestDuration,
  nearestInstant,
  nearestNetwork,
  nearestRate,
  nearestVersionRange,
  nonEmptyRange,
} from './nearest-value.js';

describe.each<[string, (text: string) => string | undefined, readonly (readonly [string, string | undefined])[]]>([
  [
    'a duration',
    nearestDuration,
    [
      ['30 days', '30d'],
      ['12h 1d', '1d12h'],
      ['1 week and 2 hours', '7d2h'],
      ['30D', '30d'],
      ['a month', undefined],
      ['30', undefined],
      ['', undefined],
      ['999999w', undefined],
    ],
  ],
  [
    'an instant',
    nearestInstant,
    [
      ['2026-9-8', '2026-09-08'],
      ['2026/09/08', '2026-09-08'],
      ['2026-09-08 14:30', '2026-09-08T14:30Z'],
      ['2026-09-08 14:30 +02:00', '2026-09-08T14:30+02:00'],
      ['2026-02-30', undefined],
      ['soon', undefined],
    ],
  ],
  [
    'a rate',
    nearestRate,
    [
      ['5 min/hr', '5m/h'],
      ['5m', '5m/h'],
      ['50%', '30m/h'],
      ['5 minutes per hour', '5m/h'],
      ['Always', 'always'],
      ['70m/h', undefined],
      ['33%', undefined],
      ['5', undefined],
    ],
  ],
  [
    'a network',
    nearestNetwork,
    [
      ['192.0.2.1/24', '192.0.2.0/24'],
      [' 192.0.2.0/24', '192.0.2.0/24'],
      ['2001:db8::1/32', '2001:db8::/32'],
      ['::ffff:192.0.2.9/120', '192.0.2.0/24'],
      ['192.0.2.0/33', undefined],
      ['nowhere', undefined],
    ],
  ],
  [
    'a domain',
    nearestDomain,
    [
      ['*.contoso.example', 'contoso.example'],
      ['.contoso.example', 'contoso.example'],
      ['@Contoso.example', 'contoso.example'],
      ['two words', undefined],
    ],
  ],
  [
    'a version range',
    nearestVersionRange,
    [
      ['8.x, 14.x', '8.x || 14.x'],
      ['8.x or 14.x', '8.x || 14.x'],
      ['8.x | 14.x', '8.x || 14.x'],
      ['=>15.1 and <15.2', '>=15.1 <15.2'],
      ['15.1.2507.39 or newer', '>=15.1.2507.39'],
      ['≤v15.1', '<=15.1'],
      ['<"Update 1, or so"', undefined],
      ['newest', undefined],
    ],
  ],
  [
    'a range that holds something',
    nonEmptyRange,
    [
      ['8.x 14.x', '8.x || 14.x'],
      ['>=15.2 <15.1', '>=15.1 <15.2'],
      ['>15.2 <15.2', undefined],
      ['<0', undefined],
    ],
  ],
])('what was meant to be %s', (_what, nearest, cases) => {
  it.each(cases)('by %j is %j', (text, expected) => {
    expect(nearest(text)).toBe(expected);
  });
});
