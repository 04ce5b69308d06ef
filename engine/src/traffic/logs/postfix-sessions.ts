import type { EpochMillis } from '../../policy/instant.js';
import { BoundedJoin } from './bounded-join.js';
import type { Client, Tls } from './mail-facts.js';

/** A connection to Postfix's SMTP server, which one process serves from its start to its end. */
export interface SmtpdSession {
  readonly at: EpochMillis;
  readonly client: Client;
  tls: Tls | undefined;
  /** Whether mail or a rejection of it was told; then the connection alone is no record. */
  isTold: boolean;
}

/** The connections under way, by the process that serves each. */
export class SmtpdSessions {
  readonly #sessions: BoundedJoin<number, SmtpdSession>;
  readonly #unfinished: (count: number) => void;

  constructor(unfinished: (count: number) => void) {
    this.#unfinished = unfinished;
    this.#sessions = new BoundedJoin((session) => {
      if (!session.isTold) unfinished(1);
    });
  }

  connect(process: number, client: Client, at: EpochMillis): void {
    this.#sessions.set(process, { at, client, tls: undefined, isTold: false }, at);
  }

  get(process: number): SmtpdSession | undefined {
    return this.#sessions.get(process);
  }

  /** Mail of the session, or a rejection, is told on its own. @returns the session, if its start was seen */
  tell(process: number): SmtpdSession | undefined {
    const session = this.#sessions.get(process);
    if (session !== undefined) session.isTold = true;
    return session;
  }

  /** @returns the session that ends, if its start was seen */
  disconnect(process: number): SmtpdSession | undefined {
    const session = this.#sessions.take(process);
    if (session === undefined) this.#unfinished(1);
    return session;
  }

  end(): void {
    this.#sessions.end();
  }
}
