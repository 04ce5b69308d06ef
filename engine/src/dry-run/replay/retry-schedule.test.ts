import { describe, expect, it } from 'vitest';
import { windowAt } from '../../decision/enforcement-window.js';
import type { MinutesPerHour } from '../../policy/hourly-rate.js';
import { type EpochMillis, epochMillis, parseInstant } from '../../policy/instant.js';
import { retryOutcome } from './retry-schedule.js';

const MINUTE = 60_000;
const START = parseInstant('2026-09-08T00:00:00Z') as EpochMillis;
const SERVER = 'on-premises/mx.contoso.example';

/** The outcome for a message that comes some minutes after the window opened. */
function outcomeAfter(minutes: number, throttle: number, block: number, isExchange: boolean) {
  const rates = { throttle: throttle as MinutesPerHour, block: block as MinutesPerHour };
  const opensAt = windowAt(rates, SERVER, START)?.opensAt ?? START;
  const at = epochMillis(opensAt + minutes * MINUTE);
  const window = windowAt(rates, SERVER, at);
  if (window === undefined) throw new Error('There is a window');
  return retryOutcome(at, window, isExchange);
}

describe('a throttled message whose sender tries again', () => {
  it.each([
    ['Exchange, just before the window closes', 4, 5, 0, true, { kind: 'delivered', delay: 5 * MINUTE }],
    ['Exchange, through 20 minutes', 1, 20, 0, true, { kind: 'delivered', delay: 20 * MINUTE }],
    ['Exchange, after its six short waits', 6, 55, 0, true, { kind: 'delivered', delay: 50 * MINUTE }],
    ['Exchange, into the minutes of 550', 26, 30, 10, true, { kind: 'bounced', delay: 5 * MINUTE }],
    ['Postfix, doubling its wait', 1, 20, 0, false, { kind: 'delivered', delay: 35 * MINUTE }],
    ['Postfix, over the minutes of 550', 0, 3, 1, false, { kind: 'delivered', delay: 5 * MINUTE }],
    ['no minute is left', 0, 60, 0, true, { kind: 'never' }],
  ] as const)('%s', (_name, minutes, throttle, block, isExchange, outcome) => {
    expect(outcomeAfter(minutes, throttle, block, isExchange)).toStrictEqual(outcome);
  });
});
