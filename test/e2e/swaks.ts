import { runProgram } from '../harness/run-program.js';

export interface SwaksMessage {
  /** Port on 127.0.0.1. */
  readonly port: number;
  /** A message with its headers. */
  readonly file: string;
  /** Address of the client, in 127.0.0.0/8. */
  readonly client: string;
  readonly helo?: string;
}

/** How a mail server answered swaks. */
export interface SwaksResult {
  /** The verbs that were sent, up to the one that was refused; `.` for the end of the message. */
  readonly commands: readonly string[];
  /** The reply that refused, else the one to the end of the message. */
  readonly reply: string;
  readonly transcript: string;
}

/**
 * Sends a message with Debian's swaks.
 *
 * @throws Error where swaks is not installed, or reached nobody
 */
export async function swaks({ port, file, client, helo }: SwaksMessage): Promise<SwaksResult> {
  const { stdout, stderr } = await runProgram('swaks', [
    ...['--server', '127.0.0.1', '--port', String(port), '--local-interface', client, '--helo', helo ?? 'mbx.example'],
    ...['--from', 'sender@contoso.example', '--to', 'orders@fabrikam.example', '--data', `@${file}`],
    ...['--suppress-data', '--timeout', '30'],
  ]).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT' ? new Error('swaks is not installed. On Debian: apt-get install swaks') : error;
  });
  const lines = stdout.split('\n');
  const refusal = lines.findIndex((line) => line.startsWith('<** '));
  const until = refusal < 0 ? lines.findIndex((line) => line.startsWith(' -> QUIT')) : refusal;
  const said = lines.slice(0, until + 1);
  const reply = said.findLast((line) => /^<(?:- |\*\*) /.test(line))?.slice(4);
  if (reply === undefined) throw new Error(`swaks got no reply: ${stdout}${stderr}`);
  return { commands: said.flatMap(commandOf), reply, transcript: stdout };
}

function commandOf(line: string): string[] {
  if (/^ -> \d+ lines sent/.test(line)) return ['.'];
  const verb = /^ -> ([A-Z]+)/.exec(line)?.[1];
  return verb === undefined || verb === 'QUIT' ? [] : [verb];
}
