/** Deliveries that are remembered at least, and twice as many at most; Postfix asks again within seconds. */
const MIN_INSTANCES = 10_000;

/** Remembers which deliveries were counted, so that one that asks once a recipient counts once. */
export class InstanceMemory {
  // The oldest go all at once: to drop them one by one from the front of a set takes longer with each.
  #recent = new Set<string>();
  #older = new Set<string>();

  /** Whether the delivery was asked for before; a connection without an instance never was. */
  isRepeated(instance: string | undefined): boolean {
    if (instance === undefined || instance === '') return false;
    if (this.#recent.has(instance)) return true;
    const isRepeated = this.#older.has(instance);
    this.#recent.add(instance);
    if (this.#recent.size >= MIN_INSTANCES) {
      this.#older = this.#recent;
      this.#recent = new Set();
    }
    return isRepeated;
  }
}
