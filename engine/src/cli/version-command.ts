import type { Command } from 'commander';
import type { CommandLine } from './command-line.js';
import { EXIT } from './exit-code.js';
import { SLUICE_VERSION } from './sluice-version.js';

/** Adds `sluice version`. */
export function addVersionCommand(program: Command, line: CommandLine): void {
  program
    .command('version')
    .description('Print the version of Sluice and of Node.js.')
    .addHelpText(
      'after',
      `
Example:
  sluice version

Exit code: 0.`,
    )
    .action(() => {
      line.out(`sluice ${SLUICE_VERSION} (node ${process.versions.node})\n`);
      line.exit(EXIT.fine);
    });
}
