import { MAX_DIFFERENCES, type PolicySetDiff } from './diff-policy-sets.js';
import { buildsWords, decidersWords, exampleWords, whereWords } from './difference-words.js';
import { groupDifferences } from './group-differences.js';
import type { Pair } from './outcome-diagrams.js';

/** What is told where two policy sets are equivalent. */
export function equivalentWords({ before, after }: Pair<string>): string {
  return `${before} and ${after} are equivalent: every connection gets the same on every day. This is proved, not sampled.`;
}

/** What is told where there are too many differences. */
export const CUT_WORDS = `There are more differences; the first ${MAX_DIFFERENCES} regions are told.`;

/** A diff for people. @param names what the two policy sets are called */
export function formatDiffText(diff: PolicySetDiff, names: Pair<string>): string {
  if (diff.equivalent) return `${equivalentWords(names)}\n`;
  const groups = groupDifferences(diff.differences);
  const lines = [
    `${counted(groups.length, 'difference')} from ${names.before} to ${names.after}, in ${counted(diff.differences.length, 'region')}.`,
  ];
  for (const [index, { changes, differences }] of groups.entries()) {
    lines.push('', ...changes.map((change, place) => `${place === 0 ? `${index + 1}.` : '  '} ${change}`));
    for (const difference of differences) {
      lines.push('', `   * ${whereWords(difference.region)}`);
      const builds = buildsWords(difference.region);
      if (builds !== undefined) lines.push(`     ${builds}`);
      const details = [...decidersWords(difference), ...exampleWords(difference)];
      lines.push(...details.map(([name, text]) => `     ${name}: ${text}`));
    }
  }
  if (diff.isCut) lines.push('', CUT_WORDS);
  return `${lines.join('\n')}\n`;
}

/** `1 difference`, `2 differences`. */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
