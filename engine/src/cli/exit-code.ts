/** What the process tells its caller. */
export const EXIT = {
  fine: 0,
  /** Findings that are errors, or a connection that is refused. */
  findings: 1,
  /** The command line is wrong, or something failed. */
  fault: 2,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Something that the user can put right: shown as it is, without a stack trace. */
export class UsageError extends Error {}
