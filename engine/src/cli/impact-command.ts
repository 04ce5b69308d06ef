import type { Command } from 'commander';
import { compilePolicySet } from '../decision/compile-policy-set.js';
import { Impact } from '../dry-run/impact/impact.js';
import { impactDocument } from '../dry-run/impact/impact-document.js';
import { impactToJson } from '../dry-run/impact/impact-json.js';
import type { ImpactReport } from '../dry-run/impact/impact-report.js';
import { renderDocument } from '../dry-run/report/render-document.js';
import type { CommandLine } from './command-line.js';
import { EXIT } from './exit-code.js';
import { addLogOptions, type LogOptions, readLogArguments } from './log-options.js';
import { formatOption, policiesOption, presentSecond } from './options.js';
import { PolicySetLoader } from './policy-set-loader.js';
import { progressFor } from './reading-progress.js';
import { addReplayOptions, type ReplayArguments, replayOptionsOf } from './replay-options.js';

const FORMATS = ['text', 'json', 'markdown', 'html'] as const;

interface ImpactOptions extends LogOptions, ReplayArguments {
  readonly base: string;
  readonly head?: string;
  readonly policies: string;
  readonly format: (typeof FORMATS)[number];
}

/** Adds `sluice impact`. */
export function addImpactCommand(program: Command, line: CommandLine): void {
  addReplayOptions(addLogOptions(program.command('impact')))
    .description('Show what a change of policies would have done to all the traffic of logs.')
    .requiredOption('--base <revision>', 'what to compare with: a git revision, or a folder')
    .option('--head <revision>', 'the change: a git revision, or a folder; by default --policies as it is now')
    .addOption(policiesOption())
    .addOption(formatOption(...FORMATS))
    .addHelpText(
      'after',
      `
Every region of facts and time in which the two differ is told, with the traffic in it, and without where there is none.

Examples:
  sluice impact --base origin/main sluice.log
  sluice impact --base HEAD~1 --head HEAD --format markdown "archive/*.jsonl.gz"

Exit code: 0 equivalent or no record decided otherwise, 1 some are, 2 a log or a policy set cannot be read.`,
    )
    .action(async (logs: readonly string[], options: ImpactOptions) => {
      const now = presentSecond();
      const loader = new PolicySetLoader(options.policies, now, line);
      const names = { before: options.base, after: options.head ?? options.policies };
      const sets = {
        before: compilePolicySet(await loader.load(options.base)),
        after: compilePolicySet(
          options.head === undefined ? await loader.loadFolder() : await loader.load(options.head),
        ),
      };
      const impact = new Impact(sets, await replayOptionsOf(options), now);
      const progress = progressFor(logs, process.stderr);
      const read = await readLogArguments(logs, options, now, progress, (record) => impact.take(record));
      const report = impact.report(names, read);
      line.out(format(report, options, line.colours));
      line.exit(report.changed === 0 ? EXIT.fine : EXIT.findings);
    });
}

function format(report: ImpactReport, { format: wanted, top }: ImpactOptions, colours: boolean): string {
  if (wanted === 'json') return `${JSON.stringify(impactToJson(report), null, 2)}\n`;
  return renderDocument(impactDocument(report, top), wanted, colours);
}
