import { checkPolicySet } from '../decision/check-policies.js';
import { compilePolicySet } from '../decision/compile-policy-set.js';
import type { CompiledPolicySet, DecisionSettings } from '../decision/compiled-policy-set.js';
import type { EpochMillis } from '../policy/instant.js';
import type { PolicyTest } from '../policy/policy-test.js';
import { readPolicyFolder } from '../policy/read-policy-folder.js';
import { revisionWithCommit } from '../service/git-commit.js';
import type { CommandLine } from './command-line.js';
import { UsageError } from './exit-code.js';
import { formatFindings } from './format-findings.js';
import { SLUICE_VERSION } from './sluice-version.js';

/**
 * Loads the policy set of a folder for a command; its revision names the git commit, where there is one.
 *
 * @throws UsageError where it has errors, which are then printed
 */
export async function loadPolicies(
  folder: string,
  now: EpochMillis,
  line: CommandLine,
  settings: Partial<DecisionSettings> = {},
): Promise<CompiledPolicySet> {
  return (await loadPoliciesAndTests(folder, now, line, settings)).compiled;
}

/** A policy set with its own tests. */
export interface TestedPolicySet {
  readonly compiled: CompiledPolicySet;
  readonly tests: readonly PolicyTest[];
}

/**
 * Loads the policy set of a folder, and its tests.
 *
 * @throws UsageError where it has errors, which are then printed
 */
export async function loadPoliciesAndTests(
  folder: string,
  now: EpochMillis,
  line: CommandLine,
  settings: Partial<DecisionSettings> = {},
): Promise<TestedPolicySet> {
  const files = await readPolicyFolder(folder).catch((error: Error) => {
    throw new UsageError(`The policies cannot be read: ${error.message}`);
  });
  const { policySet, findings, tests } = checkPolicySet(files, now);
  if (policySet !== undefined) {
    const revision = await revisionWithCommit(policySet.revision, folder);
    return { compiled: compilePolicySet({ ...policySet, revision }, settings), tests };
  }
  const errors = findings.filter((each) => each.severity === 'error');
  line.err(formatFindings('pretty', errors, { colours: false, version: SLUICE_VERSION, files: files.length }));
  throw new UsageError(`${folder} holds no valid policy set`);
}
