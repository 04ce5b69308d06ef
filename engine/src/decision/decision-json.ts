import { formatDuration } from '../policy/duration.js';
import { formatInstant } from '../policy/instant.js';
import type { Decision } from './decision.js';

/** A decision as JSON: instants in RFC 3339, durations as policies write them (`35d2h`), minutes as numbers. */
export interface DecisionJson {
  readonly action: Decision['action'];
  readonly reply?: Decision['reply'];
  readonly policy?: string;
  readonly stage?: string;
  readonly mode?: Decision['mode'];
  readonly wouldBe?: Decision['wouldBe'];
  readonly exemption?: string;
  readonly paused?: true;
  readonly connector?: string;
  readonly server?: string;
  readonly elapsed?: string;
  readonly window?: {
    readonly throttleMinutes: number;
    readonly blockMinutes: number;
    readonly phase: 'throttle' | 'block' | 'open';
    readonly opensAt: string;
    readonly closesAt: string;
  };
  readonly next?: { readonly stage: string; readonly at: string };
  readonly source?: Decision['source'];
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
