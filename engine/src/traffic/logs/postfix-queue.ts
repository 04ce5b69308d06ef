import type { EpochMillis } from '../../policy/instant.js';
import { BoundedJoin } from './bounded-join.js';
import type { Client, Tls } from './mail-facts.js';

/** Mail in Postfix's queue, by what its SMTP session told. */
export interface QueuedMail {
  readonly client: Client | undefined;
  readonly tls: Tls | undefined;
  /** Whether no record is to come of it: it was told already, or did not come by SMTP. */
  isSettled: boolean;
}

/** Mail that cannot be delivered stays in the queue for five days, and its sender is told anew with each attempt. */
const QUEUE_BOUNDS = { maxEntries: 100_000, maxAgeMillis: 6 * 86_400_000 };

/** The mail in the queue, by its queue id, from its first line to `removed`. Ids come again. */
export class PostfixQueue {
  readonly #mail: BoundedJoin<string, QueuedMail>;
  readonly #unfinished: (count: number) => void;

  constructor(unfinished: (count: number) => void) {
    this.#unfinished = unfinished;
    this.#mail = new BoundedJoin((mail) => this.#drop(mail), QUEUE_BOUNDS);
  }

  get(key: string): QueuedMail | undefined {
    return this.#mail.get(key);
  }

  /** Mail begins to come in by SMTP. */
  receive(key: string, client: Client, tls: Tls | undefined, at: EpochMillis): void {
    this.#mail.set(key, { client, tls, isSettled: false }, at);
  }

  /** Mail of which no record is to come. */
  passOver(key: string, at: EpochMillis): void {
    this.#mail.set(key, { client: undefined, tls: undefined, isSettled: true }, at);
  }

  /** Mail is in the queue. @returns what its session told, the first time, if its session was seen */
  settle(key: string, at: EpochMillis): QueuedMail | undefined {
    const mail = this.#mail.get(key);
    if (mail === undefined) {
      this.#unfinished(1);
      this.passOver(key, at);
      return undefined;
    }
    if (mail.isSettled) return undefined;
    mail.isSettled = true;
    return mail;
  }

  /** Mail is refused as a whole, and its id free again. @returns what its session told */
  reject(key: string): QueuedMail | undefined {
    return this.#mail.take(key);
  }

  /** Mail leaves the queue. */
  remove(key: string): void {
    const mail = this.#mail.take(key);
    if (mail !== undefined) this.#drop(mail);
  }

  end(): void {
    this.#mail.end();
  }

  #drop(mail: QueuedMail): void {
    if (!mail.isSettled) this.#unfinished(1);
  }
}
