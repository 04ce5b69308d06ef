/** Counts the steps of a check that tries connections, so that it ends whatever the policies say. */
export class WorkBudget {
  #inAll: number;
  #forQuestion = 0;

  /** @param limits most steps in all, and for one question */
  constructor(readonly limits: { readonly inAll: number; readonly perQuestion: number }) {
    this.#inAll = limits.inAll;
  }

  /** Gives a new question its share of what is left. */
  beginQuestion(): void {
    this.#forQuestion = Math.min(this.limits.perQuestion, this.#inAll);
  }

  spend(steps: number): void {
    this.#inAll -= steps;
    this.#forQuestion -= steps;
  }

  /** Whether the question at hand has to be given up. */
  get isSpent(): boolean {
    return this.#forQuestion <= 0;
  }

  /** Whether no further question can be asked. */
  get isSpentInAll(): boolean {
    return this.#inAll <= 0;
  }
}

/** Steps for looking at so many items of a list one after the other. */
export function stepsFor(items: number): number {
  return 1 + (items >> 6);
}
