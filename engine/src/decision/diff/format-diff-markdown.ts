import type { PolicySetDiff } from './diff-policy-sets.js';
import { buildsWords, decidersWords, exampleWords, whereWords } from './difference-words.js';
import { CUT_WORDS, counted, equivalentWords } from './format-diff-text.js';
import { groupDifferences } from './group-differences.js';
import type { Pair } from './outcome-diagrams.js';

/** A diff in Markdown (CommonMark), for a review. @param names what the two policy sets are called */
export function formatDiffMarkdown(diff: PolicySetDiff, names: Pair<string>): string {
  if (diff.equivalent) return `${escaped(equivalentWords(names))}\n`;
  const groups = groupDifferences(diff.differences);
  const lines = [
    `**${counted(groups.length, 'difference')}** from ${escaped(names.before)} to ${escaped(names.after)}, in ${counted(diff.differences.length, 'region')}.`,
  ];
  for (const [index, { changes, differences }] of groups.entries()) {
    lines.push('', `### Difference ${index + 1}`, '', ...changes.map((change) => `- **${escaped(change)}**`));
    for (const difference of differences) {
      lines.push('', escaped(whereWords(difference.region)), '');
      const builds = buildsWords(difference.region);
      if (builds !== undefined) lines.push(`- ${escaped(builds)}`);
      const details = [...decidersWords(difference), ...exampleWords(difference)];
      lines.push(...details.map(([name, text]) => `- ${name}: ${escaped(text)}`));
    }
  }
  if (diff.isCut) lines.push('', CUT_WORDS);
  return `${lines.join('\n')}\n`;
}

/** Names come from policies of whoever wrote them: nothing in them is Markdown or HTML. */
function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#|~!&@]/g, (character) => (character === '@' ? '&#64;' : `\\${character}`));
}
