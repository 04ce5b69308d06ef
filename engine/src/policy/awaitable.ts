/** A value that is there at once, or comes later. Where each connection asks, a promise costs more than a decision. */
export type Awaitable<T> = T | Promise<T>;

/** Goes on with a value: at once where it is there, else when it has come. */
export function whenReady<T, R>(value: Awaitable<T>, next: (value: T) => Awaitable<R>): Awaitable<R> {
  return value instanceof Promise ? value.then(next) : next(value);
}

/** All of the values: at once where all are there, else when the last has come. */
export function allReady<T>(values: readonly Awaitable<T>[]): Awaitable<readonly T[]> {
  return values.every(isThere) ? values : Promise.all(values);
}

function isThere<T>(value: Awaitable<T>): value is T {
  return !(value instanceof Promise);
}
