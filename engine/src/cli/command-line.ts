import type { ExitCode } from './exit-code.js';

/** What a command sees of the process, so that tests can call it. */
export interface CommandLine {
  /** Writes to standard output, without a line end of its own. */
  readonly out: (text: string) => void;
  /** Writes to standard error. */
  readonly err: (text: string) => void;
  /** Whether standard output can show colours. */
  readonly colours: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Sets the exit code of the process. */
  readonly exit: (code: ExitCode) => void;
}
