import { changeWords } from './change-words.js';
import type { Difference } from './diff-policy-sets.js';

/** Differences that come to the same change, in the regions in which it happens. */
export interface DifferenceGroup {
  /** Each change in one line of words. */
  readonly changes: readonly string[];
  readonly differences: readonly Difference[];
}

/** Puts differences of equal changes together. */
export function groupDifferences(differences: readonly Difference[]): DifferenceGroup[] {
  const groups = new Map<string, { readonly changes: readonly string[]; readonly differences: Difference[] }>();
  for (const difference of differences) {
    const changes = difference.changes.map(changeWords);
    const key = changes.join('\n');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { changes, differences: [difference] });
    else group.differences.push(difference);
  }
  return [...groups.values()];
}
