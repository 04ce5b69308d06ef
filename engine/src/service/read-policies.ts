import { setTimeout as delay } from 'node:timers/promises';
import { checkPolicySet } from '../decision/check-policies.js';
import { compileDiagram } from '../decision/diagram/compile-diagram.js';
import { type PolicySetPart, partsOf } from '../decision/handover/policy-set-parts.js';
import { operatorLookup } from '../decision/rules-engine.js';
import { DocumentCache } from '../policy/document-cache.js';
import { fileKindOf } from '../policy/file-kind.js';
import type { Finding } from '../policy/finding.js';
import type { EpochMillis } from '../policy/instant.js';
import type { PolicyFile } from '../policy/policy-file.js';
import type { PolicySet } from '../policy/policy-set.js';
import { readPolicyFolder } from '../policy/read-policy-folder.js';
import { readPolicySet } from '../policy/read-policy-set.js';
import { revisionOf } from '../policy/revision.js';
import { revisionWithCommit } from './git-commit.js';

/** Time between two readings that have to agree, in milliseconds. */
const SETTLING_MILLIS = 60;
/** Readings before a folder that keeps changing is read as it is. */
const MAX_READINGS = 20;

/** What is to be read. */
export interface PolicyQuery {
  readonly folder: string;
  /** Contents of this hash need not be checked again; empty for none. */
  readonly knownHash: string;
  /** The instant by which exemptions have expired or not. */
  readonly now: EpochMillis;
  /** Whether a policy set is taken although it violates its invariants. */
  readonly toleratesViolations: boolean;
}

/** What stands in a folder. */
export interface ReadPolicies {
  readonly contentHash: string;
  readonly findings: readonly Finding[];
  /** The compiled policy set; absent where the findings do not allow it. */
  readonly parts?: Iterable<PolicySetPart>;
}

/**
 * Reads, checks and compiles a folder, which takes seconds where it is large.
 *
 * @returns undefined where its contents have the known hash
 * @throws Error where it cannot be read, or holds no policy
 */
export async function readPolicies(query: PolicyQuery): Promise<ReadPolicies | undefined> {
  const { folder, knownHash } = query;
  const files = await readSettled(folder);
  const contentHash = revisionOf(files);
  if (contentHash === knownHash) return undefined;
  const { policySet, findings } = checkFiles(files, query);
  if (policySet === undefined) return { contentHash, findings };
  const revision = await revisionWithCommit(policySet.revision, folder);
  const parts = partsOf({ ...policySet, revision }, compileDiagram(policySet, operatorLookup()));
  return { contentHash, findings, parts };
}

/** The hash of what stands in a folder now; empty where it cannot be read. */
export async function hashPolicies(folder: string): Promise<string> {
  try {
    return revisionOf(await readPolicyFolder(folder));
  } catch {
    return '';
  }
}

/** Reads a folder until two readings agree, so that a file that is half written is not taken for whole. */
async function readSettled(folder: string): Promise<readonly PolicyFile[]> {
  let files = await readPolicyFolder(folder);
  for (let reading = 1; reading < MAX_READINGS; reading++) {
    await delay(SETTLING_MILLIS);
    const again = await readPolicyFolder(folder);
    if (revisionOf(again) === revisionOf(files)) break;
    files = again;
  }
  // A folder that a checkout has just emptied would let everything pass.
  if (!files.some((file) => fileKindOf(file.path) === 'policy')) {
    throw new Error(`${folder} holds no policy file; at least one *.policy.yaml was expected`);
  }
  return files;
}

function checkFiles(
  files: readonly PolicyFile[],
  { now, toleratesViolations }: PolicyQuery,
): { readonly policySet?: PolicySet | undefined; readonly findings: readonly Finding[] } {
  const documents = new DocumentCache();
  const { policySet, findings } = checkPolicySet(files, now, documents);
  if (policySet !== undefined || !toleratesViolations || !isOnlyAgainstInvariants(findings)) {
    return { policySet, findings };
  }
  return { policySet: readPolicySet(files, now, documents).policySet, findings };
}

/**
 * A change that violates an invariant is refused. But what runs already may come to violate one as time passes (a product
 * leaves support), and a service that then would not start again protects nobody: it starts, and tells.
 */
function isOnlyAgainstInvariants(findings: readonly Finding[]): boolean {
  return findings.every(({ severity, code }) => severity !== 'error' || code === 'invariant-violated');
}
