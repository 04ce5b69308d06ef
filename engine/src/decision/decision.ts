import type { DurationMillis } from '../policy/duration.js';
import type { MinutesPerHour } from '../policy/hourly-rate.js';
import type { EpochMillis } from '../policy/instant.js';
import type { PolicyMode } from '../policy/policy-set.js';
import type { SourcePosition } from '../policy/source.js';
import type { ServerId } from './server-record.js';

export type Action = 'accept' | 'throttle' | 'block';

/** An SMTP reply (RFC 5321 §4.2) with its enhanced status code (RFC 3463). */
export interface SmtpReply {
  /** `450` or another 4yz or 5yz code. */
  readonly code: number;
  /** `4.7.230`. */
  readonly status: string;
  /** The text behind both codes: one line of US-ASCII. */
  readonly text: string;
}

/** The minutes of this hour in which a server is refused: throttled first, blocked straight after. */
export interface Window {
  readonly throttle: MinutesPerHour;
  readonly block: MinutesPerHour;
  /** Start of the window that is open, else of the next one. */
  readonly opensAt: EpochMillis;
  /** End of that window. */
  readonly closesAt: EpochMillis;
  readonly phase: 'throttle' | 'block' | 'open';
}

/** The stage that follows. */
export interface NextStage {
  readonly stage: string;
  readonly at: EpochMillis;
}

/** The answer for one connection, with all that explains it. */
export interface Decision {
  readonly action: Action;
  /** Present where `action` refuses. */
  readonly reply?: SmtpReply | undefined;
  /** The policy that decided; absent where none matches. */
  readonly policy?: string | undefined;
  readonly stage?: string | undefined;
  readonly mode?: PolicyMode | undefined;
  /** What a policy in report mode would have done. */
  readonly wouldBe?: { readonly action: Action; readonly reply?: SmtpReply } | undefined;
  /** Name of the exemption that let the connection through. */
  readonly exemption?: string | undefined;
  /** Whether a pause holds the server's clock and its refusals. */
  readonly paused?: true | undefined;
  readonly connector?: string | undefined;
  readonly server?: ServerId | undefined;
  /** Time on the server's clock since its first detection. */
  readonly elapsed?: DurationMillis | undefined;
  readonly window?: Window | undefined;
  readonly next?: NextStage | undefined;
  /** Where the policy that decided stands in its file. */
  readonly source?: SourcePosition | undefined;
  /** Revision of the policy set. */
  readonly revision: string;
}
