import type { EpochMillis } from '../../policy/instant.js';
import { BoundedJoin } from './bounded-join.js';
import type { Client, Tls } from './mail-facts.js';

/** A connection to Postfix's SMTP server, which one process serves from its start to its end. */
export interface SmtpdSession {
  at: EpochMillis;
  tls: Tls | undefined;
  /** Where a filter before the queue may refuse its mail; other lines name the client themselves. */
  client: Client | undefined;
  /** Whether mail or a rejection of it was told; then the connection alone is no record. */
  isTold: boolean;
  isUnderWay: boolean;
}

/** The connections under way, by the process that serves each. A process serves many, one after the other. */
export class SmtpdSessions {
  readonly #sessions: BoundedJoin<number, SmtpdSession>;
  readonly #unfinished: (count: number) => void;

  constructor(unfinished: (count: number) => void) {
    this.#unfinished = unfinished;
    this.#sessions = new BoundedJoin((session) => this.#drop(session));
  }

  connect(process: number, at: EpochMillis): void {
    const before = this.#sessions.get(process);
    if (before === undefined) {
      this.#sessions.set(process, { at, tls: undefined, client: undefined, isTold: false, isUnderWay: true }, at);
      return;
    }
    this.#drop(before);
    // To set the session anew takes less than to exchange it.
    before.at = at;
    before.tls = undefined;
    before.client = undefined;
    before.isTold = false;
    before.isUnderWay = true;
  }

  /** @returns undefined where the session's start was not seen */
  get(process: number): SmtpdSession | undefined {
    const session = this.#sessions.get(process);
    return session?.isUnderWay ? session : undefined;
  }

  /** Mail of the session, or a rejection, is told on its own. @returns the session, if its start was seen */
  tell(process: number): SmtpdSession | undefined {
    const session = this.get(process);
    if (session !== undefined) session.isTold = true;
    return session;
  }

  /** @returns the session that ends, if its start was seen */
  disconnect(process: number): SmtpdSession | undefined {
    const session = this.get(process);
    if (session === undefined) this.#unfinished(1);
    else session.isUnderWay = false;
    return session;
  }

  end(): void {
    this.#sessions.end();
  }

  #drop(session: SmtpdSession): void {
    if (session.isUnderWay && !session.isTold) this.#unfinished(1);
  }
}
