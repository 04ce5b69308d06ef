import type { PolicySetDiff } from './diff-policy-sets.js';
import { buildsWords, decidersWords, exampleWords, whereWords } from './difference-words.js';
import { escapeMarkdown } from './escape-markdown.js';
import { CUT_WORDS, counted, equivalentWords } from './format-diff-text.js';
import { groupDifferences } from './group-differences.js';
import type { Pair } from './outcome-diagrams.js';

/** A diff in Markdown (CommonMark), for a review. @param names what the two policy sets are called */
export function formatDiffMarkdown(diff: PolicySetDiff, names: Pair<string>): string {
  if (diff.equivalent) return `${escapeMarkdown(equivalentWords(names))}\n`;
  const groups = groupDifferences(diff.differences);
  const lines = [
    `**${counted(groups.length, 'difference')}** from ${escapeMarkdown(names.before)} to ${escapeMarkdown(names.after)}, in ${counted(diff.differences.length, 'region')}.`,
  ];
  for (const [index, { changes, differences }] of groups.entries()) {
    lines.push('', `### Difference ${index + 1}`, '', ...changes.map((change) => `- **${escapeMarkdown(change)}**`));
    for (const difference of differences) {
      lines.push('', escapeMarkdown(whereWords(difference.region)), '');
      const builds = buildsWords(difference.region);
      if (builds !== undefined) lines.push(`- ${escapeMarkdown(builds)}`);
      const details = [...decidersWords(difference), ...exampleWords(difference)];
      lines.push(...details.map(([name, text]) => `- ${name}: ${escapeMarkdown(text)}`));
    }
  }
  if (diff.isCut) lines.push('', CUT_WORDS);
  return `${lines.join('\n')}\n`;
}
