import { Command, CommanderError } from 'commander';
import picocolors from 'picocolors';
import type { CommandLine } from './command-line.js';
import { EXIT, UsageError } from './exit-code.js';

/** Runs a command line; never throws. */
export async function run(args: readonly string[], line: CommandLine): Promise<void> {
  const program = new Command('sluice')
    .description('Policy-as-code for the SMTP edge: throttle and block mail servers that nobody patches.')
    .exitOverride()
    .configureOutput({ writeOut: line.out, writeErr: line.err })
    .showHelpAfterError('(see --help)')
    .addHelpText('after', '\nExit code: 0 fine, 1 findings or refused, 2 a wrong command line or a fault.');
  for (const add of await commandsFor(args[0])) add(program, line);
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

type AddCommand = (program: Command, line: CommandLine) => void;

/** One file a command, loaded when it is asked for: some bring a store and servers along. */
const COMMANDS: Readonly<Record<string, () => Promise<AddCommand>>> = {
  check: async () => (await import('./check-command.js')).addCheckCommand,
  test: async () => (await import('./test-command.js')).addTestCommand,
  decide: async () => (await import('./decide-command.js')).addDecideCommand,
  detect: async () => (await import('./detect-command.js')).addDetectCommand,
  diff: async () => (await import('./diff-command.js')).addDiffCommand,
  forecast: async () => (await import('./forecast-command.js')).addForecastCommand,
  replay: async () => (await import('./replay-command.js')).addReplayCommand,
  impact: async () => (await import('./impact-command.js')).addImpactCommand,
  review: async () => (await import('./review-command.js')).addReviewCommand,
  log: async () => (await import('./log-command.js')).addLogCommand,
  serve: async () => (await import('./serve-command.js')).addServeCommand,
  init: async () => (await import('./init-command.js')).addInitCommand,
  servers: async () => (await import('./servers-command.js')).addServersCommand,
  lsp: async () => (await import('./lsp-command.js')).addLspCommand,
  send: async () => (await import('./send-command.js')).addSendCommand,
  version: async () => (await import('./version-command.js')).addVersionCommand,
};

/** The command that the first argument names, else all of them, for the help and for what is misspelt. */
function commandsFor(first: string | undefined): Promise<readonly AddCommand[]> {
  const named = first !== undefined && Object.hasOwn(COMMANDS, first) ? COMMANDS[first] : undefined;
  return Promise.all((named === undefined ? Object.values(COMMANDS) : [named]).map((load) => load()));
}

function exitCodeOf(error: unknown, line: CommandLine) {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.fine : EXIT.fault;
  const message = error instanceof Error ? error.message : String(error);
  line.err(`sluice: ${message}${/[.?]$/.test(message) ? '' : '.'}\n`);
  if (!(error instanceof UsageError) && process.env['SLUICE_DEBUG'] !== undefined && error instanceof Error) {
    line.err(`${error.stack}\n`);
  }
  return EXIT.fault;
}

// Whoever reads the output may have seen enough, as `head` has.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(EXIT.fine);
  process.stderr.write(`sluice: standard output cannot be written: ${error.message}.\n`);
  process.exit(EXIT.fault);
});

await run(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  colours: picocolors.isColorSupported && process.stdout.isTTY === true,
  environment: process.env,
  exit: (code) => {
    process.exitCode = code;
  },
});
