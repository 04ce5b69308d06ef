import type { Command } from 'commander';
import { diffToJson } from '../decision/diff/diff-json.js';
import { diffPolicySets, type PolicySetDiff } from '../decision/diff/diff-policy-sets.js';
import { formatDiffMarkdown } from '../decision/diff/format-diff-markdown.js';
import { formatDiffText } from '../decision/diff/format-diff-text.js';
import type { EpochMillis } from '../policy/instant.js';
import type { CommandLine } from './command-line.js';
import { EXIT } from './exit-code.js';
import { formatOption, instantArgument, policiesOption, presentSecond } from './options.js';
import { PolicySetLoader } from './policy-set-loader.js';

const DIFF_FORMATS = ['text', 'json', 'markdown'] as const;

interface DiffOptions {
  readonly policies: string;
  readonly format: (typeof DIFF_FORMATS)[number];
  readonly at?: EpochMillis;
}

/** Adds `sluice diff`. */
export function addDiffCommand(program: Command, line: CommandLine): void {
  program
    .command('diff')
    .description('Compare two policy sets exactly: who is treated otherwise, and since which day.')
    .argument('<before>', 'a folder, or a git revision')
    .argument('[after]', 'a folder, or a git revision; by default the folder of --policies as it is now')
    .addOption(policiesOption())
    .addOption(formatOption(...DIFF_FORMATS))
    .option('--at <instant>', 'instant of the examples; now by default', instantArgument)
    .addHelpText(
      'after',
      `
Of a git revision, the folder of --policies is compared. What exists as a folder is taken for one.

Examples:
  sluice diff origin/main                      what a change does, before it is merged
  sluice diff v1.0 v1.1 --policies policies
  sluice diff --format markdown policies.old policies

Exit code: 0 equivalent, 1 different, 2 a policy set has errors, cannot be read, or another fault.`,
    )
    .action(async (before: string, after: string | undefined, options: DiffOptions) => {
      const now = options.at ?? presentSecond();
      const names = { before, after: after ?? options.policies };
      const loader = new PolicySetLoader(options.policies, now, line);
      const sets = {
        before: await loader.load(before),
        after: after === undefined ? await loader.loadFolder() : await loader.load(after),
      };
      const diff = diffPolicySets(sets.before, sets.after, now);
      line.out(format(diff, names, options.format));
      line.exit(diff.equivalent ? EXIT.fine : EXIT.findings);
    });
}

function format(
  diff: PolicySetDiff,
  names: { readonly before: string; readonly after: string },
  wanted: DiffOptions['format'],
): string {
  if (wanted === 'json') return `${JSON.stringify(diffToJson(diff, names), null, 2)}\n`;
  return wanted === 'markdown' ? formatDiffMarkdown(diff, names) : formatDiffText(diff, names);
}
