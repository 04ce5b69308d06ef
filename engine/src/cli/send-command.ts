import { readFile } from 'node:fs/promises';
import { type Command, InvalidArgumentError } from 'commander';
import { createTransport } from 'nodemailer';
import { parseListenAddress } from '../service/configuration.js';
import type { CommandLine } from './command-line.js';
import { EXIT, UsageError } from './exit-code.js';

interface SendOptions {
  readonly to?: { readonly host: string; readonly port: number };
  readonly helo: string;
  readonly from: string;
  readonly recipient: string;
}

/** Adds `sluice send`. */
export function addSendCommand(program: Command, line: CommandLine): void {
  program
    .command('send')
    .description('Hand a message to a mail server over SMTP, and print its reply; for trying out.')
    .argument('<file>', 'a message with its headers')
    .option('--to <host:port>', 'mail server; 127.0.0.1:2525 by default', hostPortArgument)
    .option('--helo <name>', 'name for EHLO', 'client.example')
    .option('--from <address>', 'envelope sender', 'sender@client.example')
    .option('--recipient <address>', 'envelope recipient', 'recipient@gateway.example')
    .addHelpText(
      'after',
      `
Examples:
  sluice send policies/traffic/exchange-2016-outdated.eml
  sluice send --to 127.0.0.1:25 message.eml

Exit code: 0 the message was accepted, 1 it was refused, 2 a fault.`,
    )
    .action(async (file: string, options: SendOptions) => {
      const raw = await readFile(file).catch((error: Error) => {
        throw new UsageError(`The message cannot be read: ${error.message}`);
      });
      const refusal = await send(raw, options, line);
      line.exit(refusal ? EXIT.findings : EXIT.fine);
    });
}

/** Where the demo listens. */
const DEMO_LISTENER = { host: '127.0.0.1', port: 2525 };

/** Whether the server refused the message. */
async function send(
  raw: Buffer,
  { to = DEMO_LISTENER, helo, from, recipient }: SendOptions,
  line: CommandLine,
): Promise<boolean> {
  const transport = createTransport({ ...to, name: helo, ignoreTLS: true, connectionTimeout: 5_000 });
  try {
    const { response } = await transport.sendMail({ envelope: { from, to: recipient }, raw });
    line.out(`${response}\n`);
    return false;
  } catch (error) {
    const response = replyIn(error);
    if (response === undefined) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new UsageError(`${to.host}:${to.port} cannot be reached: ${reason}`);
    }
    line.out(`${response}\n`);
    return true;
  } finally {
    transport.close();
  }
}

function replyIn(error: unknown): string | undefined {
  return error instanceof Error && 'response' in error && typeof error.response === 'string'
    ? error.response
    : undefined;
}

function hostPortArgument(text: string): { host: string; port: number } {
  const address = parseListenAddress(text);
  if (address?.kind !== 'tcp') throw new InvalidArgumentError('HOST:PORT was expected, such as 127.0.0.1:2525.');
  return { host: address.host, port: address.port };
}
