import { describe, expect, it } from 'vitest';
import { parseMinutesPerHour } from './hourly-rate.js';

describe('minutes of every hour', () => {
  it.each([
    ['0m/h', 0],
    ['5m/h', 5],
    ['05m/h', 5],
    ['60m/h', 60],
    ['always', 60],
  ])('%s are %d', (text, expected) => {
    expect(parseMinutesPerHour(text)).toBe(expected);
  });

  it.each(['', '5', '5m', '61m/h', '100m/h', '-5m/h', '5.5m/h', '5 m/h', '300s/h', '1h/d', 'Always', 'never', '5m/h '])(
    '%j are none',
    (text) => {
      expect(parseMinutesPerHour(text)).toBeUndefined();
    },
  );
});
