import type { Connection } from '../gateway/enforcer.js';

/** Deliveries that are remembered; Postfix asks again within seconds. */
const MAX_INSTANCES = 10_000;

/** Remembers which deliveries were counted, so that one that asks once a recipient counts once. */
export class InstanceMemory {
  readonly #seen = new Set<string>();

  /** Whether the delivery was asked for before; a connection without an instance never was. */
  isRepeated({ gateway, instance }: Connection): boolean {
    if (instance === undefined || instance === '') return false;
    const key = `${gateway} ${instance}`;
    if (this.#seen.has(key)) return true;
    this.#seen.add(key);
    if (this.#seen.size > MAX_INSTANCES) {
      for (const oldest of this.#seen) {
        this.#seen.delete(oldest);
        break;
      }
    }
    return false;
  }
}
