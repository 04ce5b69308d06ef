import type { Command } from 'commander';
import type { DecisionSettings } from '../decision/compiled-policy-set.js';
import { decisionToJson } from '../decision/decision-json.js';
import { Replay, type ReplayedRecord } from '../dry-run/replay/replay.js';
import { replayCsv } from '../dry-run/replay/replay-csv.js';
import { replayDocument } from '../dry-run/replay/replay-document.js';
import { replayJson } from '../dry-run/replay/replay-json.js';
import type { ReplayReport } from '../dry-run/replay/replay-report.js';
import { ReplayTally } from '../dry-run/replay/replay-tally.js';
import { renderDocument } from '../dry-run/report/render-document.js';
import { formatInstant } from '../policy/instant.js';
import { systemClock } from '../service/clock.js';
import type { LogRecord } from '../traffic/logs/log-record.js';
import type { CommandLine } from './command-line.js';
import { EXIT } from './exit-code.js';
import { loadPolicies } from './load-policies.js';
import { addLogOptions, type LogOptions, lostLines, readLogArguments } from './log-options.js';
import { formatOption, policiesOption } from './options.js';
import { progressFor } from './reading-progress.js';
import { addReplayOptions, type ReplayArguments, replayOptionsOf } from './replay-options.js';

const FORMATS = ['text', 'json', 'csv', 'markdown', 'html', 'decisions'] as const;

type ReportFormat = Exclude<(typeof FORMATS)[number], 'decisions'>;

interface ReplayOptions extends LogOptions, ReplayArguments {
  readonly policies: string;
  readonly format: (typeof FORMATS)[number];
  readonly gatewayName?: string;
}

/** Adds `sluice replay`. */
export function addReplayCommand(program: Command, line: CommandLine): void {
  addReplayOptions(addLogOptions(program.command('replay')))
    .description('Decide again for all the traffic of logs: who would have been refused, when, and how often.')
    .addOption(policiesOption())
    .addOption(formatOption(...FORMATS))
    .option('--gateway-name <name>', 'name of the gateway in replies')
    .addHelpText(
      'after',
      `
Decisions that the service logged can be decided again exactly; other logs as far as they tell. The format
decisions writes one line of JSON a record, as it is read.

Examples:
  sluice replay sluice.log
  sluice replay --shift 30d --format html "/var/log/mail.log*" > replay.html
  sluice replay --first-detected store --store /var/lib/sluice archive/*.eml

Exit code: 0 fine, 2 a log or the policies cannot be read.`,
    )
    .action(async (logs: readonly string[], options: ReplayOptions) => {
      const now = systemClock();
      const compiled = await loadPolicies(options.policies, now, line, settingsOf(options));
      const replay = new Replay(compiled, await replayOptionsOf(options));
      const progress = progressFor(logs, process.stderr);
      const { format: wanted } = options;
      if (wanted === 'decisions') {
        const print = (record: LogRecord) => line.out(decisionLine(replay.take(record)));
        line.err(lostLines(await readLogArguments(logs, options, now, progress, print)));
      } else {
        const tally = new ReplayTally();
        const read = await readLogArguments(logs, options, now, progress, (record) => tally.add(replay.take(record)));
        const report = tally.report(compiled.policySet.revision, read, options.shift);
        line.out(format(report, wanted, options.top, line.colours));
        if (wanted === 'csv') line.err(lostLines(read));
      }
      line.exit(EXIT.fine);
    });
}

function format(report: ReplayReport, wanted: ReportFormat, top: number, colours: boolean): string {
  if (wanted === 'json') return replayJson(report);
  if (wanted === 'csv') return replayCsv(report);
  return renderDocument(replayDocument(report, top), wanted, colours);
}

/** One record's decision as a line of JSON, with its place in the log. */
function decisionLine({ log, at, decision, awaitsHeaders }: ReplayedRecord): string {
  const { file, line, moment } = log;
  const place = { file, line, at: formatInstant(at), moment, ...(awaitsHeaders ? { awaitsHeaders } : {}) };
  return `${JSON.stringify({ ...place, decision: decisionToJson(decision) })}\n`;
}

function settingsOf({ gatewayName }: ReplayOptions): Partial<DecisionSettings> {
  return gatewayName === undefined ? {} : { gatewayName };
}
