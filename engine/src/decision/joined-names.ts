/** Pairs that are remembered at most. */
const MAX_PAIRS = 1 << 17;

/**
 * Joins two names with a slash, to one text that is the same object for the same names. A new text has to be put together and
 * hashed whenever it is looked for in a map, which takes longer than to look for the two. Bounded: a full memory starts anew.
 */
export class JoinedNames {
  readonly #byFirst = new Map<string, Map<string, string>>();
  #pairs = 0;

  of(first: string, second: string): string {
    let bySecond = this.#byFirst.get(first);
    if (bySecond === undefined) {
      bySecond = new Map();
      this.#byFirst.set(first, bySecond);
    }
    const known = bySecond.get(second);
    return known ?? this.#join(bySecond, first, second);
  }

  #join(bySecond: Map<string, string>, first: string, second: string): string {
    const joined = `${first}/${second}`;
    if (this.#pairs >= MAX_PAIRS) {
      this.#byFirst.clear();
      this.#pairs = 0;
      return joined;
    }
    bySecond.set(second, joined);
    this.#pairs++;
    return joined;
  }
}
