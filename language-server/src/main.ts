import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { serve } from './server.js';

/**
 * Runs the language server on this process's streams: `--stdio`, `--node-ipc` or `--socket=PORT` from the command line say
 * which; without any of them, standard input and output.
 */
export function runLanguageServer(): void {
  const isTold = process.argv.some((argument) => /^--(?:stdio|node-ipc|socket|pipe)\b/.test(argument));
  const connection = isTold
    ? createConnection(ProposedFeatures.all)
    : createConnection(ProposedFeatures.all, process.stdin, process.stdout);
  serve(connection);
}
