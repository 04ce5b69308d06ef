import type { Command } from 'commander';
import { compilePolicySet } from '../decision/compile-policy-set.js';
import { Impact } from '../dry-run/impact/impact.js';
import { impactDocument } from '../dry-run/impact/impact-document.js';
import { impactToJson } from '../dry-run/impact/impact-json.js';
import type { ImpactReport } from '../dry-run/impact/impact-report.js';
import { renderHtml } from '../dry-run/report/render-html.js';
import { renderMarkdown } from '../dry-run/report/render-markdown.js';
import { renderText } from '../dry-run/report/render-text.js';
import { type DurationMillis, durationMillis } from '../policy/duration.js';
import { systemClock } from '../service/clock.js';
import { DEFAULT_CONFIGURATION } from '../service/configuration.js';
import type { CommandLine } from './command-line.js';
import { EXIT } from './exit-code.js';
import { knownServers } from './known-servers.js';
import { addLogOptions, type LogOptions, readLogArguments } from './log-options.js';
import { countArgument, durationArgument, formatOption, policiesOption } from './options.js';
import { PolicySetLoader } from './policy-set-loader.js';
import { progressFor } from './reading-progress.js';

const FORMATS = ['text', 'json', 'markdown', 'html'] as const;

interface ImpactOptions extends LogOptions {
  readonly base: string;
  readonly head?: string;
  readonly policies: string;
  readonly format: (typeof FORMATS)[number];
  readonly firstDetected: string;
  readonly store: string;
  readonly shift: DurationMillis;
  readonly top: number;
}

/** Adds `sluice impact`. */
export function addImpactCommand(program: Command, line: CommandLine): void {
  addLogOptions(program.command('impact'))
    .description('Show what a change of policies would have done to all the traffic of logs.')
    .requiredOption('--base <revision>', 'what to compare with: a git revision, or a folder')
    .option('--head <revision>', 'the change: a git revision, or a folder; by default --policies as it is now')
    .addOption(policiesOption())
    .addOption(formatOption(...FORMATS))
    .option('--first-detected <source>', 'log-start, store, or a file of sluice servers --format json', 'log-start')
    .option('--store <folder>', 'folder of the embedded store, for --first-detected store', '.sluice')
    .option('--shift <duration>', 'move the clock: what the same traffic would meet later', durationArgument, NO_SHIFT)
    .option('--top <count>', 'servers that are shown; JSON has all', countArgument, 20)
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
      const now = systemClock();
      const loader = new PolicySetLoader(options.policies, now, line);
      const names = { before: options.base, after: options.head ?? options.policies };
      const sets = {
        before: compilePolicySet(await loader.load(options.base)),
        after: compilePolicySet(
          options.head === undefined ? await loader.loadFolder() : await loader.load(options.head),
        ),
      };
      const servers = await knownServers(options.firstDetected, options.store);
      const { peerWindow } = DEFAULT_CONFIGURATION;
      const impact = new Impact(sets, { peerWindow, shift: options.shift, servers }, now);
      const progress = progressFor(logs, process.stderr);
      const read = await readLogArguments(logs, options, now, progress, (record) => impact.take(record));
      const report = impact.report(names, read);
      line.out(format(report, options, line.colours));
      line.exit(report.changed === 0 ? EXIT.fine : EXIT.findings);
    });
}

const NO_SHIFT = durationMillis(0);

function format(report: ImpactReport, { format: wanted, top }: ImpactOptions, colours: boolean): string {
  if (wanted === 'json') return `${JSON.stringify(impactToJson(report), null, 2)}\n`;
  const document = impactDocument(report, top);
  if (wanted === 'markdown') return renderMarkdown(document);
  return wanted === 'html' ? renderHtml(document) : renderText(document, colours);
}
