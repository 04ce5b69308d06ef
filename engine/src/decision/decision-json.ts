import { formatDuration } from '../policy/duration.js';
import { formatInstant } from '../policy/instant.js';
import type { Decision } from './decision.js';

/** A decision as JSON: instants in RFC 3339, durations as policies write them (`35d2h`), minutes as numbers. */
export interface DecisionJson {
  readonly action: Decision['action'];
  readonly reply?: Decision['reply'] | undefined;
  readonly policy?: string | undefined;
  readonly stage?: string | undefined;
  readonly mode?: Decision['mode'] | undefined;
  readonly wouldBe?: Decision['wouldBe'] | undefined;
  readonly exemption?: string | undefined;
  readonly paused?: true | undefined;
  readonly connector?: string | undefined;
  readonly server?: string | undefined;
  readonly elapsed?: string | undefined;
  readonly window?: {
    readonly throttleMinutes: number;
    readonly blockMinutes: number;
    readonly phase: 'throttle' | 'block' | 'open';
    readonly opensAt: string;
    readonly closesAt: string;
  };
  readonly next?: { readonly stage: string; readonly at: string };
  readonly source?: Decision['source'] | undefined;
  readonly revision: string;
}

/** Turns a decision into its JSON form. */
export function decisionToJson(decision: Decision): DecisionJson {
  const { elapsed, window, next, ...rest } = decision;
  return {
    ...rest,
    ...(elapsed === undefined ? {} : { elapsed: formatDuration(elapsed) }),
    ...(window === undefined
      ? {}
      : {
          window: {
            throttleMinutes: window.throttle,
            blockMinutes: window.block,
            phase: window.phase,
            opensAt: formatInstant(window.opensAt),
            closesAt: formatInstant(window.closesAt),
          },
        }),
    ...(next === undefined ? {} : { next: { stage: next.stage, at: formatInstant(next.at) } }),
  };
}
