/** A store cannot do what was asked: the message tells which store, what is wrong and what to do. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  /** Directory of the store; absent for a store that has none. */
  readonly path: string | undefined;

  constructor(message: string, details: { readonly path?: string; readonly cause?: unknown } = {}) {
    super(message, 'cause' in details ? { cause: details.cause } : undefined);
    this.path = details.path;
  }
}

/** What every method of a closed store fails with. */
export function closedStoreError(path?: string): StoreError {
  return new StoreError(
    'The store is closed. Open it again before you use it.',
    path === undefined ? undefined : { path },
  );
}
