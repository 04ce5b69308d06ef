import type { Window } from '../../decision/decision.js';
import { type DurationMillis, durationMillis } from '../../policy/duration.js';
import type { EpochMillis } from '../../policy/instant.js';

const MINUTE_MILLIS = 60_000;
const HOUR_MILLIS = 60 * MINUTE_MILLIS;

/** When a kind of sender tries again, counted from its try before. */
interface RetrySchedule {
  readonly waits: readonly number[];
  /** After those. */
  readonly thenEvery: number;
}

/** Exchange Server 2007 to SE: TransientFailureRetryCount 6, TransientFailureRetryInterval 5 min, then 10 min. */
const EXCHANGE: RetrySchedule = { waits: Array(6).fill(5 * MINUTE_MILLIS), thenEvery: 10 * MINUTE_MILLIS };
/** postconf(5): minimal_backoff_time 300 s, doubled up to maximal_backoff_time 4000 s. */
const POSTFIX: RetrySchedule = {
  waits: [300, 600, 1200, 2400].map((seconds) => seconds * 1000),
  thenEvery: 4000 * 1000,
};

/** Longer than any window lasts: a window has less than an hour in an hour, unless it refuses always. */
const MAX_TRIES = 200;

/** What becomes of a message that was throttled. */
export type RetryOutcome =
  | { readonly kind: 'delivered'; readonly delay: DurationMillis }
  /** A retry fell into the minutes of 550. */
  | { readonly kind: 'bounced'; readonly delay: DurationMillis }
  /** The window leaves no minute. */
  | { readonly kind: 'never' };

/**
 * What becomes of a message that meets the minutes of 450 at an instant, where its sender tries again as its kind does. It
 * goes by the window of the stage of that instant, and leaves later stages aside.
 */
export function retryOutcome(at: EpochMillis, window: Window, isExchange: boolean): RetryOutcome {
  const { waits, thenEvery } = isExchange ? EXCHANGE : POSTFIX;
  const throttleMillis = window.throttle * MINUTE_MILLIS;
  const lengthMillis = throttleMillis + window.block * MINUTE_MILLIS;
  let delay = 0;
  for (let attempt = 0; attempt < MAX_TRIES; attempt++) {
    delay += waits[attempt] ?? thenEvery;
    const since = (((at + delay - window.opensAt) % HOUR_MILLIS) + HOUR_MILLIS) % HOUR_MILLIS;
    if (since >= lengthMillis) return { kind: 'delivered', delay: durationMillis(delay) };
    if (since >= throttleMillis) return { kind: 'bounced', delay: durationMillis(delay) };
  }
  return { kind: 'never' };
}
