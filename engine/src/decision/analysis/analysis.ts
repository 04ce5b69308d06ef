import type { Finding, FindingCode } from '../../policy/finding.js';
import type { SourceSpan } from '../../policy/source.js';
import type { ExactAnalysis } from './exact-analysis.js';

/** One thing that is looked for in a whole policy set. To add one: a file with its test, and a line in `analyses.ts`. */
export interface Analysis {
  readonly code: FindingCode;
  /** Whether what it says would be false if a policy or an exemption were left out because of an error. */
  readonly needsWholeSet: boolean;
  /**
   * Finds it wherever it is. What it tells is certain.
   *
   * @throws DiagramTooLargeError where it may be elsewhere too, but the policy set is too large for an exact answer
   */
  readonly find: (analysis: ExactAnalysis) => Iterable<Finding>;
}

/** The first column of the first line of something larger stands for the whole of it. */
export function headOf({ source: { file, range } }: { readonly source: SourceSpan }): SourceSpan {
  const { start } = range;
  return { file, range: { start, end: { line: start.line, column: start.column + 1 } } };
}
