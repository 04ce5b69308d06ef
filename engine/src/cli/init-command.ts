import { constants } from 'node:fs';
import { copyFile, mkdir, readdir } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import type { CommandLine } from './command-line.js';
import { EXIT, UsageError } from './exit-code.js';

const STARTER = fileURLToPath(new URL('../../starter', import.meta.url));

/** Adds `sluice init`. */
export function addInitCommand(program: Command, line: CommandLine): void {
  program
    .command('init')
    .description('Write a commented policy set and configuration to start from.')
    .argument('[folder]', 'where to; made where it does not exist', '.')
    .addHelpText(
      'after',
      `
Files that exist are never overwritten: then nothing is written.

Example:
  sluice init mail-policies && cd mail-policies && sluice check policies && sluice serve --config sluice.yaml

Exit code: 0 written, 2 a file exists or cannot be written.`,
    )
    .action(async (folder: string) => {
      const files = await starterFiles();
      await refuseExisting(folder, files);
      for (const file of files) {
        const target = join(folder, file);
        await mkdir(dirname(target), { recursive: true });
        await copyFile(join(STARTER, file), target, constants.COPYFILE_EXCL);
        line.out(`wrote ${target}\n`);
      }
      line.out(`\nNext: edit the files, then: sluice check ${join(folder, 'policies')}\n`);
      line.exit(EXIT.fine);
    });
}

async function starterFiles(): Promise<readonly string[]> {
  const entries = await readdir(STARTER, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(STARTER, join(entry.parentPath, entry.name)))
    .sort();
}

async function refuseExisting(folder: string, files: readonly string[]): Promise<void> {
  const present = await readdir(folder, { recursive: true }).catch((): string[] => []);
  const clash = files.find((file) => present.includes(file));
  if (clash !== undefined) throw new UsageError(`${join(folder, clash)} exists already; nothing was written`);
}
