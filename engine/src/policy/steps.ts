/** Work in steps, between which others can have their turn. */
export type Steps<T> = Generator<void, T, void>;

/** Does the work at one go. */
export function finish<T>(steps: Steps<T>): T {
  for (let step = steps.next(); ; step = steps.next()) if (step.done === true) return step.value;
}
