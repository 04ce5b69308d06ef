/** Upper bounds of the buckets, in seconds. */
const BOUNDS_SECONDS = [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3];

interface Tally {
  /** One more than there are bounds, for what took longer. */
  readonly counts: number[];
  sumSeconds: number;
}

/**
 * Durations by one label, as Prometheus has its histograms. It counts in plain numbers and is written out when it is asked for:
 * the library's takes as long to count a decision as we take to make it.
 */
export class DurationHistogram {
  readonly #name: string;
  readonly #help: string;
  readonly #labelName: string;
  readonly #tallies = new Map<string, Tally>();

  constructor(name: string, help: string, labelName: string) {
    this.#name = name;
    this.#help = help;
    this.#labelName = labelName;
  }

  observe(label: string, seconds: number): void {
    const tally = this.#tallies.get(label) ?? this.#begin(label);
    let bucket = 0;
    while (bucket < BOUNDS_SECONDS.length && seconds > (BOUNDS_SECONDS[bucket] as number)) bucket++;
    tally.counts[bucket] = (tally.counts[bucket] as number) + 1;
    tally.sumSeconds += seconds;
  }

  /** In the text format of Prometheus; labels hold no character that would have to be escaped there. */
  text(): string {
    const lines = [`# HELP ${this.#name} ${this.#help}`, `# TYPE ${this.#name} histogram`];
    for (const [label, { counts, sumSeconds }] of this.#tallies) {
      const labelText = `${this.#labelName}="${label}"`;
      let total = 0;
      for (const [index, count] of counts.entries()) {
        total += count;
        lines.push(`${this.#name}_bucket{le="${BOUNDS_SECONDS[index] ?? '+Inf'}",${labelText}} ${total}`);
      }
      lines.push(`${this.#name}_sum{${labelText}} ${sumSeconds}`, `${this.#name}_count{${labelText}} ${total}`);
    }
    return `${lines.join('\n')}\n`;
  }

  #begin(label: string): Tally {
    const tally = { counts: Array.from({ length: BOUNDS_SECONDS.length + 1 }, () => 0), sumSeconds: 0 };
    this.#tallies.set(label, tally);
    return tally;
  }
}
