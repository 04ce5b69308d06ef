import type { Finding, FindingCode } from '../../policy/finding.js';
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
