import type { Decision, SmtpReply } from '../decision/decision.js';
import type { Awaitable } from '../policy/awaitable.js';
import type { Facts } from '../policy/fact.js';
import type { HeaderField } from '../traffic/detection.js';

/** A connection as a gateway sees it. */
export interface Connection {
  readonly gateway: 'postfix-policy' | 'milter' | 'http' | 'smtp' | 'api';
  /** What the gateway knows, as facts of origin `connection` (HTTP and API may tell derived ones as well). */
  readonly facts: Facts;
  /** Queue id of the message, for logs and evidence. */
  readonly queueId?: string | undefined;
  /** Names one delivery that asks several times, so that it counts once (Postfix policy protocol: `instance`). */
  readonly instance?: string | undefined;
}

/** What to tell the mail server. */
export interface Verdict {
  /** `defer` only where the service could not decide and is configured to defer. */
  readonly action: 'accept' | 'throttle' | 'block' | 'defer';
  /** Present unless `action` is `accept`. */
  readonly reply?: SmtpReply;
  /** What was decided; absent where the service could not decide. */
  readonly decision?: Decision;
}

/**
 * What every gateway asks. Neither method ever throws or rejects: a fault is answered as the service is configured. The verdict
 * comes at once unless the memory of servers has to be waited for.
 */
export interface Enforcer {
  /** Before DATA: judges by what is remembered of the peer. */
  judgeConnection(connection: Connection): Awaitable<Verdict>;
  /** At the end of the headers: detects the server's version from them, remembers it and judges. */
  judgeMessage(connection: Connection, headers: readonly HeaderField[]): Awaitable<Verdict>;
}
