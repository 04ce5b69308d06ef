import fc from 'fast-check';
import { expect, test } from 'vitest';
import { windowAt } from '../../decision/enforcement-window.js';
import { minutesPerHour } from '../../policy/hourly-rate.js';
import { epochMillis } from '../../policy/instant.js';
import { instantOf } from '../../policy/policy-text.fixture.js';
import { refusedTimeOf } from './refused-time.js';

const SECOND = 1000;
const HOUR = 3600 * SECOND;
const START = instantOf('2026-09-08');

const stages = fc
  .tuple(fc.nat(60), fc.nat(60))
  .map(([a, b]) => ({ throttle: minutesPerHour(Math.min(a, b)), block: minutesPerHour(Math.abs(a - b)) }));

test('the time refused is the sum of the seconds that windows refuse', () => {
  fc.assert(
    fc.property(stages, fc.string(), fc.nat(5000), fc.nat(8000), (stage, key, first, count) => {
      const counted = { throttle: 0, block: 0 };
      for (let second = first; second < first + count; second++) {
        const phase = windowAt(stage, key, epochMillis(START + second * SECOND))?.phase ?? 'open';
        if (phase !== 'open') counted[phase] += SECOND;
      }
      const from = START + first * SECOND;
      expect(refusedTimeOf(key)(stage, from, from + count * SECOND)).toStrictEqual(counted);
    }),
  );
});

test.each([
  ['nothing', 0, 0, { throttle: 0, block: 0 }],
  ['throttled', 5, 0, { throttle: 24 * 300, block: 0 }],
  ['both', 30, 20, { throttle: 24 * 1800, block: 24 * 1200 }],
  ['always', 0, 60, { throttle: 0, block: 24 * 3600 }],
])('a whole day has 24 windows, wherever they lie: %s', (_name, throttle, block, seconds) => {
  const stage = { throttle: minutesPerHour(throttle), block: minutesPerHour(block) };
  for (const key of ['internet/a', 'internet/b', 'internet/c']) {
    const time = refusedTimeOf(key)(stage, START + 17, START + 17 + 24 * HOUR);
    expect(time).toStrictEqual({ throttle: seconds.throttle * SECOND, block: seconds.block * SECOND });
  }
});
