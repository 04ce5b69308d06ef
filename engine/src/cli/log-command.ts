import type { Command } from 'commander';
import { systemClock } from '../service/clock.js';
import { formatDecisionLogEntry, thinned } from '../traffic/logs/decision-log-entry.js';
import type { LogRecord } from '../traffic/logs/log-record.js';
import type { CommandLine } from './command-line.js';
import { EXIT } from './exit-code.js';
import { addLogsArgument, lostLines, readLogArguments } from './log-options.js';
import { progressFor } from './reading-progress.js';

/** Adds `sluice log`, with what is done to decision logs. */
export function addLogCommand(program: Command, line: CommandLine): void {
  const log = program.command('log').description('Work on decision logs.');
  addLogsArgument(log.command('thin'))
    .description('Write decision logs with no more than deciding again needs, so that months fit.')
    .addHelpText(
      'after',
      `
Decisions, headers and other events go; what is left is replayed to the same decisions.

Example:
  sluice log thin "sluice.log*" | gzip > traffic-2026-11.jsonl.gz

Exit code: 0 fine, 1 some lines could not be read and are missing, 2 a log cannot be read.`,
    )
    .action(async (logs: readonly string[]) => {
      const write = ({ readEntry }: LogRecord) => {
        if (readEntry !== undefined) line.out(formatDecisionLogEntry(thinned(readEntry())));
      };
      const options = { logFormat: 'sluice' } as const;
      const report = await readLogArguments(logs, options, systemClock(), progressFor(logs, process.stderr), write);
      line.err(lostLines(report));
      line.exit(report.unreadable + report.broken.length > 0 ? EXIT.findings : EXIT.fine);
    });
}
