import { Command } from 'commander';
import type { CommandLine } from './command-line.js';

/** What a command said, and how it ended. */
export interface Told {
  readonly exitCode: number | undefined;
  readonly out: string;
  readonly err: string;
  /** What it threw. */
  readonly error?: string;
}

/** Runs one command within this process. @param add the function that adds it to a program */
export async function runCommand(
  add: (program: Command, line: CommandLine) => void,
  args: readonly string[],
): Promise<Told> {
  const told = { out: '', err: '', exitCode: undefined as number | undefined };
  const program = new Command().exitOverride();
  add(program, {
    out: (text) => {
      told.out += text;
    },
    err: (text) => {
      told.err += text;
    },
    colours: false,
    environment: {},
    exit: (code) => {
      told.exitCode = code;
    },
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return told;
  } catch (error) {
    return { ...told, error: error instanceof Error ? error.message : String(error) };
  }
}
