import { Command, CommanderError } from 'commander';
import picocolors from 'picocolors';
import { addCheckCommand } from './check-command.js';
import type { CommandLine } from './command-line.js';
import { addDecideCommand } from './decide-command.js';
import { addDetectCommand } from './detect-command.js';
import { addDiffCommand } from './diff-command.js';
import { EXIT, UsageError } from './exit-code.js';
import { addInitCommand } from './init-command.js';
import { addSendCommand } from './send-command.js';
import { addServeCommand } from './serve-command.js';
import { addServersCommand } from './servers-command.js';
import { addVersionCommand } from './version-command.js';

/** Runs a command line; never throws. */
export async function run(args: readonly string[], line: CommandLine): Promise<void> {
  const program = new Command('sluice')
    .description('Policy-as-code for the SMTP edge: throttle and block mail servers that nobody patches.')
    .exitOverride()
    .configureOutput({ writeOut: line.out, writeErr: line.err })
    .showHelpAfterError('(see --help)')
    .addHelpText('after', '\nExit code: 0 fine, 1 findings or refused, 2 a wrong command line or a fault.');
  for (const add of COMMANDS) add(program, line);
  for (const command of program.commands) {
    command
      .exitOverride()
      .configureOutput({ writeOut: line.out, writeErr: line.err })
      .showHelpAfterError('(see --help)');
  }
  try {
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    line.exit(exitCodeOf(error, line));
  }
}

const COMMANDS = [
  addCheckCommand,
  addDecideCommand,
  addDetectCommand,
  addDiffCommand,
  addServeCommand,
  addInitCommand,
  addServersCommand,
  addSendCommand,
  addVersionCommand,
];

function exitCodeOf(error: unknown, line: CommandLine) {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.fine : EXIT.fault;
  const message = error instanceof Error ? error.message : String(error);
  line.err(`sluice: ${message}${/[.?]$/.test(message) ? '' : '.'}\n`);
  if (!(error instanceof UsageError) && process.env['SLUICE_DEBUG'] !== undefined && error instanceof Error) {
    line.err(`${error.stack}\n`);
  }
  return EXIT.fault;
}

await run(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  colours: picocolors.isColorSupported && process.stdout.isTTY === true,
  environment: process.env,
  exit: (code) => {
    process.exitCode = code;
  },
});
