import type { PolicySetDiff } from '../../decision/diff/diff-policy-sets.js';
import type { Pair } from '../../decision/diff/outcome-diagrams.js';
import type { Finding } from '../../policy/finding.js';
import type { ImpactReport } from '../impact/impact-report.js';
import type { TestResult } from '../policy-tests/test-result.js';

/** What a reviewer of a change of policies has to know. */
export interface Review {
  readonly names: Pair<string>;
  /** Paths of files as they are in the repository. */
  readonly findings: readonly Finding[];
  /** The paths of files of the policy set, as they are in the repository. */
  readonly pathOf: (file: string) => string;
  /** Absent, as all that follows, where the policies have errors. */
  readonly tests?: readonly TestResult[];
  /** Absent too where there is nothing valid to compare with. */
  readonly diff?: PolicySetDiff;
  /** Why there is no diff. */
  readonly noDiff?: string;
  /** Absent too where no logs were given. */
  readonly impact?: ImpactReport;
}

/** Whether the change may be merged: no errors, no test that fails. What it changes is for people to judge. */
export function passes({ findings, tests = [] }: Review): boolean {
  return findings.every(({ severity }) => severity !== 'error') && tests.every(({ failures }) => failures.length === 0);
}
