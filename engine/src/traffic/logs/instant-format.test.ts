import { describe, expect, it } from 'vitest';
import { instantFormatProblem, instantReader } from './instant-format.js';
import { TimeZone } from './time-zone.js';

function read(format: string, text: string, zone?: string): string | undefined {
  const instant = instantReader(format, new TimeZone(zone))(text);
  return instant === undefined ? undefined : new Date(instant).toISOString();
}

describe('formats of instants', () => {
  it.each<[string, string, string | undefined]>([
    ['rfc3339', '2026-09-08T14:30:00+02:00', '2026-09-08T12:30:00.000Z'],
    ['rfc3339', 'yesterday', undefined],
    ['epoch-seconds', '1700000300', '2023-11-14T22:18:20.000Z'],
    ['epoch-seconds', '1700000300.25', '2023-11-14T22:18:20.250Z'],
    ['epoch-millis', '1700000300250', '2023-11-14T22:18:20.250Z'],
    ['epoch-seconds', '999999999999999', undefined],
    ['epoch-seconds', '-1', undefined],
    ['dd.MM.yyyy HH:mm:ss', '08.09.2026 14:30:59', '2026-09-08T14:30:59.000Z'],
    ['dd.MM.yyyy HH:mm:ss', '31.02.2026 14:30:59', undefined],
    ['dd.MM.yyyy HH:mm:ss', '08.09.2026 24:30:59', undefined],
    ['M/d/yyyy h:mm:ss a', '9/8/2026 12:05:00 AM', '2026-09-08T00:05:00.000Z'],
    ['M/d/yyyy h:mm:ss a', '9/8/2026 2:05:00 PM', '2026-09-08T14:05:00.000Z'],
    ['dd/MMM/yyyy:HH:mm:ss X', '08/Sep/2026:14:30:00 +0200', '2026-09-08T12:30:00.000Z'],
    ['dd/MMM/yyyy', '08/Foo/2026', undefined],
    ["yyyy-MM-dd'T'HH:mm:ss.SSSX", '2026-09-08T14:30:00.123456Z', '2026-09-08T14:30:00.123Z'],
    ["yyyy-MM-dd'T'HH:mm:ss.SSSX", '2026-09-08T14:30:00x123Z', undefined],
    ['yyyy-MM-dd HH:mm:ss,SSS', '2026-09-08 14:30:00,5', '2026-09-08T14:30:00.500Z'],
  ])('%s reads %s', (format, text, expected) => {
    expect(instantFormatProblem(format)).toBeUndefined();
    expect(read(format, text)).toBe(expected);
  });

  it('goes by the zone where the text has none', () => {
    expect(read('dd.MM.yyyy HH:mm', '08.09.2026 14:30', 'Europe/Berlin')).toBe('2026-09-08T12:30:00.000Z');
    expect(read('dd.MM.yyyy HH:mm X', '08.09.2026 14:30 Z', 'Europe/Berlin')).toBe('2026-09-08T14:30:00.000Z');
  });

  it.each([
    ['iso', /i stands for nothing.*rfc3339/],
    ['HH:mm:ss', /no year, month and day/],
    ['yyyy-MM-dd MM', /MM stands in the pattern twice/],
    ['%Y-%m-%d', /Y stands for nothing.*dd\.MM\.yyyy/],
  ])('tells what is wrong with %s', (format, problem) => {
    expect(instantFormatProblem(format)).toMatch(problem);
  });

  it('takes no time to refuse a long text', () => {
    expect(read('dd.MM.yyyy', '0'.repeat(1_000_000))).toBeUndefined();
  });
});
