/** Sets everything of a file right that has one certain fix. */
export const FIX_ALL_KIND = 'source.fixAll.sluice';

/** Whether a client that asks for some kinds of actions, or for all, wants one; what is for a whole file has to be named. */
export function isKindWanted(only: readonly string[] | undefined, kind: string): boolean {
  return only === undefined ? kind !== FIX_ALL_KIND : only.some((each) => isKindWithin(kind, each));
}

/** Kinds of code actions are a tree, with dots between its levels. */
export function isKindWithin(kind: string, parent: string): boolean {
  return parent === '' || kind === parent || kind.startsWith(`${parent}.`);
}
