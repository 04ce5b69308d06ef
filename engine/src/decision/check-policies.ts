import type { DocumentCache } from '../policy/document-cache.js';
import { sortFindings } from '../policy/finding.js';
import type { EpochMillis } from '../policy/instant.js';
import type { PolicyFile } from '../policy/policy-file.js';
import { fewPerFile, type PolicySetResult, readPolicySet } from '../policy/read-policy-set.js';
import { analyse } from './analysis/analyses.js';
import { checkInvariants } from './invariants/check-invariants.js';

/**
 * Reads and checks a policy set, and analyses what its policies do together; policies and exemptions with errors are left out
 * of that, and nothing else is. What it reports is certain.
 *
 * @param now the instant by which exemptions have expired or not
 * @param cache documents of an earlier check, which are not read again where their files are the same
 */
export function checkPolicySet(files: readonly PolicyFile[], now: EpochMillis, cache?: DocumentCache): PolicySetResult {
  const read = readPolicySet(files, now, cache);
  const { sound, findings: found, policySet, tests } = read;
  const together = [...analyse(sound, now, policySet !== undefined), ...checkInvariants(read, now)];
  const findings = fewPerFile(sortFindings([...found, ...together]));
  const isFaulty = policySet === undefined || findings.some((each) => each.severity === 'error');
  return isFaulty ? { findings, tests } : { findings, tests, policySet };
}
