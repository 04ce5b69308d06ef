import { windowOffsetSeconds } from '../../decision/enforcement-window.js';
import type { Stage } from '../../policy/policy-set.js';

const MINUTE_MILLIS = 60_000;
const HOUR_MILLIS = 3_600_000;

/** Milliseconds of a time in which a server is refused. */
export interface RefusedMillis {
  readonly throttle: number;
  readonly block: number;
}

/** How long a stage's windows refuse a server from one instant to another: the sum over the hours, exact. */
export type RefusedTimeOf = (
  stage: Pick<Stage, 'throttle' | 'block'>,
  fromMillis: number,
  untilMillis: number,
) => RefusedMillis;

/** Sums the windows that `windowAt` gives for the key of a server. */
export function refusedTimeOf(serverKey: string): RefusedTimeOf {
  const offset = windowOffsetSeconds(serverKey) * 1000;
  return ({ throttle, block }, from, until) => {
    const throttled = throttle * MINUTE_MILLIS;
    const refused = Math.min(throttled + block * MINUTE_MILLIS, HOUR_MILLIS);
    const within = (length: number) => upTo(until - offset, length) - upTo(from - offset, length);
    const throttledTime = within(throttled);
    return { throttle: throttledTime, block: within(refused) - throttledTime };
  };
}

/** The part of the time from 0 to an instant that lies in the first `length` milliseconds of an hour. */
function upTo(instant: number, length: number): number {
  const hours = Math.floor(instant / HOUR_MILLIS);
  return hours * length + Math.min(instant - hours * HOUR_MILLIS, length);
}
