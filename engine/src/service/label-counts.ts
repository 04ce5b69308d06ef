/**
 * Counts by labels. One step a label finds a count, while a metrics library puts the labels together as a text each time, which
 * takes longer than a decision.
 */
export class LabelCounts {
  readonly #labels: readonly string[];
  readonly #below = new Map<string, LabelCounts>();
  #count = 0;

  constructor(labels: readonly string[] = []) {
    this.#labels = labels;
  }

  /** Those with one label more. */
  at(label: string): LabelCounts {
    const known = this.#below.get(label);
    if (known !== undefined) return known;
    const added = new LabelCounts([...this.#labels, label]);
    this.#below.set(label, added);
    return added;
  }

  increment(): void {
    this.#count++;
  }

  /** All that were counted, here and below. */
  *all(): Generator<{ readonly labels: readonly string[]; readonly count: number }, void> {
    if (this.#count > 0) yield { labels: this.#labels, count: this.#count };
    for (const below of this.#below.values()) yield* below.all();
  }
}
