import type { Command } from 'commander';
import type { CommandLine } from './command-line.js';
import { UsageError } from './exit-code.js';

/** A package of its own, which needs this one and not the other way round. */
const LANGUAGE_SERVER = '@sluice/language-server';

/** Adds `sluice lsp`. */
export function addLspCommand(program: Command, _line: CommandLine): void {
  program
    .command('lsp')
    .description('Run the language server on standard input and output, for any editor that speaks LSP.')
    .option('--stdio', 'accepted, as many editors add it; it is what is done anyway')
    .addHelpText(
      'after',
      '\nThe editor starts and ends it. docs/editor.md says how Neovim, Helix and VS Code are told.',
    )
    .action(async () => {
      const { runLanguageServer } = await languageServer();
      runLanguageServer();
    });
}

async function languageServer(): Promise<{ runLanguageServer: () => void }> {
  try {
    return await import(LANGUAGE_SERVER);
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new UsageError(`The language server is not installed; npm install ${LANGUAGE_SERVER} does that`);
  }
}
