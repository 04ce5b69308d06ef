import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { SLUICE } from './repository.js';

/** What a program said and how it ended. */
export interface ProgramResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProgramOptions {
  readonly cwd?: string;
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Longest time that it may take, in milliseconds. */
  readonly limitMillis?: number;
}

/** Longest time that a program may take where nothing else is said, in milliseconds. */
const LONGEST_RUN_MILLIS = 60_000;

/**
 * Runs a program to its end.
 *
 * @throws Error where it cannot be started
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  { cwd, input = '', env = {}, limitMillis = LONGEST_RUN_MILLIS }: ProgramOptions = {},
): Promise<ProgramResult> {
  const child = spawn(program, args, {
    env: { ...process.env, ...env },
    timeout: limitMillis,
    killSignal: 'SIGKILL',
    ...(cwd === undefined ? {} : { cwd }),
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output.stderr += text;
  });
  // A program that ends without reading breaks the pipe.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const [exitCode] = (await once(child, 'close')) as [number | null];
  return { exitCode, ...output };
}

/** Runs a command of Sluice as a user does. */
export function runSluice(args: readonly string[], options: ProgramOptions = {}): Promise<ProgramResult> {
  return runProgram(process.execPath, [SLUICE, ...args], { ...options, env: { NO_COLOR: '1', ...options.env } });
}
